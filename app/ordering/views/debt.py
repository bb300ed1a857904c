"""Where an organizer pays what buyers are owed beyond the money that is left."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, run_tx
from app.errors import Refusal, Trouble
from app.ordering.forms import PayForm
from app.ordering.paying_in import begin_paying, lacking, on_its_way
from app.payments.door import claim_setup, gateway
from app.payments.methods import remember
from app.payments.models import PaymentMethod
from app.petitions.models import Petition
from app.web.guards import person_required
from app.web.limits import limiter

from . import blueprint
from .packing import own_order

MOST_METHODS = 5


@blueprint.route("/desk/<slug>/orders/debt", methods=["GET", "POST"])
@person_required
@limiter.limit("60 per hour", methods=["POST"])
def debt(slug: str) -> Response:
    """What is owed, and the button that pays it."""
    petition, organizer_id = own_order(slug), current_user.id
    form = PayForm(request.form, methods=methods_of(organizer_id))
    if request.method == "GET":
        return page(petition, form)
    if not form.validate():
        return page(petition, form, 422)
    petition_id, method_id = petition.id, str(form.method.data)
    try:
        run_tx(lambda: begin_paying(petition_id, organizer_id, method_id, form.form_key))
    except Refusal as refusal:
        form.refuse(refusal)
        db.session.expire_all()
        return page(own_order(slug), form, refusal.status)
    flash(_("Your payment is on its way. The buyers get it as soon as your bank has answered."), "good")
    return make_response(redirect(url_for("ordering.debt", slug=slug), 303))


@blueprint.post("/desk/<slug>/orders/debt/method")
@person_required
@limiter.limit("30 per hour")
def save_card(slug: str) -> Response:
    """Off to the gateway's page, to save a payment method."""
    petition = own_order(slug)
    subject, title, amount, currency = petition.id, petition.title, lacking(petition.id), petition.currency
    db.session.rollback()
    try:
        address = gateway().saving_page(
            pledge_id=subject,
            description=title,
            amount=amount,
            currency=currency or "",
            return_path=url_for("ordering.saved_card", slug=slug),
        )
    except Trouble:
        flash(_("The payment service did not answer. Try again in a minute."), "warn")
        address = url_for("ordering.debt", slug=slug)
    return make_response(redirect(address, 303))


@blueprint.get("/desk/<slug>/orders/debt/method")
@person_required
def saved_card(slug: str) -> Response:
    """The way back from the gateway's page: keep what was saved there."""
    petition_id, organizer_id = own_order(slug).id, current_user.id
    if setup := request.args.get("setup"):
        db.session.rollback()
        try:
            saved = claim_setup(setup, pledge_id=petition_id)
            run_tx(lambda: remember(saved, organizer_id))
        except Refusal as refusal:
            flash(str(refusal.sentence), "warn")
        except Trouble:
            flash(_("The payment service did not answer. Try again in a minute."), "warn")
        else:
            flash(_("Saved. Nothing is charged before you press “Pay”."), "good")
    return make_response(redirect(url_for("ordering.debt", slug=slug), 303))


def methods_of(person_id: str) -> list[PaymentMethod]:
    """The payment methods somebody saved, the newest first, each card once."""
    found: dict[str, PaymentMethod] = {}
    for method in db.session.scalars(
        sa.select(PaymentMethod)
        .where(PaymentMethod.person_id == person_id)
        .order_by(PaymentMethod.saved_at.desc(), PaymentMethod.id)
    ):
        found.setdefault(method.fingerprint, method)
    return list(found.values())[:MOST_METHODS]


def page(petition: Petition, form: PayForm, status: int = 200) -> Response:
    due, coming = lacking(petition.id), on_its_way(petition.id)
    html = render_template(
        "ordering/debt.html", petition=petition, form=form, due=max(0, due - coming), coming=coming
    )
    return make_response(html, status)
