"""Straying: holds at the gateway that no pledge rests on any more, or that nobody will ever capture."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db
from app.payments.models import PaymentMethod
from app.pledges.models import Pledge

from .calling import BATCH, Call, Method, begin
from .locking import lock_action
from .models import Action, Attempt, Milestone, Payout


def can_still_capture(action: Action) -> bool:
    """Whether a capture still helps: underway, the last milestone not claimed yet, and not all paid out."""
    paid_out = sa.exists().where(Payout.cause == f"disbursement-{action.petition_id}")
    if action.state != "underway" or db.session.scalar(sa.select(paid_out)):
        return False
    last = db.session.scalar(
        sa.select(Milestone.state)
        .where(Milestone.petition_id == action.petition_id)
        .order_by(Milestone.position.desc())
        .limit(1)
    )
    return last in {None, "planned"}


def begin_stray_releases(petition_id: str) -> list[Call]:
    """Write down a release for every stray hold."""
    action = lock_action(petition_id)
    if action is None:
        return []
    rows = db.session.execute(stray_holds(action).order_by(Attempt.id).limit(BATCH)).all()
    return [
        begin(pledge, "release", f"release-{hold}", amount, Method(gateway, method), hold=hold)
        for pledge, gateway, method, hold, amount in rows
    ]


def has_strays(action: Action) -> bool:
    """Whether a stray hold has not been called off yet."""
    return db.session.execute(stray_holds(action).limit(1)).first() is not None


def stray_holds(action: Action) -> sa.Select[Pledge, str, str, str | None, int]:
    """Holds of an action to be called off, with their pledges and methods.

    Somebody who was asked to confirm and saved another card instead leaves one behind. So does somebody who
    never confirmed, once the action has no use for the money: their letter's link must not reserve it then.
    """
    earlier = sa.orm.aliased(Attempt)
    called_off = sa.exists().where(earlier.key == sa.literal("release-").concat(Attempt.reference))
    left: sa.ColumnElement[bool] = Pledge.hold_reference.is_distinct_from(Attempt.reference)
    if action.decided_at is not None and not can_still_capture(action):
        left = sa.or_(left, Pledge.state.in_(("dropped", "failing")))
    return (
        sa.select(Pledge, Attempt.gateway, PaymentMethod.reference, Attempt.reference, Attempt.amount)
        .join(Attempt, Attempt.subject_id == Pledge.id)
        .join(PaymentMethod, PaymentMethod.id == Pledge.payment_method_id)
        .where(
            Attempt.petition_id == action.petition_id,
            Attempt.purpose == "hold",
            Attempt.state == "done",
            Attempt.reference.is_not(None),
            left,
            ~called_off,
        )
    )
