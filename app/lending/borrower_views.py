"""The borrower's page: sign the schedule, pay, ask for another schedule."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.actions.models import Payout
from app.db import db, run_tx
from app.errors import Refusal
from app.payments.methods import methods_of
from app.payments.models import Payee
from app.payments.saving import keep, saving_page
from app.petitions.models import Petition
from app.pledges.wording import offer_of
from app.web.guards import person_required
from app.web.limits import limiter

from .forms import PaymentForm, RescheduleForm
from .models import Loan
from .reading import LoanView, drawing_of, view_of
from .repaying import begin_repayment, on_its_way
from .rescheduling import open_proposal, propose
from .signing import agreement_of, agreement_text, is_signed, sign
from .views import blueprint, borrowed


@blueprint.get("/me/borrowing/<slug>")
@person_required
def borrower(slug: str) -> Response:
    """What I signed, what I owe, and the forms to pay and to ask for time."""
    return page(borrowed(slug, current_user.id))


@blueprint.post("/me/borrowing/<slug>/signature")
@person_required
@limiter.limit("30 per hour")
def sign_schedule(slug: str) -> Any:
    """Sign the schedule as it stands on the page."""
    petition_id, person_id = borrowed(slug, current_user.id).id, current_user.id
    try:
        done = run_tx(lambda: sign(petition_id, person_id))
    except Refusal as refusal:
        flash(str(refusal.sentence), "warn")
        return page(borrowed(slug, person_id), status=refusal.status)
    flash(
        _("Signed. A letter with the words is on its way to you.") if done else _("Signed already."), "good"
    )
    return redirect(url_for("lending.borrower", slug=slug), 303)


@blueprint.post("/me/borrowing/<slug>/payments")
@person_required
@limiter.limit("60 per hour")
def pay(slug: str) -> Any:
    """Pay an amount now; the gateway is asked at once, and a letter says what came of it."""
    petition = borrowed(slug, current_user.id)
    loan = db.session.get(Loan, petition.id)
    if loan is None:
        return page(petition, status=409)
    form = PaymentForm(request.form, currency=loan.currency, methods=methods_of(current_user.id))
    if not form.validate():
        return page(petition, payment=form, status=422)
    loan_id, person_id, amount, method_id = loan.id, current_user.id, form.minor, str(form.method.data)
    try:
        run_tx(lambda: begin_repayment(loan_id, person_id, amount, method_id, form.form_key))
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return page(borrowed(slug, person_id), payment=form, status=refusal.status)
    flash(_("Your payment is on its way. It stands on this page as soon as your bank has answered."), "good")
    return redirect(url_for("lending.borrower", slug=slug), 303)


@blueprint.post("/me/borrowing/<slug>/method")
@person_required
@limiter.limit("30 per hour")
def start_saving(slug: str) -> Any:
    """Off to the gateway's page, to save a payment method."""
    petition = borrowed(slug, current_user.id)
    loan = db.session.get(Loan, petition.id)
    if loan is None:
        return page(petition, status=409)
    try:
        address = saving_page(
            loan.id,
            description=petition.title,
            amount=loan.lent - loan.paid,
            currency=loan.currency,
            return_path=url_for("lending.method", slug=slug),
        )
    except Refusal as refusal:
        flash(str(refusal.sentence), "warn")
        return page(borrowed(slug, current_user.id), status=refusal.status)
    return redirect(address, 303)


@blueprint.get("/me/borrowing/<slug>/method")
@person_required
def method(slug: str) -> Any:
    """The way back from the gateway's page: keep what was saved there."""
    petition_id, person_id = borrowed(slug, current_user.id).id, current_user.id
    if setup := request.args.get("setup"):
        try:
            keep(setup, petition_id, person_id)
            flash(_("Saved. Nothing is charged before you press “Pay”."), "good")
        except Refusal as refusal:
            flash(str(refusal.sentence), "warn")
    return redirect(url_for("lending.borrower", slug=slug), 303)


@blueprint.post("/me/borrowing/<slug>/schedule")
@person_required
@limiter.limit("30 per hour")
def reschedule(slug: str) -> Any:
    """Ask the lenders for another schedule of the rest."""
    petition = borrowed(slug, current_user.id)
    form = RescheduleForm.from_request()
    if db.session.get(Loan, petition.id) is None:
        return page(petition, status=409)
    if not form.validate():
        return page(petition, rescheduling=form, status=422)
    loan_id, person_id = petition.id, current_user.id
    try:
        proposal_id = run_tx(
            lambda: (
                propose(
                    loan_id,
                    person_id,
                    instalments=form.count,
                    first_after=form.months,
                    reason=form.reason.data,
                    key=form.form_key,
                ).id
            )
        )
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return page(borrowed(slug, person_id), rescheduling=form, status=refusal.status)
    flash(_("The lenders have been asked. Until they decide, the old schedule holds."), "good")
    return redirect(url_for("proposing.show", proposal_id=proposal_id), 303)


def page(
    petition: Petition,
    *,
    payment: PaymentForm | None = None,
    rescheduling: RescheduleForm | None = None,
    status: int = 200,
) -> Response:
    """The borrower's page as things stand now, with a form as it was sent if one was refused."""
    loan = db.session.get(Loan, petition.id)
    view = view_of(loan) if loan else None
    coming = on_its_way(loan.id) if loan else 0
    html = render_template(
        "lending/borrower.html",
        petition=petition,
        signed=is_signed(petition),
        agreement=agreement_of(petition.id),
        text=agreement_text(petition, offer_of(petition, "loan")),
        payee=db.session.get(Payee, current_user.id),
        payout=db.session.scalar(sa.select(Payout).where(Payout.cause == f"disbursement-{petition.id}")),
        loan=view,
        coming=coming,
        drawing=drawing_of(view) if view else None,
        payment=payment or (fresh_payment(loan, view, coming) if loan and view else None),
        rescheduling=rescheduling or RescheduleForm(),
        proposal=open_proposal(petition.id) if loan else None,
    )
    return make_response(html, status)


def fresh_payment(loan: Loan, view: LoanView, coming: int) -> PaymentForm:
    """The form with what is due filled in: all arrears, else the next instalment."""
    wanted = max(view.standing.arrears, view.standing.missing) if not view.defaulted_at else view.owed
    return PaymentForm(
        currency=loan.currency,
        methods=methods_of(loan.borrower_id),
        wanted=max(0, min(wanted - coming, view.owed - coming)),
        chosen=loan.method_id,
    )
