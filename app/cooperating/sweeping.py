"""Finishing what was paid in, whatever became of the announcement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import structlog

from app.db import db
from app.payments.models import Charge

from . import leaving, sharing
from .models import Leaving, Surplus

log = structlog.get_logger()


def settle_left_over() -> int:
    """Hand on every payment that has been taken and not handed on; returns how many there were."""
    return left_over(sharing.PURPOSE, Surplus, sharing.settle) + left_over(
        leaving.PURPOSE, Leaving, leaving.settle
    )


def left_over(purpose: str, model: Any, settle: Callable[[str], bool]) -> int:
    found = db.session.scalars(
        sa.select(Charge.id)
        .join(model, model.id == Charge.subject_id)
        .where(Charge.purpose == purpose, Charge.state == "done", model.paid_at.is_(None))
    ).all()
    db.session.rollback()
    settled = 0
    for charge_id in found:
        try:
            settled += settle(charge_id)
        except Exception:
            log.exception("a payment could not be handed on", charge=charge_id)
    return settled
