"""What went wrong elsewhere, as far as gifts go: each guard at work, and what happens without it."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.actions import collecting, payouts, settling, straying
from app.actions.auditing import audit
from app.actions.collecting import learn_from_gateway
from app.actions.models import Attempt, Payout
from app.db import db, run_tx
from app.ledger.booking import balances
from app.mail.models import Letter
from app.payments.door import GatewayTimeout, gateway
from app.payments.models import Payee
from app.payments.sandbox import moves
from app.payments.sandbox.gateway import Sandbox
from app.payments.sandbox.models import SandboxObject
from app.payments.sandbox.signing import sign_message
from app.payments.sandbox.telling import Deliveries, delivering
from app.petitions.models import Petition
from app.pledges.pledging import change_method, withdraw
from tests.faults.conftest import AMOUNT, Campaign, Cast, pledges_of, wait
from tests.faults.reckoning import taken_from_cards, troubles_at_the_end, troubles_on_the_way
from tests.races.crowd import all_at_once, errors
from tests.world import World


class TestTheSameChargeByMessageAndByAnswer:
    """A capture is told by the direct answer, by a look-up and by two messages at once."""

    def told_by_all(self, world: World, client: FlaskClient, petition: Petition) -> None:
        [pledge] = pledges_of(petition)
        body = json.dumps({"type": "hold.captured", "data": {"object": pledge.hold_reference}}).encode()
        for message in ("evt-1", "evt-1", "evt-2"):
            sent = client.post("/webhooks/sandbox", data=body, headers=sign_message(message, body))
            assert sent.status_code == 204
        learn = partial(learn_from_gateway, pledge.hold_reference)
        assert errors(all_at_once(world.app, [learn] * 6)) == []
        world.work()

    def test_is_booked_once(
        self, world: World, later: time_machine.Traveller, campaign: Campaign, client: FlaskClient
    ) -> None:
        petition = campaign("pm_ok", goal=AMOUNT)
        with delivering(Deliveries(copies=3, everything=True)):
            world.work()
            self.told_by_all(world, client, petition)
        [pledge] = pledges_of(petition)
        assert pledge.captured == taken_from_cards() == balances(petition.id)["escrow"] == AMOUNT
        wait(world, later, 1)
        assert troubles_at_the_end() == []

    def test_without_the_guarded_state_and_the_journals_key_is_booked_twice(
        self, world: World, campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace
        from uuid import uuid4

        petition = campaign("pm_ok", goal=AMOUNT)
        world.work()
        book, apply = settling.book, settling.apply_to_pledge
        monkeypatch.setattr(settling, "book", lambda entry: book(replace(entry, key=uuid4().hex)))

        def forgetful(action: Any, pledge: Any, answer: Any) -> None:
            pledge.state = "held"
            apply(action, pledge, answer)

        monkeypatch.setattr(collecting, "apply_to_pledge", forgetful)
        self.told_by_all(world, client, petition)
        assert balances(petition.id)["escrow"] > taken_from_cards() == AMOUNT
        assert troubles_on_the_way() != []


class TestConfirmedAfterTheClose:
    """3-D Secure completed when everything was over elsewhere took the money and marked nothing."""

    def confirm_late(self, world: World, petition: Petition) -> str:
        [late] = [pledge for pledge in pledges_of(petition) if pledge.failure == "needs_auth"]
        hold = late.hold_reference
        assert hold
        assert run_tx(lambda: moves.confirm(hold))
        return hold

    @pytest.fixture
    def nothing_called_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(straying, "stray_holds", lambda _action: sa.select(Attempt).where(sa.false()))

    def test_of_a_released_action_is_not_possible_any_more(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        petition = campaign("pm_needs_auth", "pm_ok", goal=2 * AMOUNT)
        world.work()
        [hold] = [p.hold_reference for p in pledges_of(petition) if p.failure == "needs_auth"]
        wait(world, later)
        assert world.action(petition).state == "released"
        assert hold
        assert gateway().look_up(hold).status == "released"  # type: ignore[union-attr]
        assert not run_tx(lambda: moves.confirm(hold))
        wait(world, later, 2)
        assert [pledge.state for pledge in pledges_of(petition)] == ["dropped", "released"]
        assert troubles_at_the_end() == []

    @pytest.mark.usefixtures("nothing_called_off")
    def test_of_a_released_action_lets_the_money_go_again(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        petition = campaign("pm_needs_auth", "pm_ok", goal=2 * AMOUNT)
        world.work()
        wait(world, later)
        assert world.action(petition).state == "released"
        hold = self.confirm_late(world, petition)
        assert gateway().look_up(hold).status == "held"  # type: ignore[union-attr]
        wait(world, later, 2)
        assert gateway().look_up(hold).status == "released"  # type: ignore[union-attr]
        assert [pledge.state for pledge in pledges_of(petition)] == ["released", "released"]
        assert taken_from_cards() == 0
        assert troubles_at_the_end() == []

    def test_of_an_action_underway_is_captured_and_marked(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        petition = campaign("pm_needs_auth", "pm_ok", goal=AMOUNT)
        world.work()
        wait(world, later)
        assert [pledge.state for pledge in pledges_of(petition)] == ["dropped", "captured"]
        self.confirm_late(world, petition)
        wait(world, later, 2)
        assert [pledge.state for pledge in pledges_of(petition)] == ["captured", "captured"]
        assert taken_from_cards() == balances(petition.id)["escrow"] == 2 * AMOUNT
        assert troubles_at_the_end() == []

    @pytest.mark.usefixtures("nothing_called_off")
    def test_without_opening_the_collecting_again_the_money_stays_reserved(
        self,
        world: World,
        later: time_machine.Traveller,
        campaign: Campaign,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        petition = campaign("pm_needs_auth", "pm_ok", goal=2 * AMOUNT)
        world.work()
        wait(world, later)
        hold = self.confirm_late(world, petition)
        monkeypatch.setattr(collecting, "apply_to_pledge", lambda *_: None)
        wait(world, later, 2)
        assert gateway().look_up(hold).status == "held"  # type: ignore[union-attr]
        assert troubles_at_the_end() != []


def test_another_card_instead_of_the_confirmation_leaves_no_hold_behind(
    world: World, later: time_machine.Traveller, campaign: Campaign
) -> None:
    petition = campaign("pm_needs_auth", goal=AMOUNT)
    world.work()
    [pledge] = pledges_of(petition)
    first = pledge.hold_reference
    saved = gateway().save_token("pm_ok")
    run_tx(lambda: change_method(pledge.id, saved))
    run_tx(lambda: moves.confirm(first or ""))
    wait(world, later, 3)
    assert gateway().look_up(first or "").status == "released"  # type: ignore[union-attr]
    assert taken_from_cards() == AMOUNT
    assert troubles_at_the_end() == []


class TestADoubleClick:
    """Eight presses of the button that approves a payout, eight workers that send it."""

    def ready_to_pay(self, world: World, campaign: Campaign) -> tuple[Petition, str]:
        petition = campaign("pm_ok", "pm_ok", goal=2 * AMOUNT)
        world.work()
        cast = Cast(world, petition.id)
        cast.claim_next()
        cast.vote()
        db.session.rollback()
        return petition, db.session.scalars(sa.select(Payout.id)).one()

    def sent(self) -> int:
        db.session.rollback()
        return db.session.query(SandboxObject).filter_by(kind="payout").count()

    def test_pays_once(self, world: World, later: time_machine.Traveller, campaign: Campaign) -> None:
        petition, payout = self.ready_to_pay(world, campaign)
        moderator = world.person("moderator").id
        pressed = all_at_once(world.app, [partial(run_tx, partial(payouts.approve, payout, moderator))] * 8)
        assert sorted(map(str, pressed)) == ["False"] * 7 + ["True"]
        assert errors(all_at_once(world.app, [payouts.pay_due] * 8)) == []
        assert self.sent() == 1
        held = {kind: amount for kind, amount in balances(petition.id).items() if amount}
        assert held == {"clearing": 8_000, "escrow": 8_000}
        assert troubles_on_the_way() == []

    def test_without_attempts_in_flight_pays_twice(
        self, world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace
        from uuid import uuid4

        _petition, payout = self.ready_to_pay(world, campaign)
        moderator = world.person("moderator").id
        run_tx(lambda: payouts.approve(payout, moderator))
        calls = run_tx(payouts.begin_payouts)
        for _press in range(2):
            payouts.ask(replace(calls[0], key=uuid4().hex))
        assert self.sent() == 2


class TestADisabledPayee:
    """One closed account stopped everyone's payouts for two weeks."""

    def three_payouts(self, world: World, campaign: Campaign) -> list[Payout]:
        """The first organizer's account is closed; the two actions after it are somebody else's."""
        petitions = [campaign("pm_ok", goal=AMOUNT) for _number in range(3)]
        world.work()
        for petition in petitions:
            cast = Cast(world, petition.id)
            cast.claim_next()
            cast.vote()
        closed = world.person("closed")
        name_closed_account(closed.id)
        run_tx(lambda: setattr(db.session.get_one(Petition, petitions[0].id), "organizer_id", closed.id))
        Cast(world, petitions[0].id).approve()
        by_petition = {payout.petition_id: payout for payout in db.session.scalars(sa.select(Payout))}
        return [by_petition[petition.id] for petition in petitions]

    def states(self, paid: list[Payout]) -> list[str]:
        db.session.rollback()
        db.session.expire_all()
        return [db.session.get_one(Payout, payout.id).state for payout in paid]

    def test_stops_no_other_and_somebody_is_told(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        made = self.three_payouts(world, campaign)
        world.work()
        assert self.states(made) == ["failed", "paid", "paid"]
        letters = db.session.scalars(sa.select(Letter).where(Letter.cause.like("payout-failed-%"))).all()
        assert [letter.recipient for letter in letters] == ["closed@example.org"]
        reference, _label = gateway().save_payee(label="두레은행", number="110-222-333333")
        closed = world.person("closed").id
        run_tx(lambda: setattr(db.session.get_one(Payee, closed), "reference", reference))
        wait(world, later, 11)
        assert self.states(made) == ["paid"] * 3
        assert troubles_at_the_end() == []

    def test_without_catching_its_trouble_stops_the_others(
        self, world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = self.three_payouts(world, campaign)
        pay_out = Sandbox.pay_out

        def explode(self: Sandbox, *, payee: str, **call: Any) -> Any:
            answer = pay_out(self, payee=payee, **call)
            if answer.status == "failed":
                raise GatewayTimeout(answer.code or "")
            return answer

        monkeypatch.setattr(Sandbox, "pay_out", explode)
        monkeypatch.setattr(payouts, "ask", collecting_request)
        world.work()
        assert self.states(made) != ["failed", "paid", "paid"]
        assert "approved" in self.states(made) or self.states(made).count("paying") == 3


def name_closed_account(person_id: str) -> None:
    reference, label = gateway().save_payee(label="두레은행", number="110-222-330000")
    payee = Payee(
        person_id=person_id, gateway="sandbox", reference=reference, label=label, saved_at=clock.now()
    )
    run_tx(lambda: db.session.add(payee))


def collecting_request(call: Any) -> Any:
    from app.actions.calling import REQUESTS

    return REQUESTS[call.purpose](call)


class TestCancelling:
    """Cancelling deleted paid transactions: here nothing paid ever goes."""

    def stopped_half_way(self, world: World, later: time_machine.Traveller, campaign: Campaign) -> Petition:
        petition = campaign("pm_ok", "pm_ok", goal=2 * AMOUNT)
        world.work()
        cast = Cast(world, petition.id, rejects=2)
        for _step in range(4):
            cast.act()
            wait(world, later, 2)
        assert world.action(petition).state == "stopped"
        return petition

    def test_keeps_every_row_of_money_that_moved(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        petition = self.stopped_half_way(world, later, campaign)
        assert [pledge.state for pledge in pledges_of(petition)] == ["part_refunded"] * 2
        assert [payout.state for payout in db.session.query(Payout)] == ["paid"]
        purposes = sorted(attempt.purpose for attempt in db.session.query(Attempt))
        assert purposes == ["capture", "capture", "hold", "hold", "payout", "refund", "refund"]
        assert balances(petition.id)["clearing"] == 0
        assert troubles_at_the_end() == []
        for pledge in pledges_of(petition):
            with pytest.raises(Exception, match=r"already|moved") as caught:
                run_tx(lambda pledge=pledge: withdraw(pledge.id))
            assert caught.type.__name__ == "Refusal"

    def test_a_deleted_payout_would_be_noticed(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        self.stopped_half_way(world, later, campaign)
        run_tx(lambda: db.session.execute(sa.delete(Payout)))
        assert any("does not exist" in difference for difference in audit().differences)
