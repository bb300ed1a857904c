"""Idempotency keys: asked twice is done once; and what happens to those who do not use them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db
from app.payments.door import Answer, Gateway, GatewayTimeout, KeyReused, gateway
from app.payments.sandbox.models import SandboxObject


def held_in_all() -> int:
    """What the gateway holds on everybody's cards, in won."""
    db.session.rollback()
    holds = sa.select(sa.func.coalesce(sa.func.sum(SandboxObject.amount), 0)).where(
        SandboxObject.status == "held"
    )
    return int(db.session.scalars(holds).one())


def test_the_same_question_gets_the_same_answer(sandbox: Gateway) -> None:
    method = sandbox.save_token("pm_ok").reference
    answers = {sandbox.hold(method=method, amount=10_000, currency="KRW", key="k") for _try in range(5)}

    assert len(answers) == 1
    assert held_in_all() == 10_000


@pytest.mark.parametrize("changed", [{"amount": 10_001}, {"currency": "USD"}, {"method": "pm_other"}])
def test_a_key_with_other_parameters_is_an_error(changed: dict[str, Any], sandbox: Gateway) -> None:
    asked: dict[str, Any] = {
        "method": sandbox.save_token("pm_ok").reference,
        "amount": 10_000,
        "currency": "KRW",
    }
    sandbox.hold(**asked, key="k")

    with pytest.raises(KeyReused) as trouble:
        sandbox.hold(**(asked | changed), key="k")
    assert trouble.value.permanent
    assert held_in_all() == 10_000


def test_a_key_serves_one_kind_of_call(sandbox: Gateway, hold: Callable[..., Answer]) -> None:
    held = hold()
    sandbox.capture(hold=held.reference, amount=10_000, key="k")

    with pytest.raises(KeyReused):
        sandbox.refund(hold=held.reference, amount=10_000, key="k")


def test_every_call_repeats_its_answer(sandbox: Gateway, hold: Callable[..., Answer]) -> None:
    taken, let_go = hold().reference, hold().reference
    payee, _label = sandbox.save_payee(label="Hansol", number="110123456789")
    calls: list[Callable[[], Answer]] = [
        lambda: sandbox.capture(hold=taken, amount=10_000, key="c"),
        lambda: sandbox.refund(hold=taken, amount=7_000, key="f"),
        lambda: sandbox.release(hold=let_go, key="r"),
        lambda: sandbox.pay_out(payee=payee, amount=3_000, currency="KRW", key="p"),
    ]
    first = [call() for call in calls]

    assert [answer.status for answer in first] == ["captured", "refunded", "released", "paid"]
    assert [call() for call in calls] == first


def test_a_refusal_is_repeated_too(sandbox: Gateway, hold: Callable[..., Answer]) -> None:
    held = hold().reference
    first = sandbox.refund(hold=held, amount=1, key="f")
    sandbox.capture(hold=held, amount=10_000, key="c")

    assert first.code == "not_captured"
    assert sandbox.refund(hold=held, amount=1, key="f") == first
    assert sandbox.find("f") == first


def test_an_answer_that_got_lost_is_found_again(sandbox: Gateway) -> None:
    method = sandbox.save_token("pm_timeout_after_success").reference
    asked: dict[str, Any] = {"method": method, "amount": 10_000, "currency": "KRW", "key": "k"}

    with pytest.raises(GatewayTimeout) as trouble:
        sandbox.hold(**asked)
    found = sandbox.find("k")

    assert not trouble.value.permanent
    assert found is not None
    assert (found.status, found.amount) == ("held", 10_000)
    assert sandbox.hold(**asked) == found
    assert held_in_all() == 10_000


def test_what_never_arrived_is_not_found(sandbox: Gateway) -> None:
    assert sandbox.find("never asked") is None
    assert sandbox.look_up("hold_of_nobody") is None


def test_without_a_stored_key_a_retry_charges_twice(sandbox: Gateway) -> None:
    """The negative control: a fresh key for each try, as careless code has it."""
    method = sandbox.save_token("pm_timeout_after_success").reference
    for attempt in range(2):
        with pytest.raises(GatewayTimeout):
            sandbox.hold(method=method, amount=10_000, currency="KRW", key=f"fresh-{attempt}")

    assert held_in_all() == 20_000


def test_find_tells_how_things_stand_now(sandbox: Gateway) -> None:
    method = sandbox.save_token("pm_ok").reference
    held = sandbox.hold(method=method, amount=10_000, currency="KRW", key="h")
    sandbox.capture(hold=held.reference, amount=10_000, key="c")

    assert sandbox.find("h") == Answer("captured", held.reference, amount=10_000)
    assert sandbox.find("c") == Answer("captured", held.reference, amount=10_000)


def test_the_same_question_asked_at_once_is_done_once(app: Flask, sandbox: Gateway) -> None:
    method = sandbox.save_token("pm_ok").reference
    answers = at_once(app, 8, lambda _n: hold_on(method, "k"))

    assert len(set(answers)) == 1
    assert held_in_all() == 10_000


def test_two_captures_at_once_take_once(app: Flask, hold: Callable[..., Answer]) -> None:
    held = hold().reference
    answers = at_once(
        app, 8, lambda n: gateway().capture(hold=held, amount=10_000, key=f"c{n}").code or "captured"
    )

    assert sorted(answers) == ["already_captured"] * 7 + ["captured"]


def test_refunds_at_once_never_give_back_too_much(app: Flask, hold: Callable[..., Answer]) -> None:
    held = hold().reference
    gateway().capture(hold=held, amount=10_000, key="c")
    answers = at_once(app, 8, lambda n: gateway().refund(hold=held, amount=3_000, key=f"f{n}").amount)

    assert sum(answers) == 9_000


def hold_on(method: str, key: str) -> Answer:
    return gateway().hold(method=method, amount=10_000, currency="KRW", key=key)


def at_once(app: Flask, people: int, ask: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads was answered, all having started together."""
    start, answers = threading.Barrier(people), []

    def run(number: int) -> None:
        with app.app_context():
            start.wait(10)
            answers.append(ask(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == people
    return answers
