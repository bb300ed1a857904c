"""Correcting a petition before it opens."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db import run_tx
from app.errors import Refusal
from app.organizing.forms import EditForm
from app.organizing.loading import own_petition
from app.organizing.previewing import offers_in_words
from app.organizing.revising import revise, steps_of
from app.petitions.editing import BEFORE_OPENING, has_been_signed
from app.petitions.models import Petition
from app.web.guards import person_required

from . import blueprint


@blueprint.route("/desk/<slug>/edit", methods=["GET", "POST"])
@person_required
def edit(slug: str) -> Response:
    """The launch form again; what is locked says so."""
    petition = own_petition(slug)
    steps = steps_of(petition.id)
    if request.method == "GET":
        return edit_page(petition, EditForm.of(petition, steps))
    form = EditForm.of(petition, steps, request.form)
    if "preview" in request.form:
        return edit_page(petition, form, preview=True)
    if not form.validate():
        return edit_page(petition, form, 422)
    petition_id, wish, plan = petition.id, form.wish(), form.plan()
    try:
        changed = run_tx(lambda: revise(petition_id, wish, plan))
    except Refusal as refusal:
        form.refuse(refusal)
        return edit_page(own_petition(slug), form, refusal.status)
    flash(_("Saved.") if changed else _("Nothing was different, so nothing changed."), "good")
    return redirect(url_for("organizing.petition", slug=slug), 303)


def edit_page(petition: Petition, form: EditForm, status: int = 200, *, preview: bool = False) -> Response:
    return make_response(
        render_template(
            "organizing/edit.html",
            petition=petition,
            form=form,
            preview=preview,
            offers=offers_in_words(form) if preview else [],
            locked=has_been_signed(petition.id),
            editable=petition.state in BEFORE_OPENING,
        ),
        status,
    )
