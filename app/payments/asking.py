"""What every gateway in the house shares: a key does its work once, and is answered alike ever after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app import clock, money
from app.db import db, insert_unless_there, run_tx

from .door import Answer, KeyReused


class AlreadyAsked(Exception):  # noqa: N818
    """The key is known: undo this try and give the answer given before."""


def check_amount(amount: int) -> None:
    """Refuse what no caller may ever send.

    Raises:
        ValueError: not a whole number of minor units between 1 and the largest amount.
    """
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= money.LARGEST:
        raise ValueError(f"no amount: {amount!r}")


def ask_once(
    calls: Any, key: str, parameters: dict[str, Any], act: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """Act in one transaction of the gateway's own, or repeat the answer that ``key`` got before.

    ``calls`` is the model whose rows keep the answers. The second value is whether it was done just now.

    Raises:
        KeyReused: the key came with other parameters before.
    """
    try:
        return run_tx(lambda: act_and_record(calls, key, parameters, act)), True
    except AlreadyAsked:
        call = call_under(calls, key)
    if call.parameters != parameters:
        raise KeyReused(f"{key} was used for {call.parameters}, not for {parameters}", permanent=True)
    return answer_of(call), False


def act_and_record(calls: Any, key: str, parameters: dict[str, Any], act: Callable[[], Answer]) -> Answer:
    if db.session.scalar(sa.select(calls.key).where(calls.key == key)) is not None:
        raise AlreadyAsked
    answer = act()
    recorded = {
        "key": key,
        "parameters": parameters,
        "reference": answer.reference,
        "status": answer.status,
        "code": answer.code,
        "amount": answer.amount,
        "at": clock.now(),
    }
    if not insert_unless_there(calls, recorded):
        raise AlreadyAsked
    return answer


def call_under(calls: Any, key: str) -> Any:
    """What was answered under ``key``; None when it was never asked."""
    return one_row(sa.select(calls.__table__).where(calls.key == key))


def answer_of(call: Any) -> Answer:
    return Answer(call.status, call.reference, call.code, call.amount)


def one_row(query: sa.Select[Any]) -> Any:
    """The first row of ``query`` as it is now, whatever the caller's session has read before."""
    engine = db.engines.get("read", db.engine)
    with engine.connect() as connection:
        return connection.execute(query).first()
