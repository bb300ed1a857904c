"""Paying out a purse to its person's own account.

The row with its key is committed before the gateway is asked, outside any transaction; a lost answer is
looked up under the same key. What is on its way cannot be used for anything else, and leaves the purse in
the books once it is paid. A refusal by the gateway leaves everything in the purse.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
import structlog
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id, run_tx
from app.errors import Refusal
from app.ledger.booking import book
from app.outbox import announce
from app.payments.door import Answer, GatewayTimeout, gateway
from app.payments.models import Payee
from app.web.formatting import format_money

from .balances import lock_purse
from .entries import sent_out
from .models import PursePayout

LEASE = timedelta(minutes=2)

log = structlog.get_logger()


def ask_payout(person_id: str, amount: int, currency: str, *, form_key: str) -> PursePayout:
    """Write down that a person wants money out, once per ``form_key``; the worker sends it.

    Call inside a transaction.

    Raises:
        Refusal: there is not that much to use, or no account to send it to.
    """
    balance = lock_purse(person_id, currency)
    earlier = db.session.scalar(
        sa.select(PursePayout).where(PursePayout.person_id == person_id, PursePayout.form_key == form_key)
    )
    if earlier is not None:
        return earlier
    payee = db.session.get(Payee, person_id)
    if payee is None:
        raise Refusal(_("Name the account first; then the money can go there."), field="amount")
    if amount > balance.free:
        raise Refusal(
            _("You can take out at most %(most)s now.", most=format_money(max(0, balance.free), currency)),
            field="amount",
        )
    payout_id, at = new_id(), clock.now()
    payout = PursePayout(
        id=payout_id,
        person_id=person_id,
        form_key=form_key,
        key=f"purse-payout-{payout_id}",
        gateway=payee.gateway,
        payee=payee.reference,
        label=payee.label,
        amount=amount,
        currency=currency,
        state="asked",
        tries=0,
        asked_at=at,
        lease_until=at,
    )
    db.session.add(payout)
    db.session.flush()
    announce("purse_payout_asked", payout_id=payout_id)
    return payout


def pay_due() -> int:
    """Send every payout that nobody else is sending; one that fails stops no other. How many were tried."""
    due = db.session.scalars(
        sa.select(PursePayout.id)
        .where(PursePayout.state == "asked", PursePayout.lease_until <= clock.now())
        .order_by(PursePayout.asked_at, PursePayout.id)
    ).all()
    db.session.rollback()
    for payout_id in due:
        pay(payout_id)
    return len(due)


def pay(payout_id: str) -> bool:
    """Send one payout now; False when it is settled, on its way already, or its answer did not come."""
    payout = run_tx(lambda: lease(payout_id))
    answer = ask(payout) if payout is not None else None
    if answer is None:
        return False
    try:
        return run_tx(lambda: settle(payout_id, answer))
    except Exception:
        log.exception("a payout from a purse could not be settled", payout=payout_id)
        return False


def lease(payout_id: str) -> PursePayout | None:
    payout, at = lock(PursePayout, payout_id), clock.now()
    if payout.state != "asked" or payout.lease_until > at:
        return None
    payout.lease_until, payout.tries = at + LEASE, payout.tries + 1
    return payout


def ask(payout: PursePayout) -> Answer | None:
    """The gateway's answer, or None when it did not come: it is looked up when the lease is over."""
    try:
        door = gateway(payout.gateway)
        known = door.find(payout.key) if payout.tries > 1 else None
        return known or door.pay_out(
            payee=payout.payee, amount=payout.amount, currency=payout.currency, key=payout.key
        )
    except GatewayTimeout:
        log.warning("the gateway gave no answer in time", key=payout.key)
    except Exception:
        log.exception("the gateway could not be asked", key=payout.key)
    return None


def settle(payout_id: str, answer: Answer) -> bool:
    """Note the gateway's word, once: paid and booked, or failed and still in the purse."""
    owner = db.session.get_one(PursePayout, payout_id)
    lock_purse(owner.person_id, owner.currency)
    payout = lock(PursePayout, payout_id)
    if payout.state != "asked":
        return False
    payout.finished_at = clock.now()
    if answer.status != "paid":
        payout.state, payout.failure = "failed", answer.code or answer.status
        announce("purse_payout_failed", payout_id=payout_id)
        return True
    payout.state = "paid"
    book(sent_out(payout.id, payout.person_id, payout.currency, payout.amount))
    announce("purse_payout_paid", payout_id=payout_id)
    return True
