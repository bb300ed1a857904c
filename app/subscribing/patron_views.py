"""A patron's own pages, opened by the link in every letter: looking changes nothing, no sign-in needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.clock import SEOUL
from app.db import db, run_tx
from app.errors import Refusal
from app.money import to_major
from app.payments.saving import claim, saving_page
from app.petitions.models import Petition
from app.pledges.amounts import SIGNS, major_text
from app.pledges.links import open_letter
from app.pledges.models import Pledge
from app.pledges.views import cards_an_hour
from app.web.formatting import format_money
from app.web.guards import token_holder
from app.web.languages import speak
from app.web.limits import limiter
from app.web.sheets import download, sheet

from . import changing, ending
from .forms import AmountForm
from .mine import Own, own_view, receipts_of, this_year
from .models import Subscription
from .views import blueprint


def opened(token: str) -> tuple[Pledge, Petition, Own]:
    """The subscription behind a letter's link, in its language; 404 before it has begun."""
    pledge, petition = open_letter(token)
    speak(pledge.locale)
    if db.session.get(Subscription, pledge.id) is None:
        abort(404)
    return pledge, petition, own_view(pledge)


@blueprint.get("/subscriptions/<token>")
@token_holder
def own(token: str) -> Response:
    """What is paid, what comes next, what was, and every way to change it."""
    return show_own(token)


def show_own(token: str, form: AmountForm | None = None, refusal: Refusal | None = None) -> Response:
    pledge, petition, view = opened(token)
    form = form or form_for(view, None)
    status = refusal.status if refusal else 422 if form.errors else 200
    html = render_template(
        "subscribing/own.html",
        token=token,
        pledge=pledge,
        petition=petition,
        view=view,
        form=form,
        refusal=refusal,
        done=done_sentence(),
        sign=SIGNS[view.currency][0],
    )
    return make_response(html, status)


def form_for(view: Own, data: Any) -> AmountForm:
    start = {"no_limit": view.promised is None}
    written = {"amount": major_text(view.promised, view.currency)} if view.promised else {}
    return AmountForm(data, currency=view.currency, crowd=view.unit is not None, data=start | written)


@blueprint.post("/subscriptions/<token>")
@limiter.limit("60 per hour")
@token_holder
def change(token: str) -> Response:
    """Another amount, or another limit."""
    pledge, _petition, view = opened(token)
    form = form_for(view, request.form)
    if not form.validate():
        return show_own(token, form)
    minor = form.minor

    def verb() -> bool:
        return changing.lift_limit(pledge.id) if minor is None else changing.set_amount(pledge.id, minor)

    try:
        changed = run_tx(verb)
    except Refusal as refusal:
        form.refuse(refusal)
        return show_own(token, form, None if refusal.field else refusal)
    return back(token, "saved" if changed else "same")


def back(token: str, done: str | None = None) -> Response:
    """To the patron's page, which says what was done. No cookie carries it: there is no session here."""
    return make_response(redirect(url_for("subscribing.own", token=token, done=done), 303))


def done_sentence() -> str:
    sentences = {
        "saved": _("Saved."),
        "same": _("Nothing was different, so nothing changed."),
        "paused": _("Paused. No month is charged until you resume."),
        "resumed": _("It goes on. The page says when the next charge is."),
        "method": _("Saved. It is charged from now on."),
    }
    return str(sentences.get(request.args.get("done", ""), ""))


@blueprint.post("/subscriptions/<token>/pause")
@token_holder
def pause(token: str) -> Response:
    """No month is charged until it is resumed."""
    return press(token, changing.pause, "paused")


@blueprint.post("/subscriptions/<token>/resume")
@token_holder
def resume(token: str) -> Response:
    """Months are charged again."""
    return press(token, changing.resume, "resumed")


def press(token: str, verb: Callable[[str], bool], done: str) -> Response:
    pledge, _petition, _view = opened(token)
    try:
        changed = run_tx(lambda: verb(pledge.id))
    except Refusal as refusal:
        return show_own(token, refusal=refusal)
    return back(token, done if changed else None)


