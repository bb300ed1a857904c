"""Approving payouts and sending them through the gateway."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
import structlog
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id, run_tx
from app.errors import Refusal
from app.ledger.booking import book
from app.ledger.entries import payout_called_off
from app.payments.models import Payee
from app.petitions.models import Petition

from .calling import LEASE, Call, ask, settle_alone
from .locking import lock_action
from .models import Attempt, Payout
from .paying import book_approval

RETRY_PAUSE = timedelta(minutes=10)

log = structlog.get_logger()


def approve(payout_id: str, person_id: str) -> bool:
    """Let a proposed payout go; False when somebody has approved it already. Call inside a transaction.

    Raises:
        Refusal: whoever proposed a payout cannot approve it, and there must be an account to pay to.
    """
    lock_action(db.session.get_one(Payout, payout_id).petition_id)
    payout = lock(Payout, payout_id)
    if payout.proposed_by == person_id:
        raise Refusal(_("A payout needs two people: somebody else must approve yours."), status=403)
    if payout.state != "proposed":
        return False
    if payee_of(payout) is None:
        raise Refusal(_("The organizer has not named an account to pay to yet."), status=409)
    book_approval(payout)
    payout.state, payout.approved_by, payout.approved_at = "approved", person_id, clock.now()
    return True


def call_off(payout: Payout) -> bool:
    """Take back a locked payout that has not left; False when it has, or may be leaving now.

    Its money is the backers' again. Call inside a transaction, under the action's lock.
    """
    asked = sa.exists().where(
        Attempt.subject_id == payout.id, Attempt.purpose == "payout", Attempt.state == "started"
    )
    if payout.state == "paid" or db.session.scalar(sa.select(asked)):
        return False
    if payout.state != "proposed":
        book(payout_called_off(payout.petition_id, payout.id, payout.currency, payout.amount))
    db.session.delete(payout)
    db.session.flush()
    return True


def payee_of(payout: Payout) -> Payee | None:
    petition = db.session.get_one(Petition, payout.petition_id)
    return db.session.get(Payee, petition.organizer_id)


def pay_due() -> int:
    """Send every approved payout; one that fails never stops the others. Returns how many were tried."""
    calls = run_tx(begin_payouts)
    for call in calls:
        answer = ask(call)
        if answer is not None:
            settle_alone((call.attempt_id, answer))
    return len(calls)


def begin_payouts() -> list[Call]:
    payouts = db.session.scalars(
        sa.select(Payout)
        .where(Payout.state.in_(("approved", "paying", "failed")))
        .order_by(Payout.approved_at, Payout.id)
        .with_for_update(skip_locked=True)
    ).all()
    return [call for payout in payouts if (call := begin_payout(payout)) is not None]


def begin_payout(payout: Payout) -> Call | None:
    """A new attempt, or the unanswered one again; after a refusal a pause, then a new key."""
    payee = payee_of(payout)
    if payee is None:
        return None
    moment = clock.now()
    attempts = db.session.scalars(
        sa.select(Attempt)
        .where(Attempt.subject_id == payout.id, Attempt.purpose == "payout")
        .order_by(Attempt.started_at)
    ).all()
    last = attempts[-1] if attempts else None
    if last is not None and last.state == "started":
        if last.lease_until > moment:
            return None
        last.lease_until = moment + LEASE
        return Call(
            last.id,
            last.key,
            "payout",
            last.amount,
            last.currency,
            payee.reference,
            "",
            payee.gateway,
            resumed=True,
        )
    if last is not None and last.finished_at is not None and moment < last.finished_at + RETRY_PAUSE:
        return None
    payout.state = "paying"
    attempt = Attempt(
        id=new_id(),
        key=f"payout-{payout.id}-attempt-{len(attempts) + 1}",
        petition_id=payout.petition_id,
        subject_id=payout.id,
        purpose="payout",
        gateway=payee.gateway,
        amount=payout.amount,
        currency=payout.currency,
        state="started",
        started_at=moment,
        lease_until=moment + LEASE,
    )
    db.session.add(attempt)
    return Call(
        attempt.id,
        attempt.key,
        "payout",
        attempt.amount,
        attempt.currency,
        payee.reference,
        "",
        payee.gateway,
        resumed=False,
    )
