"""What came in goes to the organizer once a month, or back when the action is stopped."""

from __future__ import annotations

import sqlalchemy as sa

from app.actions.auditing import audit
from app.actions.models import Payout
from app.actions.stopping import stop
from app.db import db, run_tx
from app.ledger.booking import balances
from app.pledges.models import Pledge
from app.points.models import PointRow
from app.purses.balances import balances_of
from app.subscribing.auditing import CHECKS
from app.subscribing.ending import close_all
from tests.actions.stages import approve_payouts, name_payee
from tests.world import World

from .months import at, bills, charged, day, subscribed, subscription, work_at


def payouts() -> list[tuple[str, int, str]]:
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Payout).order_by(Payout.proposed_at)).all()
    return [(payout.cause[-7:], payout.amount, payout.state) for payout in rows]


def differences() -> list[str]:
    return [*audit().differences, *(found for check in CHECKS for found in check())]


def approve(world: World) -> None:
    with at(day(0, 2)):
        approve_payouts(world)


def test_a_month_is_put_up_once_and_paid_when_a_second_person_approves(world: World) -> None:
    """And it earns points: f(10,000) = 3,162 and f(20,000) = 4,472, half of what each month adds."""
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok"), ("bob", 5_000, "pm_ok")])
    name_payee(world)
    work_at(world, day(-1, 24), day(0, 1), day(0, 1, 10))
    assert payouts() == [("2026-12", 15_000, "proposed")]
    assert balances(petition.id)["escrow"] == 15_000
    approve(world)
    work_at(world, day(0, 2))
    assert payouts() == [("2026-12", 15_000, "paid")]
    work_at(world, day(0, 25), day(1, 1))
    assert payouts() == [("2026-12", 15_000, "paid"), ("2027-01", 15_000, "proposed")]
    assert world.action(petition).state == "underway"
    assert differences() == []
    person_id = db.session.get_one(Pledge, pledges["alice"]).person_id
    earned = db.session.scalars(
        sa.select(PointRow.mp).where(PointRow.person_id == person_id, PointRow.reason == "month_paid")
    ).all()
    assert sorted(earned) == [(4_472 - 3_162) // 2, 3_162 // 2]


def test_on_the_21st_the_payout_waits_for_nobody(world: World) -> None:
    _, pledges = subscribed(world, [("alice", 10_000, "pm_ok"), ("bob", 5_000, "pm_declined_on_hold")])
    work_at(world, day(-1, 24), day(0, 2), day(0, 20, 23))
    assert payouts() == []
    work_at(world, day(0, 21, 1))
    assert payouts() == [("2026-12", 10_000, "proposed")]
    assert bills(pledges["bob"]) == [(5_000, "due")]


def test_an_account_that_is_closed_stops_nobodys_charges(world: World) -> None:
    petition, _ = subscribed(world, [("alice", 10_000, "pm_ok")])
    name_payee(world, "110-222-330000")
    work_at(world, day(-1, 24), day(0, 1))
    approve(world)
    work_at(world, day(0, 2), day(0, 25), day(1, 1))
    assert payouts()[0] == ("2026-12", 10_000, "failed")
    assert charged(world, petition) == 20_000


def test_a_stopped_action_charges_no_more_and_gives_back_what_it_did_not_pay_out(world: World) -> None:
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok"), ("bob", 5_000, "pm_declined_on_hold")])
    work_at(world, day(-1, 24), day(0, 1))
    assert balances(petition.id)["escrow"] == 10_000
    with at(day(0, 2)):
        run_tx(lambda: stop(world.action(petition), reason="rejected"))
    work_at(world, day(0, 2, 10), day(0, 3), day(1, 1))
    assert subscription(pledges["alice"]).ended_because == "closed"
    assert bills(pledges["bob"]) == [(5_000, "let_go")]
    person_id = db.session.get_one(Pledge, pledges["alice"]).person_id or ""
    assert [balance.total for balance in balances_of(person_id)] == [10_000]
    assert balances(petition.id)["escrow"] == 0
    assert charged(world, petition) == 10_000
    assert differences() == []
    points = db.session.scalars(sa.select(PointRow).where(PointRow.person_id == person_id)).all()
    assert any(row.voids for row in points)


def test_when_the_last_subscription_ends_and_all_is_paid_out_the_action_is_delivered(world: World) -> None:
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok")])
    name_payee(world)
    work_at(world, day(-1, 24), day(0, 1))
    approve(world)
    work_at(world, day(0, 2))
    with at(day(0, 3)):
        close_all(petition.id)
    work_at(world, day(0, 3))
    assert subscription(pledges["alice"]).ended_because == "closed"
    assert world.action(petition).state == "delivered"


def test_what_came_in_is_paid_out_even_when_nobody_is_left(world: World) -> None:
    petition, _ = subscribed(world, [("alice", 10_000, "pm_ok"), ("bob", 5_000, "pm_declined_on_hold")])
    work_at(world, day(-1, 24), day(0, 1))
    with at(day(0, 2)):
        close_all(petition.id)
    work_at(world, day(0, 2, 10), day(0, 2, 11))
    assert payouts() == [("2026-12", 10_000, "proposed")]
    assert world.action(petition).state == "underway"
