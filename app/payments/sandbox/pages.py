"""The sandbox's hosted pages: a site of its own look where cards are saved and holds confirmed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Response, abort, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from app.db import run_tx
from app.payments.asking import one_row
from app.payments.views import blueprint
from app.web.forms import DureForm, one_line, tidy
from app.web.guards import own_path, token_holder
from app.web.limits import limiter
from app.web.tokens import ExpiredToken, make_token, read_token

from . import asking, moves
from .asking import objects
from .cards import CARD_OF, CARDS, SandboxCard, card_numbered, methods, save_card

PAGE_LASTS = 24 * 60 * 60
"""Seconds for which a saving page or a confirmation page stays open; our own page leads to a new one."""


class CardForm(DureForm):
    """A typed card number; only the published test numbers pass."""

    number = StringField(
        _l("Card number"), filters=[tidy], validators=[InputRequired(_l("Write a card number.")), one_line]
    )

    def validate_number(self, field: StringField) -> None:
        if card_numbered(field.data or "") is None:
            raise ValidationError(
                _("This is not one of the test cards on this page. Never write a real card number here.")
            )


@blueprint.route("/sandbox/methods/<token>", methods=["GET", "POST"])
@limiter.limit("60 per minute", methods=["POST"])
@token_holder
def saving(token: str) -> AnyResponse:
    """Show what a card is saved for; POST saves it and leads back with a setup token."""
    try:
        content = read_token("sandbox-saving", token, max_age=PAGE_LASTS)
    except ExpiredToken:
        return page("expired", 410)
    if content is None:
        abort(404)
    pledge_id, description, amount, currency, return_path = content
    purpose = {"description": description, "amount": amount, "currency": currency}
    form = CardForm.from_request()
    if request.method == "POST":
        card, number = chosen_card(form)
        if card is not None:
            saved = run_tx(lambda: save_card(card, number))
            setup = make_token("sandbox-setup", [pledge_id, saved.reference])
            return redirect(with_setup(return_path, setup), 303)
        return page("saving", 422, form=form, cards=CARDS, return_path=return_path, **purpose)
    return page("saving", 200, form=form, cards=CARDS, return_path=return_path, **purpose)


def chosen_card(form: CardForm) -> tuple[SandboxCard | None, str | None]:
    """The card of the pressed button, newly issued; else the typed one with its number; else nothing."""
    pressed = CARD_OF.get(request.form.get("card", ""))
    if pressed is not None:
        return pressed, None
    if not form.validate():
        return None, None
    number: str = form.number.data or ""
    return card_numbered(number), number


def with_setup(return_path: str, setup: str) -> str:
    joint = "&" if "?" in return_path else "?"
    return f"{own_path(return_path)}{joint}{urlencode({'setup': setup})}"


@blueprint.route("/sandbox/confirmations/<token>", methods=["GET", "POST"])
@limiter.limit("60 per minute", methods=["POST"])
@token_holder
def confirmation(token: str) -> AnyResponse:
    """Where the cardholder confirms or refuses a hold; pressing twice changes nothing more."""
    try:
        content = read_token("sandbox-confirmation", token, max_age=PAGE_LASTS)
    except ExpiredToken:
        return page("expired", 410)
    if content is None:
        abort(404)
    hold, return_path = content
    if request.method == "POST":
        verdict = {"confirm": moves.confirm, "refuse": moves.decline}.get(request.form.get("verdict", ""))
        if verdict is None:
            abort(400)
        run_tx(lambda: verdict(hold))
        return redirect(own_path(return_path), 303)
    row = one_row(
        sa.select(objects.c.amount, objects.c.currency, methods.c.label)
        .join(methods, methods.c.reference == objects.c.method)
        .where(objects.c.reference == hold)
    )
    answer = asking.look_up(hold)
    if row is None or answer is None:
        abort(404)
    facts = {"amount": row.amount, "currency": row.currency, "label": row.label}
    return page("confirmation", 200, answer=answer, return_path=return_path, **facts)


def page(name: str, status: int, **context: Any) -> Response:
    return make_response(render_template(f"payments/sandbox/{name}.html", **context), status)
