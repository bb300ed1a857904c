"""The page that names the account money goes out to; its number goes to the gateway and is never stored."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.db import db
from app.errors import Refusal

from .forms import PayeeForm
from .models import Payee
from .payees import name_account


def name_own_account(template: str, after: str) -> Response:
    """Show and take the form of whoever is signed in; ``after`` is the address it leads to once named."""
    form = PayeeForm.from_request()
    if request.method == "GET":
        return show(template, form)
    if not form.validate():
        return show(template, form, 422)
    person_id = current_user.id
    db.session.rollback()
    try:
        label = name_account(person_id, form.label.data, form.number.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return show(template, form, refusal.status)
    flash(_("Payouts go to %(label)s from now on.", label=label), "good")
    return redirect(after, 303)


def show(template: str, form: PayeeForm, status: int = 200) -> Response:
    payee = db.session.get(Payee, current_user.id)
    return make_response(render_template(template, form=form, payee=payee), status)