@blueprint.route("/subscriptions/<token>/cancellation", methods=["GET", "POST"])
@token_holder
def cancellation(token: str) -> Response:
    """What cancelling means; POST does it."""
    if request.method == "POST":
        pledge_id = opened(token)[0].id
        run_tx(lambda: ending.cancel(pledge_id))
        db.session.expire_all()
    pledge, petition, view = opened(token)
    html = render_template(
        "subscribing/cancellation.html", token=token, pledge=pledge, petition=petition, view=view
    )
    return make_response(html)


@blueprint.get("/subscriptions/<token>/method")
@token_holder
def method(token: str) -> Response:
    """What is charged now; also the way back from the gateway's page, which keeps what was saved there."""
    pledge, _petition, _view = opened(token)
    setup = request.args.get("setup")
    if not setup:
        return show_method(token)
    try:
        keep_setup(pledge.id, setup)
    except Refusal as refusal:
        return show_method(token, refusal)
    return back(token, "method")


@blueprint.post("/subscriptions/<token>/method")
@limiter.limit(cards_an_hour)
@token_holder
def save_method(token: str) -> Response:
    """Off to the gateway's page, to save another method."""
    pledge, petition, view = opened(token)
    if view.state == "ended":
        return show_method(token)
    try:
        page = saving_page(
            pledge.id,
            description=petition.title,
            amount=view.promised or view.value or 1,
            currency=view.currency,
            return_path=url_for("subscribing.method", token=token),
        )
    except Refusal as refusal:
        return show_method(token, refusal)
    return make_response(redirect(page, 303))


def show_method(token: str, refusal: Refusal | None = None) -> Response:
    pledge, petition, view = opened(token)
    html = render_template(
        "subscribing/method.html", token=token, pledge=pledge, petition=petition, view=view, refusal=refusal
    )
    return make_response(html, refusal.status if refusal else 200)


def keep_setup(pledge_id: str, setup: str) -> None:
    """Ask the gateway what was saved, then charge that from now on.

    Raises:
        Refusal: the gateway knows no such setup or did not answer, or the subscription has ended.
    """
    saved = claim(setup, pledge_id)
    run_tx(lambda: changing.change_method(pledge_id, saved))


@blueprint.get("/subscriptions/<token>/receipts")
@token_holder
def receipts(token: str) -> Response:
    """What was paid in a year, to keep or to print."""
    pledge, petition, view = opened(token)
    year = asked_year(view)
    found = receipts_of(pledge.id, year)
    html = render_template(
        "subscribing/receipts.html",
        token=token,
        pledge=pledge,
        petition=petition,
        view=view,
        year=year,
        receipts=found,
        total=sum(receipt.amount for receipt in found),
    )
    return make_response(html)


@blueprint.get("/subscriptions/<token>/receipts.csv")
@token_holder
def receipts_csv(token: str) -> Response:
    """The same as a sheet, amounts in major units."""
    pledge, _petition, view = opened(token)
    year = asked_year(view)
    rows = [
        (
            receipt.number,
            receipt.paid_at.astimezone(SEOUL).date().isoformat(),
            receipt.months,
            to_major(receipt.amount, receipt.currency),
            receipt.currency,
            receipt.method,
        )
        for receipt in receipts_of(pledge.id, year)
    ]
    columns = (_("Number"), _("Paid on"), _("For the month"), _("Amount"), _("Currency"), _("Payment method"))
    return download(sheet(columns, rows), f"receipts-{year}-{pledge.id[-12:]}.csv")


def asked_year(view: Own) -> int:
    """The year asked for, else the latest in which something was paid."""
    year = request.args.get("year", type=int)
    if year is None or not 2000 <= year <= 9999:
        return view.years[0] if view.years else this_year()
    return year


@blueprint.app_template_global()
def monthly(minor: int, currency: str) -> str:
    """An amount a month, in words."""
    return str(_("%(amount)s a month", amount=format_money(minor, currency)))
