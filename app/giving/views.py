"""``/actions/<slug>/thanks`` for everybody, ``/desk/<slug>/thanks`` for the organizer."""

from __future__ import annotations

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.clock import SEOUL
from app.db import db, run_tx
from app.money import to_major
from app.petitions.models import Petition
from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, version_of
from app.points.rules import THANKS_A_WEEK
from app.web.caching import for_everybody, kept
from app.web.guards import anyone, person_required
from app.web.paging import asked_page
from app.web.sheets import download, sheet

from .reading import ROWS_A_PAGE, PublicThanks, gift_lines, public_thanks
from .thanking import thank

blueprint = Blueprint("giving", __name__)
blueprint.add_app_template_global(public_thanks, "thanks_of")


@blueprint.get("/actions/<slug>/thanks")
@anyone
@for_everybody
def show(slug: str) -> Response:
    """How many asked for what, and how much of it was sent."""
    petition = public_petition(slug)
    if petition.fired_at is None or not any(each.kind == "gift" for each in petition.thresholds):
        abort(404)
    thanks = public_thanks(petition.id)
    version = version_of(petition.version, thanks)
    return kept(("thanks", slug), version, lambda: render(petition, thanks))


def render(petition: PetitionView, thanks: PublicThanks) -> str:
    return render_template("giving/show.html", petition=petition, thanks=thanks)


@blueprint.get("/desk/<slug>/thanks")
@person_required
def owed(slug: str) -> Response:
    """Whom to thank, and what to send where."""
    petition, page = own_petition(slug), asked_page()
    lines = gift_lines(petition.id, page=page)
    return make_response(
        render_template(
            "giving/owed.html",
            petition=petition,
            lines=lines[:ROWS_A_PAGE],
            page=page,
            more=len(lines) > ROWS_A_PAGE,
            most_a_week=THANKS_A_WEEK,
        )
    )


@blueprint.post("/desk/<slug>/thanks")
@person_required
def mark(slug: str) -> Response:
    """The ticked gifts were thanked for."""
    petition = own_petition(slug)
    chosen, petition_id, person_id = request.form.getlist("gift")[:ROWS_A_PAGE], petition.id, current_user.id
    done = run_tx(lambda: thank(petition_id, person_id, chosen))
    if done:
        flash(
            ngettext(
                "%(num)d marked. The giver gets a letter.", "%(num)d marked. The givers get a letter.", done
            ),
            "good",
        )
    else:
        flash(_("Nothing was ticked that was not marked already."), "info")
    page = request.form.get("page", type=int)
    return make_response(redirect(url_for("giving.owed", slug=slug, page=page), 303))


@blueprint.get("/desk/<slug>/thanks.csv")
@person_required
def owed_csv(slug: str) -> Response:
    """Everything that was asked for and not sent yet, for labels and envelopes."""
    petition = own_petition(slug)
    columns = (_("What"), _("Name"), _("Where to"), _("On behalf of"), _("Amount"), _("Send by"))
    rows = (
        (
            line.what,
            line.name,
            line.to,
            line.behalf,
            to_major(line.amount, line.currency),
            line.due_at.astimezone(SEOUL).date().isoformat() if line.due_at else "",
        )
        for line in gift_lines(petition.id, owed=True)
    )
    return download(sheet(columns, rows), "thanks.csv")


def own_petition(slug: str) -> Petition:
    """The signed-in organizer's petition with gifts; 404 for everybody else."""
    petition = db.session.scalar(
        sa.select(Petition).where(Petition.slug == slug, Petition.organizer_id == current_user.id)
    )
    if petition is None or petition.threshold_of("gift") is None:
        abort(404)
    return petition
