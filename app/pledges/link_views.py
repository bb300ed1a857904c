"""Pages behind a pledge's links: the letter's page, the way back from the gateway, the way out.

Looking changes nothing, for mail scanners follow every link. The way back from the gateway is in no letter:
its address carries what the gateway saved when the person pressed the button there, and using it twice is
using it once.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.payments.door import gateway
from app.payments.models import PaymentMethod
from app.payments.saving import claim
from app.people.names import masked_address
from app.people.sessions import signed_in
from app.petitions.models import Event, Petition
from app.purses.gateway import label_of
from app.web.guards import token_holder
from app.web.languages import speak
from app.web.limits import limiter

from . import pledging
from .allowing import ENDS, takes_pledges
from .links import browser_token, is_letters, letter_token, open_any, open_letter, via_of
from .models import Pledge
from .pledge_views import card_page, go_to
from .summary import badge_of
from .views import blueprint, cards_an_hour
from .wording import describe, next_step


@blueprint.route("/pledges/<token>", methods=["GET", "POST"])
@token_holder
def pledge_link(token: str) -> Response:
    """The pledge; an empty POST confirms it, once."""
    pledge, petition = open_letter(token)
    speak(pledge.locale)
    refusal = press(lambda: pledging.confirm(pledge.id, via_of(token))) if request.method == "POST" else None
    return show("link", token, pledge, petition, refusal)


@blueprint.route("/pledges/<token>/withdrawal", methods=["GET", "POST"])
@token_holder
def withdrawal(token: str) -> Response:
    """What taking the pledge back means; POST does it."""
    pledge, petition = open_letter(token)
    speak(pledge.locale)
    refusal = press(lambda: pledging.withdraw(pledge.id)) if request.method == "POST" else None
    return show("withdrawal", token, pledge, petition, refusal)


@blueprint.get("/pledges/<token>/method")
@token_holder
def method(token: str) -> Response:
    """The way back from the gateway's page: keep what was saved there, and say what is left to do."""
    pledge, petition = open_any(token)
    speak(pledge.locale)
    setup = request.args.get("setup")
    if not setup:
        return show("method", token, pledge, petition)
    try:
        keep_setup(pledge.id, setup, via_of(token))
    except Refusal as refusal:
        db.session.expire_all()
        return show("method", token, pledge, petition, refusal)
    return make_response(redirect(url_for("pledges.method", token=token), 303))


@blueprint.post("/pledges/<token>/method")
@limiter.limit(cards_an_hour)
@token_holder
def start_saving(token: str) -> Response:
    """Off to the gateway's page, to save a method or another one."""
    pledge, petition = open_any(token)
    speak(pledge.locale)
    if may_save(pledge, petition):
        return go_to(card_page(pledge, petition, via_of(token)))
    return show("method", token, pledge, petition)


def keep_setup(pledge_id: str, setup: str, via: str) -> None:
    """Ask the gateway what was saved, then put it on the pledge: first method, or another one.

    Raises:
        Refusal: the gateway knows no such setup, did not answer, or the pledge needs no method now.
    """
    saved = claim(setup, pledge_id)

    def keep() -> None:
        petition, pledge = pledging.lock_both(pledge_id)
        if pledge.state == "draft":
            pledging.save_method(pledge_id, saved, via)
        elif may_save(pledge, petition):
            pledging.change_method(pledge_id, saved)
        else:
            raise Refusal(
                _("This pledge takes no other payment method any more, so the new one was not kept."),
                status=409,
            )

    run_tx(keep)


def press(verb: Any) -> Refusal | None:
    """Do what the button says; what it was refused for, if it was."""
    try:
        run_tx(verb)
    except Refusal as refusal:
        return refusal
    finally:
        db.session.expire_all()
    return None


def may_save(pledge: Pledge, petition: Petition) -> bool:
    """Whether another payment method would make a difference."""
    if not pledging.kind_of(pledge).needs_method:
        return False
    if pledge.state == "draft":
        return takes_pledges(petition, clock.now(), pledge.kind)
    if pledge.state == "dropped":
        return not is_over(petition)
    return pledge.state in {"ready", "failing"}


def is_over(petition: Petition) -> bool:
    """Whether the action has ended, well or not: a pledge that dropped out of it needs no mending."""
    ended = sa.exists().where(Event.petition_id == petition.id, Event.kind.in_(ENDS))
    return bool(db.session.scalar(sa.select(ended)))


def show(
    page: str, token: str, pledge: Pledge, petition: Petition, refusal: Refusal | None = None
) -> Response:
    open_now = takes_pledges(petition, clock.now(), pledge.kind)
    method = db.session.get(PaymentMethod, pledge.payment_method_id) if pledge.payment_method_id else None
    html = render_template(
        f"pledges/{page}.html",
        token=token,
        pledge=pledge,
        petition=petition,
        promised=describe(pledge),
        needs_method=pledging.kind_of(pledge).needs_method,
        method_label=label_of(method) if method else None,
        method_token=browser_token(pledge, via_of(token)),
        badge=badge_of(pledge.state),
        address=masked_address(pledge.email) if pledge.email else None,
        step=next_step(pledge, petition, open_now=open_now),
        open_now=open_now,
        may_save=may_save(pledge, petition),
        may_withdraw=pledge.state in {"draft", "ready"},
        withdrawal_token=withdrawal_token(token, pledge),
        repair_path=repair_path(pledge, token),
        refusal=refusal,
    )
    return make_response(html, refusal.status if refusal else 200)


def withdrawal_token(token: str, pledge: Pledge) -> str | None:
    """What the way out is opened with: the letter's link, or being signed in as the pledge's person."""
    if is_letters(token):
        return token
    person = signed_in()
    return letter_token(pledge) if person is not None and person.id == pledge.person_id else None


def repair_path(pledge: Pledge, token: str) -> str | None:
    """Where the person confirms a hold that their bank asks about; the pledge's page comes after it."""
    if pledge.state != "failing" or pledge.failure != "needs_auth" or pledge.hold_reference is None:
        return None
    return gateway().repair_page(pledge.hold_reference, url_for(request.endpoint or "", token=token))
