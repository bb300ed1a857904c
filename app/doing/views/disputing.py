"""Two words against each other: a moderator reads both and decides."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.db import db, run_tx
from app.doing.forms import WordForm
from app.doing.reading import deed_views
from app.doing.reading import disputes as find_disputes
from app.doing.saying import say
from app.errors import Refusal
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.web.guards import moderator_required

from . import blueprint


@blueprint.get("/moderation/deeds")
@moderator_required
def disputes() -> Response:
    """Every quarrel that waits, the oldest first."""
    return disputes_page()


def disputes_page(wrong: str | None = None, form: WordForm | None = None, status: int = 200) -> Response:
    deeds = deed_views(find_disputes())
    petitions = {deed.pledge.id: db.session.get_one(Petition, deed.pledge.petition_id) for deed in deeds}
    page = render_template("doing/disputes.html", deeds=deeds, petitions=petitions, wrong=wrong, form=form)
    return make_response(page, status)


@blueprint.post("/moderation/deeds/<uuid:pledge_id>")
@moderator_required
def decide_deed(pledge_id: object) -> AnyResponse:
    """The moderator's word, which ends it."""
    pledge = db.session.get(Pledge, str(pledge_id))
    if pledge is None or pledge.kind != "deed":
        abort(404)
    form = WordForm.from_request()
    if not form.validate():
        return disputes_page(pledge.id, form, 422)
    try:
        done = form.done(pledge.amount)
        run_tx(lambda: say(pledge.id, "moderator", form.word.data == "kept", done, form.note.data or ""))
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return disputes_page(pledge.id, form, refusal.status)
    flash(_("Decided. Both sides can read it on their pages."), "good")
    return redirect(url_for("doing.disputes"), 303)
