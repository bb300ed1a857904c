"""What the sandbox says by webhook: once, twice, late, out of order, never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import sqlalchemy as sa
import time_machine

from app.db import db, run_tx
from app.outbox import Announcement
from app.payments.door import Answer, Gateway, GatewayTimeout
from app.payments.models import WebhookMessage
from app.payments.receiving import receive
from app.payments.sandbox import delivering, moves
from app.payments.sandbox.delivering import deliver_due_events
from app.payments.sandbox.telling import Deliveries
from app.payments.sandbox.telling import delivering as travelling

Hold = Callable[..., Answer]
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def news() -> list[tuple[str, str]]:
    """Kind and object of every announced message, in order."""
    db.session.rollback()
    query = sa.select(Announcement.payload).where(Announcement.topic == "gateway_event")
    return [(said["kind"], said["object_id"]) for said in db.session.scalars(query.order_by(Announcement.id))]


def inbox() -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.count()).select_from(WebhookMessage)).one()


def test_what_the_caller_was_told_needs_no_message(hold: Hold, sandbox: Gateway) -> None:
    held = hold()
    hold(card="declined_on_hold")
    sandbox.capture(hold=held.reference, amount=10_000, key="c")

    assert deliver_due_events() == 0
    assert news() == []


def test_a_lost_answer_is_told_by_message(sandbox: Gateway) -> None:
    method = sandbox.save_token("pm_timeout_after_success").reference
    with pytest.raises(GatewayTimeout):
        sandbox.hold(method=method, amount=10_000, currency="KRW", key="k")
    found = sandbox.find("k")
    assert found is not None

    assert deliver_due_events() == 1
    assert news() == [("hold.held", found.reference)]
    assert deliver_due_events() == 0


def test_twice_is_received_once(hold: Hold) -> None:
    with travelling(Deliveries(copies=2, everything=True)):
        held = hold()
        delivered = deliver_due_events()

    assert delivered == 2
    assert inbox() == 1
    assert news() == [("hold.held", held.reference)]


def test_never_is_never(hold: Hold) -> None:
    with travelling(Deliveries(copies=0, everything=True)):
        hold()
        assert deliver_due_events() == 0
    assert deliver_due_events() == 0
    assert news() == []


def test_late_is_later(hold: Hold) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        with travelling(Deliveries(delay=timedelta(hours=2), everything=True)):
            held = hold()
        clock.move_to(NOON + timedelta(hours=2, seconds=-1))
        assert deliver_due_events() == 0

        clock.move_to(NOON + timedelta(hours=2))
        assert deliver_due_events() == 1
    assert news() == [("hold.held", held.reference)]


def test_out_of_order_tells_the_end_first(hold: Hold, sandbox: Gateway) -> None:
    with travelling(Deliveries(backwards=True, everything=True)):
        held = hold().reference
        sandbox.capture(hold=held, amount=10_000, key="c")
        given = sandbox.refund(hold=held, amount=10_000, key="f").reference
        deliver_due_events()

    assert news() == [("refund.made", given), ("hold.captured", held), ("hold.held", held)]


def test_every_change_has_its_message(hold: Hold, sandbox: Gateway) -> None:
    good, _label = sandbox.save_payee(label="Hansol", number="110123456789")
    closed, _label = sandbox.save_payee(label="Hansol", number="110123450000")
    with travelling(Deliveries(everything=True)):
        hold(card="declined_on_hold")
        hold(card="needs_auth")
        sandbox.release(hold=hold().reference, key="r")
        sandbox.pay_out(payee=good, amount=1, currency="KRW", key="p1")
        sandbox.pay_out(payee=closed, amount=1, currency="KRW", key="p2")
        deliver_due_events()

    kinds = [kind for kind, _object in news()]
    assert kinds == [
        "hold.declined",
        "hold.needs_auth",
        "hold.held",
        "hold.released",
        "payout.paid",
        "payout.failed",
    ]


def test_an_expired_hold_is_let_go_and_told(hold: Hold, sandbox: Gateway) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        held = hold().reference
        clock.move_to(NOON + timedelta(days=7))

        assert deliver_due_events() == 1
        assert sandbox.look_up(held) == Answer("released", held, "expired")
        assert deliver_due_events() == 0
    assert news() == [("hold.expired", held)]


def test_a_message_that_is_not_taken_comes_again_and_stops_no_other(hold: Hold) -> None:
    with travelling(Deliveries(everything=True)):
        first, second = hold().reference, hold().reference

    def stumble(gateway: str, body: bytes, headers: dict[str, str]) -> bool:
        if first.encode() in body:
            raise ConnectionError("nobody there")
        return receive(gateway, body, headers)

    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        with patch.object(delivering, "receive", stumble):
            assert deliver_due_events() == 1
        assert news() == [("hold.held", second)]
        assert deliver_due_events() == 0

        clock.shift(timedelta(minutes=1))
        assert deliver_due_events() == 1
    assert news() == [("hold.held", second), ("hold.held", first)]


def test_a_worker_that_died_after_receiving_delivers_again_without_harm(hold: Hold) -> None:
    with travelling(Deliveries(everything=True)):
        hold()
    with (
        patch.object(delivering, "mark_delivered", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        deliver_due_events()
    assert inbox() == 1

    assert deliver_due_events() == 1
    assert inbox() == 1
    assert len(news()) == 1


def test_a_confirmation_is_told_although_nobody_asked(hold: Hold, sandbox: Gateway) -> None:
    waiting = hold(card="needs_auth").reference

    assert run_tx(lambda: moves.confirm(waiting))
    assert not run_tx(lambda: moves.confirm(waiting))
    assert deliver_due_events() == 1
    assert news() == [("hold.held", waiting)]
    assert sandbox.look_up(waiting) == Answer("held", waiting, amount=10_000)
