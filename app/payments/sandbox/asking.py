"""Asking the sandbox: an idempotency key is honoured, and an answer may get lost on its way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, run_tx
from app.payments.door import Answer, GatewayTimeout, KeyReused

from .models import SandboxCall, SandboxObject

calls: Any = SandboxCall.__table__
objects: Any = SandboxObject.__table__


class AlreadyAsked(Exception):  # noqa: N818
    """The key is known: undo this try and give the answer given before."""


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
    try:
        outcome = run_tx(lambda: act_and_record(key, parameters, act))
    except AlreadyAsked:
        return repeat(key, parameters)
    if outcome.lost:
        raise GatewayTimeout(f"the sandbox did not answer {parameters['call']} {key}")
    return outcome.answer


def act_and_record(key: str, parameters: dict[str, Any], act: Callable[[], Outcome]) -> Outcome:
    outcome = act()
    answer = outcome.answer
    recorded = {
        "key": key,
        "parameters": parameters,
        "reference": answer.reference,
        "status": answer.status,
        "code": answer.code,
        "amount": answer.amount,
        "at": clock.now(),
    }
    if not insert_unless_there(SandboxCall, recorded):
        raise AlreadyAsked
    return outcome


def repeat(key: str, parameters: dict[str, Any]) -> Answer:
    row = one_row(sa.select(calls).where(calls.c.key == key))
    if row.parameters != parameters:
        raise KeyReused(f"{key} was used for {row.parameters}, not for {parameters}", permanent=True)
    return Answer(row.status, row.reference, row.code, row.amount)


def find(key: str) -> Answer | None:
    """The refusal given under ``key``, else how the object it made or changed stands now."""
    row = one_row(sa.select(calls).where(calls.c.key == key))
    if row is None:
        return None
    if row.status == "failed":
        return Answer("failed", row.reference, row.code)
    return look_up(row.reference)


def look_up(reference: str) -> Answer | None:
    """How an object stands now. A hold past its day is released, whether or not anybody swept it."""
    row = one_row(sa.select(objects).where(objects.c.reference == reference))
    if row is None:
        return None
    if row.status == "held" and row.expires_at <= clock.now():
        return Answer("released", reference, "expired")
    amount = {"captured": row.captured, "needs_auth": 0, "declined": 0, "released": 0, "failed": 0}
    return Answer(row.status, reference, row.decline_code, amount.get(row.status, row.amount))


def one_row(query: sa.Select[Any]) -> Any:
    """The first row of ``query`` as it is now, whatever the caller's session has read before."""
    engine = db.engines.get("read", db.engine)
    with engine.connect() as connection:
        return connection.execute(query).first()
