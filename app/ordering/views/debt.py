"""Where an organizer pays what buyers are owed beyond the money that is left."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, run_tx
from app.errors import Refusal
from app.ordering.forms import PayForm
from app.ordering.paying_in import begin_paying, lacking, on_its_way
from app.payments.methods import methods_of
from app.payments.saving import keep, saving_page
from app.petitions.models import Petition
from app.web.guards import person_required
from app.web.limits import limiter

from . import blueprint
from .packing import own_order


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
    try:
        address = saving_page(
            petition.id,
            description=petition.title,
            amount=lacking(petition.id),
            currency=petition.currency or "",
            return_path=url_for("ordering.saved_card", slug=slug),
        )
    except Refusal as refusal:
        flash(str(refusal.sentence), "warn")
        address = url_for("ordering.debt", slug=slug)
    return make_response(redirect(address, 303))


@blueprint.get("/desk/<slug>/orders/debt/method")
@person_required
def saved_card(slug: str) -> Response:
    """The way back from the gateway's page: keep what was saved there."""
    petition_id, organizer_id = own_order(slug).id, current_user.id
    if setup := request.args.get("setup"):
        try:
            keep(setup, petition_id, organizer_id)
            flash(_("Saved. Nothing is charged before you press “Pay”."), "good")
        except Refusal as refusal:
            flash(str(refusal.sentence), "warn")
    return make_response(redirect(url_for("ordering.debt", slug=slug), 303))


def page(petition: Petition, form: PayForm, status: int = 200) -> Response:
    due, coming = lacking(petition.id), on_its_way(petition.id)
    html = render_template(
        "ordering/debt.html", petition=petition, form=form, due=max(0, due - coming), coming=coming
    )
    return make_response(html, status)
