"""Recording the official answer."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db import run_tx
from app.errors import Refusal
from app.organizing.loading import own_petition
from app.organizing.reporting_forms import AnswerForm
from app.petitions.answering import record_answer
from app.petitions.models import Petition
from app.web.guards import person_required

from . import blueprint


@blueprint.route("/desk/<slug>/answer", methods=["GET", "POST"])
@person_required
def answer(slug: str) -> Response:
    """Paste what the addressee answered; it stays on record as it is."""
    petition = own_petition(slug)
    form = AnswerForm.from_request()
    if request.method == "GET":
        return answer_page(petition, form)
    if not form.validate():
        return answer_page(petition, form, 422)
    petition_id = petition.id
    try:
        recorded = run_tx(lambda: record_answer(petition_id, form.text.data))
    except Refusal as refusal:
        form.refuse(refusal)
        return answer_page(own_petition(slug), form, refusal.status)
    flash(
        _("On record, for everybody to read.")
        if recorded
        else _("An answer is on record already; nothing changed."),
        "good",
    )
    return redirect(url_for("organizing.petition", slug=slug), 303)


def answer_page(petition: Petition, form: AnswerForm, status: int = 200) -> Response:
    return make_response(render_template("organizing/answer.html", petition=petition, form=form), status)
