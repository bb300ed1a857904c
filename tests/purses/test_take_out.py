"""Taking money out: asked once, sent once, and still there when the bank refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.payments.door import GatewayTimeout, gateway
from app.payments.sandbox.gateway import Sandbox
from app.payments.sandbox.models import SandboxObject
from app.purses import paying_out
from app.purses.gateway import purse_method
from app.purses.models import PursePayout
from tests.purses.pockets import fill, purse_of, with_account
from tests.world import World


def ask(person_id: str, amount: int, key: str = "k") -> PursePayout:
    return run_tx(lambda: paying_out.ask_payout(person_id, amount, "KRW", form_key=key))


def paid_by_the_bank() -> int:
    db.session.rollback()
    paid = sa.select(sa.func.coalesce(sa.func.sum(SandboxObject.amount), 0)).where(
        SandboxObject.status == "paid"
    )
    return int(db.session.scalars(paid).one())


def test_it_goes_out_and_a_letter_says_so(world: World) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 30_000})
    payout = ask(minji, 20_000)
    assert (purse_of(minji).total, purse_of(minji).free) == (30_000, 10_000)
    world.work()
    world.work()
    assert world.fresh(payout).state == "paid"
    assert (purse_of(minji).total, purse_of(minji).free, paid_by_the_bank()) == (10_000, 10_000, 20_000)
    [letter] = world.letters("minji")
    assert "₩20,000" in letter.subject
    assert "Shinhan" in letter.text


def test_one_form_sent_twice_is_one_payout(world: World) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 30_000})
    assert ask(minji, 10_000).id == ask(minji, 10_000).id
    assert purse_of(minji).free == 20_000


def test_only_what_may_be_used_goes_out(world: World) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 30_000})
    gateway("purse").hold(method=purse_method(minji).reference, amount=20_000, currency="KRW", key="h")
    with pytest.raises(Refusal) as refusal:
        ask(minji, 10_001)
    assert (refusal.value.field, "10,000" in str(refusal.value.sentence)) == ("amount", True)
    ask(minji, 10_000)
    declined = gateway("purse").hold(
        method=purse_method(minji).reference, amount=1, currency="KRW", key="again"
    )
    assert declined.code == "insufficient_funds"


def test_there_is_no_least_amount(world: World) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 1})
    ask(minji, 1)
    world.work()
    assert (purse_of(minji).total, paid_by_the_bank()) == (0, 1)


def test_without_an_account_nothing_is_asked(world: World) -> None:
    minji = world.person("minji").id
    fill(world.petition(), **{minji: 1_000})
    with pytest.raises(Refusal):
        ask(minji, 1_000)
    assert purse_of(minji).free == 1_000


def test_a_refusal_leaves_it_in_the_purse(world: World) -> None:
    minji = with_account(world, "minji", "110-123-450000")
    fill(world.petition(), **{minji: 30_000})
    payout = ask(minji, 30_000)
    world.work()
    world.work()
    assert (world.fresh(payout).state, world.fresh(payout).failure) == ("failed", "account_closed")
    assert (purse_of(minji).total, purse_of(minji).free) == (30_000, 30_000)
    assert "could not be paid out" in world.letters("minji")[-1].subject


def test_a_lost_answer_is_looked_up_and_nothing_is_sent_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 30_000})
    payout = ask(minji, 30_000)
    really = Sandbox.pay_out

    def lose_the_answer(self: Sandbox, **asked: object) -> None:
        really(self, **asked)  # type: ignore[arg-type]
        raise GatewayTimeout("no answer")

    monkeypatch.setattr(Sandbox, "pay_out", lose_the_answer)
    assert not paying_out.pay(payout.id)
    assert paying_out.pay_due() == 0, "somebody may still be waiting for the answer"
    assert (purse_of(minji).total, purse_of(minji).leaving) == (30_000, 30_000)
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        assert paying_out.pay_due() == 1
    assert world.fresh(payout).state == "paid"
    assert (purse_of(minji).total, paid_by_the_bank()) == (0, 30_000)


def test_a_fresh_key_for_a_lost_answer_would_send_twice(world: World) -> None:
    """The negative control: what the stored key and the look-up are for."""
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 30_000})
    payout = ask(minji, 30_000)
    asked = {"payee": payout.payee, "amount": payout.amount, "currency": "KRW", "gateway": payout.gateway}
    for key in ("first", "fresh"):
        assert paying_out.ask(PursePayout(key=key, tries=1, **asked)) is not None
    assert paid_by_the_bank() == 60_000
