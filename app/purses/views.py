"""``/me/purse``: what came back, where it came from, and the way out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, run_tx
from app.errors import Refusal
from app.money import CURRENCIES
from app.payments.models import Payee
from app.payments.payee_page import name_own_account
from app.web.guards import person_required
from app.web.limits import limiter

from . import gateway  # noqa: F401 - enters the purse among the gateways
from .balances import Balance, balances_of
from .forms import PayoutForm
from .paying_out import ask_payout
from .statement import read_payouts, read_statement

blueprint = Blueprint("purses", __name__)


@blueprint.route("/me/purse", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def purse() -> Any:
    """The statement, and the form that takes money out."""
    if request.method == "GET":
        return show(chosen(request.args.get("currency")))
    form = PayoutForm(request.form)
    if not form.validate():
        return show(chosen(form.currency.data), form, 422)
    person_id, currency = current_user.id, chosen(form.currency.data).currency
    try:
        run_tx(lambda: ask_payout(person_id, form.minor, currency, form_key=form.form_key))
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return show(chosen(currency), form, refusal.status)
    flash(_("Asked for. A letter says when it has left."), "good")
    return redirect(url_for("purses.purse", currency=currency), 303)


@blueprint.route("/me/purse/account", methods=["GET", "POST"])
@person_required
@limiter.limit("20 per hour", methods=["POST"])
def account() -> Any:
    """Name the account, on the way to the purse."""
    return name_own_account("purses/account.html", url_for("purses.purse"))


def chosen(currency: str | None) -> Balance:
    """The purse asked for, or the fullest one; an empty one in won for somebody who has none."""
    balances = balances_of(current_user.id)
    named = [balance for balance in balances if balance.currency == currency]
    if named:
        return named[0]
    if balances:
        return max(balances, key=lambda balance: balance.total)
    return Balance(currency if currency in CURRENCIES else "KRW")


def show(balance: Balance, form: PayoutForm | None = None, status: int = 200) -> Response:
    person_id = current_user.id
    html = render_template(
        "purses/purse.html",
        balance=balance,
        others=[other for other in balances_of(person_id) if other.currency != balance.currency],
        lines=read_statement(person_id, balance.currency),
        payouts=[payout for payout in read_payouts(person_id) if payout.currency == balance.currency],
        payee=db.session.get(Payee, person_id),
        form=form or PayoutForm(currency=balance.currency, free=balance.free),
    )
    return make_response(html, status)
