"""Asking the sandbox: an idempotency key is honoured, and an answer may get lost on its way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import clock
from app.payments import asking
from app.payments.door import Answer, GatewayTimeout

from .models import SandboxCall, SandboxObject

objects: Any = SandboxObject.__table__


@dataclass(frozen=True)
class Outcome:
    """What a call did; with ``lost`` the caller never hears of it."""

    answer: Answer
    lost: bool = False


def ask_once(key: str, parameters: dict[str, Any], act: Callable[[], Outcome]) -> Answer:
    """Act in one transaction of the sandbox's own, or repeat the answer that this key got before.

    Raises:
        KeyReused: the key came with other parameters before.
        GatewayTimeout: it was done, and the answer got lost.
    """
    outcomes: list[Outcome] = []

    def act_and_note() -> Answer:
        outcomes.append(act())
        return outcomes[-1].answer

    answer, now = asking.ask_once(SandboxCall, key, parameters, act_and_note)
    if now and outcomes[-1].lost:
        raise GatewayTimeout(f"the sandbox did not answer {parameters['call']} {key}")
    return answer


def find(key: str) -> Answer | None:
    """The refusal given under ``key``, else how the object it made or changed stands now."""
    row = asking.call_under(SandboxCall, key)
    if row is None:
        return None
    if row.status == "failed":
        return Answer("failed", row.reference, row.code)
    return look_up(row.reference)


def look_up(reference: str) -> Answer | None:
    """How an object stands now. A hold past its day is released, whether or not anybody swept it."""
    row = asking.one_row(sa.select(objects).where(objects.c.reference == reference))
    if row is None:
        return None
    if row.status == "held" and row.expires_at <= clock.now():
        return Answer("released", reference, "expired")
    amount = {"captured": row.captured, "needs_auth": 0, "declined": 0, "released": 0, "failed": 0}
    return Answer(row.status, reference, row.decline_code, amount.get(row.status, row.amount))
