"""Who came first: the unique key decides, and the answer is right on both databases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, new_id, run_tx
from app.payments.models import WebhookMessage


def message(event_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "gateway": "sandbox",
        "event_id": event_id,
        "kind": "hold.held",
        "object_id": "hold_1",
        "received_at": clock.now(),
    }


def test_the_first_is_told_yes_and_the_second_no(context: None) -> None:
    answers = [run_tx(lambda: insert_unless_there(WebhookMessage, message("evt_1"))) for _try in range(2)]

    assert answers == [True, False]
    assert db.session.scalars(sa.select(sa.func.count()).select_from(WebhookMessage)).one() == 1
    assert run_tx(lambda: insert_unless_there(WebhookMessage, message("evt_2")))
