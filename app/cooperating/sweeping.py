"""Finishing what was paid in, whatever became of the announcement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.outbox.sweeping import do_each, find_ids
from app.payments.models import Charge

from . import leaving, sharing
from .models import Leaving, Surplus


def settle_left_over() -> int:
    """Hand on every payment that has been taken and not handed on; returns how many there were."""
    surpluses = left_over(sharing.PURPOSE, Surplus)
    exits = left_over(leaving.PURPOSE, Leaving).where(Leaving.returned_at.is_(None))
    return do_each(find_ids(surpluses), sharing.settle) + do_each(find_ids(exits), leaving.settle)


def left_over(purpose: str, model: Any) -> sa.Select[Any]:
    return (
        sa.select(Charge.id)
        .join(model, model.id == Charge.subject_id)
        .where(Charge.purpose == purpose, Charge.state == "done", model.paid_at.is_(None))
    )
