"""The desk: all petitions of one organizer, and one petition with everything they need."""

from __future__ import annotations

import sqlalchemy as sa
from flask import make_response, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from app.db import db
from app.organizing.drawing import drawings_of
from app.organizing.forecast import forecast
from app.organizing.loading import own_petition, own_petitions, progress_of
from app.organizing.naming import shown_name
from app.organizing.next_steps import next_step
from app.organizing.tallies import by_day, signatures_by_state
from app.payments.models import Payee
from app.petitions.launching import sponsor_token
from app.petitions.models import Petition
from app.petitions.reasons import LAPSED, rejection_sentence
from app.pledges.models import Pledge
from app.web.guards import person_required
from app.web.links import absolute
from app.web.paging import asked_page

from . import blueprint

PLEDGES_A_PAGE = 50


@blueprint.get("/desk")
@person_required
def desk() -> Response:
    """Every petition of mine with the next best thing to do; an invitation when there is none."""
    entries = [(progress, next_step(progress)) for progress in progress_of(own_petitions())]
    payee = db.session.get(Payee, current_user.id)
    return make_response(render_template("organizing/desk.html", entries=entries, payee=payee))


@blueprint.get("/desk/<slug>")
@person_required
def petition(slug: str) -> Response:
    """One petition: what happens next, tallies by day, pledges, plan, payouts."""
    found = own_petition(slug)
    [progress] = progress_of([found])
    days = by_day(found)
    page = asked_page()
    pledges, more = pledges_on(found, page)
    return make_response(
        render_template(
            "organizing/petition.html",
            petition=found,
            progress=progress,
            step=next_step(progress),
            rejection=rejection_sentence(found.rejection) if found.rejection != LAPSED else None,
            sponsor_link=sponsor_link(found),
            public_link=absolute("pages.petition", slug=found.slug) if found.is_public else None,
            days=days,
            drawings=drawings_of(found, days),
            signatures=signatures_by_state(found.id),
            forecast=forecast(found),
            pledges=pledges,
            shown_name=shown_name,
            page=page,
            more=more,
        )
    )


def sponsor_link(petition: Petition) -> str | None:
    """The private link, as long as it is of use."""
    if petition.state not in {"draft", "sponsoring"}:
        return None
    return absolute("petitions.sponsor", token=sponsor_token(petition))


def pledges_on(petition: Petition, page: int) -> tuple[list[Pledge], bool]:
    """One page of confirmed pledges, the newest first, and whether there are more."""
    found = db.session.scalars(
        sa.select(Pledge)
        .where(Pledge.petition_id == petition.id, Pledge.state != "draft")
        .order_by(Pledge.created_at.desc(), Pledge.id)
        .offset((page - 1) * PLEDGES_A_PAGE)
        .limit(PLEDGES_A_PAGE + 1)
    ).all()
    return list(found[:PLEDGES_A_PAGE]), len(found) > PLEDGES_A_PAGE
