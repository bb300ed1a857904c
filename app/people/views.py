"""Signing in by a link in a letter, and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from app.db import db, run_tx
from app.errors import Refusal
from app.web.guards import anyone, own_path, person_required, token_holder
from app.web.languages import language
from app.web.limits import count_within, network
from app.web.tokens import ExpiredToken, read_token

from .forms import SignInForm
from .models import Person, SignIn, key_of
from .names import masked_address
from .signing_in import ask_to_sign_in, end_every_session, sign_in_of, start_session, use

blueprint = Blueprint("people", __name__)

PER_ADDRESS = (RateLimitItemPerMinute(5, 15),)
PER_NETWORK = (RateLimitItemPerMinute(10), RateLimitItemPerHour(60))
HOME = "/me"
PREFILL_AGE = 90 * 24 * 60 * 60


@blueprint.route("/session", methods=["GET", "POST"])
@anyone
def session() -> Any:
    """Ask for the address and send the link; the answer is the same for known and unknown ones."""
    if request.method == "POST":
        return send_link()
    next_path = own_path(request.args.get("next") or HOME)
    if current_user.is_authenticated and "next" in request.args:
        return redirect(next_path, 303)
    return show_session(SignInForm(email=prefilled(), next=next_path))


def send_link() -> Response:
    form = SignInForm(request.form)
    if not form.validate():
        return show_session(form, 422)
    return send_to(form, form.email.data or "", own_path(form.next.data or HOME))


def send_to(form: SignInForm, email: str, next_path: str) -> Response:
    """The letter to this address and the page that says so; the form again after too many of them."""
    if not (
        count_within(PER_ADDRESS, "sign-in-address", key_of(email))
        and count_within(PER_NETWORK, "sign-in", network())
    ):
        form.refuse(
            Refusal(_("We have just sent several letters. Wait a quarter of an hour, then try again."))
        )
        return show_session(form, 429)
    locale = language()
    run_tx(lambda: ask_to_sign_in(email, next_path=next_path, locale=locale))
    return make_response(render_template("people/link_sent.html", mailbox=masked_address(email)))


@blueprint.post("/session/renewal")
@person_required
def renew() -> Response:
    """A new link to the own address, for acts that ask for a fresh sign-in; ``next`` is where it leads."""
    next_path = own_path(request.form.get("next") or HOME)
    return send_to(SignInForm(email=current_user.email, next=next_path), current_user.email, next_path)


def show_session(form: SignInForm, status: int = 200) -> Response:
    page = render_template("people/session.html", form=form, demo_people=demo_people())
    return make_response(page, status)


def prefilled() -> str | None:
    """The address that one of our own pages handed on, signed, so that nobody can put words there."""
    try:
        email = read_token("prefill", request.args.get("who", ""), max_age=PREFILL_AGE)
    except ExpiredToken:
        return None
    return email if isinstance(email, str) else None


def demo_people() -> Sequence[Person]:
    """Whom one may try Dure as with one press; nobody outside a demo."""
    if not current_app.config["DURE"].demo:
        return ()
    return db.session.scalars(
        sa.select(Person).where(Person.demo_role.is_not(None)).order_by(Person.created_at, Person.id)
    ).all()


@blueprint.route("/session/<token>", methods=["GET", "POST"])
@token_holder
def sign_in(token: str) -> Any:
    """Looking shows one button, for mail scanners follow links; pressing it signs in, once."""
    try:
        asked = sign_in_of(token)
    except ExpiredToken:
        return show_used_up()
    if asked is None:
        abort(404)
    if request.method != "POST":
        return show_used_up() if asked.used_at else show_button(asked, token)
    person = run_tx(lambda: use(asked.id))
    if person is None:
        return show_used_up()
    start_session(person)
    return redirect(own_path(asked.next_path), 303)


def show_button(asked: SignIn, token: str) -> Response:
    return make_response(render_template("people/sign_in.html", email=asked.email, token=token))


def show_used_up() -> Response:
    page = render_template("people/session.html", form=SignInForm(next=HOME), demo_people=(), used_up=True)
    return make_response(page, 410)


@blueprint.post("/session/end")
@anyone
def sign_out() -> Any:
    """End this session; with ``everywhere`` every session of the person."""
    if current_user.is_authenticated and "everywhere" in request.form:
        person_id = current_user.id
        run_tx(lambda: end_every_session(person_id))
    cookie.clear()
    return redirect("/", 303)


@blueprint.post("/session/demo")
@anyone
def demo() -> Any:
    """Sign in as one of the demo's people with one press; does not exist outside a demo."""
    chosen = next((one for one in demo_people() if one.id == request.form.get("person")), None)
    if chosen is None:
        abort(404)
    start_session(chosen)
    return redirect(own_path(request.form.get("next") or HOME), 303)
