"""Shifts as tests plan them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from app import clock
from app.db import run_tx
from app.doing.models import Shift
from app.doing.shifting import ShiftWish, plan_shift
from app.petitions.models import Petition

HOUR = timedelta(hours=1)


def wish(**changes: Any) -> ShiftWish:
    """Three hours in two days, for two people."""
    starts = changes.pop("starts_at", clock.now() + 48 * HOUR)
    return ShiftWish(
        **{
            "title": "쓰레기 줍기",
            "address": "두레천 3교 아래",
            "starts_at": starts,
            "ends_at": starts + 3 * HOUR,
            "places": 2,
        }
        | changes
    )


def plan(petition: Petition, **changes: Any) -> Shift:
    return run_tx(lambda: plan_shift(petition.id, wish(**changes), idempotency_key=uuid4().hex))
