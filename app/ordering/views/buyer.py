"""A buyer's own page, opened by the key in the letters: what was ordered, and whether it came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.actions.duties import DELIVERY
from app.actions.models import Action, Duty
from app.db import db, run_tx
from app.errors import Refusal
from app.ordering import delivering, missing
from app.ordering.forms import ShortageForm
from app.ordering.models import OPEN, Shortage
from app.ordering.packing import code_of, state_of
from app.petitions.models import Petition
from app.pledges.links import open_letter
from app.pledges.models import Pledge
from app.pledges.wording import offer_of
from app.web.guards import token_holder
from app.web.languages import speak
from app.web.limits import limiter

from . import blueprint


@blueprint.get("/orders/<token>")
@token_holder
def order_link(token: str) -> Response:
    """The order, and what can be done about it now."""
    pledge, petition = find(token)
    return show(token, pledge, petition, ShortageForm())


@blueprint.post("/orders/<token>/receipt")
@limiter.limit("60 per hour")
@token_holder
def receipt(token: str) -> Response:
    """It came."""
    pledge, _petition = find(token)
    return press(token, lambda: delivering.confirm(pledge.id), _("Noted: you have it."))


@blueprint.post("/orders/<token>/missing")
@limiter.limit("60 per hour")
@token_holder
def report(token: str) -> Response:
    """Units are missing."""
    pledge, petition = find(token)
    form = ShortageForm.from_request()
    if not form.validate():
        return show(token, pledge, petition, form, 422)

    def verb() -> bool:
        return missing.report(pledge.id, form.number, form.note.data or "", key=form.form_key)

    return press(token, verb, _("Reported. The organizer is asked for an answer."), form)


@blueprint.post("/orders/<token>/found")
@limiter.limit("60 per hour")
@token_holder
def found(token: str) -> Response:
    """It turned up after all."""
    pledge, _petition = find(token)
    return press(token, lambda: missing.withdraw(pledge.id), _("Taken back."))


def find(token: str) -> tuple[Pledge, Petition]:
    """The order behind a letter's key; 404 for pledges of other kinds."""
    try:
        pledge, petition = open_letter(token)
    except Refusal as refusal:
        abort(refusal.status)
    if pledge.kind != "order":
        abort(404)
    speak(pledge.locale)
    return pledge, petition


def press(
    token: str,
    verb: Callable[[], bool],
    done: str,
    form: ShortageForm | None = None,
) -> Response:
    """Do what the button says, once, and show the page again."""
    try:
        if run_tx(verb):
            flash(done, "good")
    except Refusal as refusal:
        form = form or ShortageForm()
        form.refuse(refusal)
        db.session.expire_all()
        return show(token, *find(token), form, refusal.status)
    return make_response(redirect(url_for("ordering.order_link", token=token), 303))


def show(token: str, pledge: Pledge, petition: Petition, form: ShortageForm, status: int = 200) -> Response:
    offer = offer_of(petition, "order")
    delivery = db.session.scalar(sa.select(Duty).where(Duty.pledge_id == pledge.id, Duty.name == DELIVERY))
    shortages = db.session.scalars(
        sa.select(Shortage).where(Shortage.pledge_id == pledge.id).order_by(Shortage.reported_at, Shortage.id)
    ).all()
    html = render_template(
        "ordering/buyer.html",
        token=token,
        pledge=pledge,
        petition=petition,
        offer=offer,
        delivery=delivery,
        state=state_of(delivery) if delivery else None,
        open_report=next((each for each in shortages if each.state in OPEN), None),
        shortages=shortages,
        place=place_of(offer.terms, pledge),
        code=code_of(pledge.id),
        may_speak=may_speak(petition.id, delivery),
        asks=bool(request.args.get("missing")) or bool(form.errors),
        form=form,
    )
    return make_response(html, status)


def place_of(terms: Any, pledge: Pledge) -> str | None:
    """Where it is picked up, in the organizer's words."""
    points = terms.get("pickups", ())
    chosen = int(pledge.terms.get("pickup") or 0)
    return points[chosen - 1] if 1 <= chosen <= len(points) else None


def may_speak(petition_id: str, delivery: Duty | None) -> bool:
    """Whether the buyer can confirm or report now: it was marked, or its day has come."""
    if delivery is None or delivery.state != "open":
        return False
    state = db.session.scalar(sa.select(Action.state).where(Action.petition_id == petition_id))
    come = delivery.kept_by_debtor_at is not None or clock.now() >= delivery.due_at
    return come and state in {"underway", "delivered"}
