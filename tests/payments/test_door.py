"""The door itself: which gateways there are, and when it stays shut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.db import run_tx
from app.payments.door import Gateway, gateway

CALLS: dict[str, Callable[[Gateway], Any]] = {
    "hold": lambda door: door.hold(method="m", amount=1, currency="KRW", key="k"),
    "capture": lambda door: door.capture(hold="h", amount=1, key="k"),
    "release": lambda door: door.release(hold="h", key="k"),
    "refund": lambda door: door.refund(hold="h", amount=1, key="k"),
    "pay_out": lambda door: door.pay_out(payee="p", amount=1, currency="KRW", key="k"),
    "save_token": lambda door: door.save_token("pm_ok"),
    "save_payee": lambda door: door.save_payee(label="Hansol", number="110123456789"),
    "find": lambda door: door.find("k"),
    "look_up": lambda door: door.look_up("h"),
    "claim_setup": lambda door: door.claim_setup("token", pledge_id="p"),
}


@pytest.mark.parametrize("name", CALLS)
def test_no_call_is_made_inside_a_transaction(name: str, sandbox: Gateway) -> None:
    with pytest.raises(RuntimeError, match=f"{name}: no gateway call inside a transaction"):
        run_tx(lambda: CALLS[name](sandbox))
    assert sandbox.find("k") is None


def test_there_is_no_other_gateway_yet(context: None) -> None:
    with pytest.raises(LookupError, match="no gateway called cheque"):
        gateway("cheque")
