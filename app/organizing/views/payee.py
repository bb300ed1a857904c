"""Where payouts go: an account that the gateway has checked."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.db import db
from app.errors import Refusal
from app.payments.forms import PayeeForm
from app.payments.models import Payee
from app.payments.payees import name_account
from app.web.guards import person_required
from app.web.limits import limiter

from . import blueprint


@blueprint.route("/desk/payee", methods=["GET", "POST"])
@person_required
@limiter.limit("20 per hour", methods=["POST"])
def payee() -> Response:
    """Name the account; its number goes to the gateway and is never stored here."""
    form: PayeeForm = PayeeForm.from_request()
    if request.method == "GET":
        return payee_page(form)
    if not form.validate():
        return payee_page(form, 422)
    person_id = current_user.id
    db.session.rollback()
    try:
        label = name_account(person_id, form.label.data, form.number.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return payee_page(form, refusal.status)
    flash(_("Payouts go to %(label)s from now on.", label=label), "good")
    return redirect(url_for("organizing.desk"), 303)


def payee_page(form: PayeeForm, status: int = 200) -> Response:
    saved = db.session.get(Payee, current_user.id)
    return make_response(render_template("organizing/payee.html", form=form, payee=saved), status)
