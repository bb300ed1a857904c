"""Where payouts go: an account that the gateway has checked."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.actions.models import Payee
from app.db import db, run_tx
from app.errors import Refusal
from app.organizing.reporting_forms import PayeeForm
from app.payments.door import gateway
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
    person_id, door = current_user.id, gateway()
    db.session.rollback()
    try:
        reference, label = door.save_payee(label=form.label.data, number=form.number.data)
    except Refusal as refusal:
        refusal.field = refusal.field or "number"
        form.refuse(refusal)
        return payee_page(form, refusal.status)
    run_tx(
        lambda: db.session.merge(
            Payee(
                person_id=person_id,
                gateway=door.name,
                reference=reference,
                label=label,
                saved_at=clock.now(),
            )
        )
    )
    flash(_("Payouts go to %(label)s from now on.", label=label), "good")
    return redirect(url_for("organizing.desk"), 303)


def payee_page(form: PayeeForm, status: int = 200) -> Response:
    saved = db.session.get(Payee, current_user.id)
    return make_response(render_template("organizing/payee.html", form=form, payee=saved), status)
