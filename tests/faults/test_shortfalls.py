"""A goal that is missed, an account that is overdrawn: neither pays anybody."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import time_machine

from app.actions import paying, payouts
from app.actions.auditing import audit
from app.actions.models import Milestone, Payout
from app.actions.paying import book_approval, propose_payout
from app.db import db, run_tx
from app.ledger.booking import balances
from app.ledger.entries import paid_out
from tests.faults.conftest import AMOUNT, Campaign, Cast, wait
from tests.faults.reckoning import taken_from_cards, troubles_at_the_end
from tests.world import World


class TestAMissedGoal:
    """Payouts although the goal was missed."""

    def test_nothing_can_be_claimed_or_paid(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        petition = campaign("pm_ok", "pm_declined_on_hold", goal=2 * AMOUNT)
        world.work()
        wait(world, later)
        assert world.action(petition).state == "released"
        cast = Cast(world, petition.id)
        cast.act()
        assert db.session.query(Payout).count() == 0
        assert taken_from_cards() == 0
        assert troubles_at_the_end() == []

    def test_a_payout_made_all_the_same_is_refused_at_the_books(
        self, world: World, later: time_machine.Traveller, campaign: Campaign
    ) -> None:
        petition = campaign("pm_ok", "pm_declined_on_hold", goal=2 * AMOUNT)
        world.work()
        wait(world, later)
        action = world.action(petition)
        step = db.session.query(Milestone).order_by(Milestone.position).first()
        assert step is not None
        assert run_tx(lambda: propose_payout(action, step)) is None

    def test_without_the_comparison_the_action_begins_short_and_the_books_say_so(
        self,
        world: World,
        later: time_machine.Traveller,
        campaign: Campaign,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        from app.actions import deciding

        monkeypatch.setattr(deciding, "release_all", deciding.start_work)
        petition = campaign("pm_ok", "pm_declined_on_hold", goal=2 * AMOUNT)
        world.work()
        wait(world, later)
        assert world.action(petition).state == "underway"
        assert any("began with" in difference for difference in audit().differences)


class TestAnOverdraft:
    """Over-drafts hidden by clamping to zero: refused here, and loudly."""

    def overdrawn(self, world: World, campaign: Campaign) -> Payout:
        petition = campaign("pm_ok", goal=AMOUNT)
        world.work()
        cast = Cast(world, petition.id)
        cast.claim_next()
        cast.vote()
        payout = db.session.scalars(sa.select(Payout)).one()
        run_tx(lambda: db.session.execute(sa.update(Payout).values(amount=AMOUNT + 1)))
        return world.fresh(payout)

    def test_is_refused_and_nothing_is_clamped(self, world: World, campaign: Campaign) -> None:
        payout = self.overdrawn(world, campaign)
        moderator = world.person("moderator").id
        with pytest.raises(ValueError, match="exceeds the escrow"):
            run_tx(lambda: payouts.approve(payout.id, moderator))
        world.work()
        assert world.fresh(payout).state == "proposed"
        assert balances(payout.petition_id)["escrow"] == AMOUNT

    def test_without_the_refusal_the_balance_shows_below_zero(
        self, world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        payout = self.overdrawn(world, campaign)
        monkeypatch.setattr(paying, "balances", lambda _owner: {"escrow": 10**9})
        run_tx(lambda: book_approval(payout))
        run_tx(lambda: paying.book(paid_out(payout.petition_id, payout.id, payout.currency, payout.amount)))
        assert balances(payout.petition_id)["escrow"] == balances(payout.petition_id)["clearing"] == -1
        assert any("overdrawn by 1" in difference for difference in audit().differences)
