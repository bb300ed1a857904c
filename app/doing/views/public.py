"""Shifts for everybody: when, where, how many places are left; as a page and as calendars."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.db import db
from app.doing.calendars import shift_event
from app.doing.models import Shift
from app.doing.reading import shifts_of, tally_of
from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, ThresholdView
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from app.web.caching import for_everybody, snapshot
from app.web.caching import public as keep_public
from app.web.calendars import calendar_of, send
from app.web.guards import anyone, person_required

from . import blueprint

STANDING = ("ready", "frozen", "kept", "broken")


def with_deeds(slug: str) -> tuple[PetitionView, ThresholdView]:
    """The public petition of that slug and its deeds; 404 where there are none."""
    petition = public_petition(slug)
    threshold = next((each for each in petition.thresholds if each.kind == "deed"), None)
    if threshold is None:
        abort(404)
    return petition, threshold


@blueprint.get("/actions/<slug>/shifts")
@anyone
@for_everybody
def shifts(slug: str) -> Response:
    """The shifts, the same for everybody."""
    petition, threshold = with_deeds(slug)
    found = snapshot(("shifts", petition.id), lambda: (shifts_of(petition.id), tally_of(petition.id)))
    page = render_template(
        "doing/shifts.html", petition=petition, threshold=threshold, shifts=found[0], tally=found[1]
    )
    return keep_public(make_response(page))


@blueprint.get("/actions/<slug>/shifts.ics")
@anyone
@for_everybody
def all_calendar(slug: str) -> Response:
    """Every shift of the action, to subscribe to."""
    petition, _threshold = with_deeds(slug)
    found = db.session.scalars(
        sa.select(Shift).where(Shift.petition_id == petition.id).order_by(Shift.starts_at, Shift.id)
    )
    events = [shift_event(shift, slug, petition.title) for shift in found]
    return keep_public(send(calendar_of(petition.title, events), "shifts.ics"))


@blueprint.get("/actions/<slug>/shifts/<uuid:shift_id>.ics")
@anyone
@for_everybody
def shift_calendar(slug: str, shift_id: object) -> Response:
    """One shift."""
    petition, _threshold = with_deeds(slug)
    shift = db.session.get(Shift, str(shift_id))
    if shift is None or shift.petition_id != petition.id:
        abort(404)
    return keep_public(
        send(calendar_of(petition.title, [shift_event(shift, slug, petition.title)]), "shift.ics")
    )


@blueprint.get("/me/shifts/<slug>")
@person_required
def my_shifts(slug: str) -> AnyResponse:
    """To the own promise, where places are taken; to the pledge form for whoever has none."""
    petition, _threshold = with_deeds(slug)
    pledge = own_pledge(petition.id)
    if pledge is not None:
        return redirect(url_for("doing.mine", token=letter_token(pledge), _anchor="shifts"), 303)
    if petition.fired_at is None and petition.state == "open":
        flash(_("Promise something first; then you can choose your shifts."), "info")
        return redirect(url_for("pledges.pledge", slug=slug, kind="deed"), 303)
    flash(_("Only people who promised before it began take shifts. You can still come by and ask."), "info")
    return redirect(url_for("doing.shifts", slug=slug), 303)


def own_pledge(petition_id: str) -> Pledge | None:
    """The newest promise of the person signed in that stands."""
    found: Pledge | None = db.session.scalar(
        sa.select(Pledge)
        .where(
            Pledge.petition_id == petition_id,
            Pledge.kind == "deed",
            Pledge.person_id == current_user.id,
            Pledge.state.in_(STANDING),
        )
        .order_by(Pledge.state.in_(("ready", "frozen")).desc(), Pledge.created_at.desc())
        .limit(1)
    )
    return found
