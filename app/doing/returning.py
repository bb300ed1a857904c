"""Things that were lent: on their way back, back, or lost."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.actions.duties import break_off, keep
from app.actions.models import Duty
from app.db import db, lock
from app.errors import Refusal
from app.outbox import announce
from app.pledges.kinds.deed import RETURN

from .judging import GRACE
from .saying import duty_of


def bring_back(pledge_id: str) -> bool:
    """The organizer says that it is back; the lender has seven days to say no. False when that was said.

    Raises:
        Refusal: nothing was lent here.
    """
    duty = lent(pledge_id)
    if duty.state != "open" or duty.kept_by_debtor_at is not None:
        return False
    duty.kept_by_debtor_at = clock.now()
    announce("thing_brought_back", pledge_id=pledge_id)
    return True


def got_back(pledge_id: str) -> bool:
    """The lender has it back, which settles it, even where it was lost before. False when that was said.

    Raises:
        Refusal: nothing was lent here.
    """
    duty = lent(pledge_id)
    if duty.state not in {"open", "broken"}:
        return False
    duty.kept_by_creditor_at = clock.now()
    keep(duty)
    return True


def miss(pledge_id: str) -> bool:
    """The lender says, once it is overdue, that it did not come back. False when that was said.

    Raises:
        Refusal: nothing was lent here, or it is not due yet.
    """
    duty = lent(pledge_id)
    if duty.state != "open":
        return False
    if duty.due_at > clock.now():
        raise Refusal(_("It is not due yet. Write to the organizer if you need it sooner."), status=409)
    duty.kept_by_debtor_at = None
    break_off(duty)
    announce("thing_missed", pledge_id=pledge_id)
    return True


def lent(pledge_id: str) -> Duty:
    found = duty_of(pledge_id, RETURN)
    if found is None:
        raise Refusal(_("Nothing was lent here."), status=404)
    return lock(Duty, found.id)


def silent_returns(now: datetime) -> list[str]:
    """Duties whose thing is back as the organizer says, and whose lender has been silent for seven days."""
    return list(
        db.session.scalars(
            sa.select(Duty.id).where(
                Duty.kind == "deed",
                Duty.name == RETURN,
                Duty.state == "open",
                Duty.kept_by_debtor_at <= now - GRACE,
            )
        )
    )


def settle_return(duty_id: str) -> bool:
    """Let silence say that a thing is back; False when it is not time."""
    duty = lock(Duty, duty_id)
    said_at = duty.kept_by_debtor_at
    if duty.state != "open" or said_at is None or clock.now() < said_at + GRACE:
        return False
    keep(duty)
    return True
