"""Naming the account a person's money goes out to."""

from __future__ import annotations

from flask_babel import gettext as _

from app import clock
from app.db import db, run_tx
from app.errors import Refusal, Trouble

from .door import gateway
from .models import Payee


def name_account(person_id: str, label: str, number: str) -> str:
    """Let the gateway check an account and keep it as the person's; how it is shown, without its number.

    The number goes to the gateway and is never stored here. Call outside transactions.

    Raises:
        Refusal: the number is no account number, or the gateway did not answer.
    """
    door = gateway()
    try:
        reference, shown = door.save_payee(label=label, number=number)
    except Refusal as refusal:
        refusal.field = refusal.field or "number"
        raise
    except Trouble as trouble:
        raise Refusal(
            _("The payment service did not answer. Try again in a minute."), field="number", status=503
        ) from trouble
    kept = {"gateway": door.name, "reference": reference, "label": shown, "saved_at": clock.now()}
    run_tx(lambda: db.session.merge(Payee(person_id=person_id, **kept)))
    return shown
