"""Joining an action that is under way: from the next month that nobody was told of, and by the same pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.actions import auditing as action_auditing
from app.actions.locking import lock_action
from app.actions.stopping import stop
from app.db import db, run_tx
from app.errors import Refusal
from app.pages.me import erase_everywhere
from app.petitions.models import Petition, Threshold
from app.pledges.kinds.months import joining_month
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from app.points.models import PointRow
from app.subscribing import auditing, running
from app.subscribing.ending import cancel, collect_no_more
from app.subscribing.models import Due, Round
from app.subscribing.noticing import tell_month
from tests.actions.stages import read, words
from tests.world import World

from .months import DECEMBER, at, bills, charged, day, months, subscribed, subscription, work_at

ALICE = [("alice", 10_000, "pm_ok")]


@pytest.fixture(autouse=True)
def audited(world: World) -> Iterator[None]:
    """Whatever a test does, the books are right in the end."""
    yield
    db.session.rollback()
    db.session.expire_all()
    assert [each for check in (*action_auditing.CHECKS, *auditing.CHECKS) for each in check()] == []


def join(
    world: World, petition: Petition, name: str, amount: int, moment: datetime, *, unit: int | None = None
) -> str:
    """This person joins, signed in and with a card; the worker hears of it."""
    with at(moment):
        terms = {} if unit is None else {"cap": amount, "most": amount * unit}
        pledge = world.pledge(petition, name, 1 if unit else amount, kind="recurring", **terms)
        world.work()
    return pledge


def test_whoever_joins_pays_from_the_next_month_on(world: World) -> None:
    petition, pledges = subscribed(world, ALICE)
    work_at(world, day(-1, 24), day(0, 1))
    bob = join(world, petition, "bob", 5_000, day(0, 10))
    assert world.pledge_state(bob) == "active"
    assert subscription(bob).first_month == DECEMBER + 1
    [letter] = [letter for letter in world.letters("bob") if "subscription begins" in letter.subject]
    assert "The first charge is on January 1, 2027" in letter.text
    assert "You take part in" in letter.text
    assert "on January 1, 2027 for the first time" in db.session.get_one(Pledge, bob).mandate
    work_at(world, day(0, 25), day(1, 1))
    assert bills(bob) == [(5_000, "paid")], "nothing for December"
    assert bills(pledges["alice"]) == [(10_000, "paid")] * 2
    assert charged(world, petition) == 25_000
    earned = sa.select(sa.func.count()).where(PointRow.person_id == world.person("bob").id)
    assert db.session.scalar(earned.where(PointRow.reason == "month_paid")) == 1


def test_a_newcomer_makes_the_amount_of_the_others_grow_after_a_warning(world: World) -> None:
    petition, pledges = subscribed(world, [("alice", None, "pm_ok"), ("bob", None, "pm_ok")], unit=1_000)
    work_at(world, day(-1, 24), day(0, 1))
    carol = join(world, petition, "Carol", 9, day(0, 10), unit=1_000)
    work_at(world, day(0, 25))
    [grows] = [letter for letter in world.letters("alice") if "Your amount grows" in letter.subject]
    assert "₩3,000 a month, instead of ₩2,000" in grows.text
    work_at(world, day(1, 1))
    assert bills(pledges["alice"]) == [(2_000, "paid"), (3_000, "paid")]
    assert bills(carol) == [(3_000, "paid")]


def test_joining_after_a_month_was_told_leaves_that_month_as_it_was_told(world: World) -> None:
    petition, pledges = subscribed(world, [("alice", None, "pm_ok"), ("bob", None, "pm_ok")], unit=1_000)
    work_at(world, day(-1, 24))
    carol = join(world, petition, "Carol", 9, day(-1, 26), unit=1_000)
    assert subscription(carol).first_month == DECEMBER + 1
    work_at(world, day(0, 1))
    assert bills(pledges["alice"]) == [(2_000, "paid")], "what was told is the most"
    assert bills(carol) == []
    work_at(world, day(0, 25), day(1, 1))
    assert months(carol) == {1: 3_000}


def test_joining_while_a_month_runs_is_no_part_of_it(world: World) -> None:
    """The value of December is fixed, Alice is not billed yet, and Carol comes in between."""
    petition, pledges = subscribed(world, [("alice", None, "pm_ok"), ("bob", None, "pm_ok")], unit=1_000)
    work_at(world, day(-1, 24))
    with at(day(0, 1, 0)):
        run_tx(lambda: running.fix_value(petition.id, DECEMBER))
    carol = join(world, petition, "Carol", 9, day(0, 1, 0), unit=1_000)
    work_at(world, day(0, 1))
    assert subscription(carol).first_month == DECEMBER + 1
    assert bills(pledges["alice"]) == bills(pledges["bob"]) == [(2_000, "paid")]
    assert bills(carol) == []


@pytest.mark.parametrize(
    ("moment", "first"),
    [(day(0, 24, 23), 1), (day(0, 25, 0), 2), (day(0, 31, 23), 2), (day(1, 1, 0), 2)],
)
def test_the_month_that_is_promised_is_the_first_not_due_to_be_told(moment: datetime, first: int) -> None:
    assert joining_month(moment) == DECEMBER + first


def test_a_month_told_before_its_time_is_not_joined_either(world: World) -> None:
    petition, _ = subscribed(world, ALICE)
    with at(day(-1, 12)):
        run_tx(lambda: tell_month(petition.id, DECEMBER))
    bob = join(world, petition, "bob", 5_000, day(-1, 13))
    assert subscription(bob).first_month == DECEMBER + 1


def test_nobody_joins_twice_and_whoever_cancelled_comes_back(world: World) -> None:
    petition, pledges = subscribed(world, ALICE)
    work_at(world, day(-1, 24), day(0, 1))
    bob = join(world, petition, "bob", 5_000, day(0, 2))
    for name in ("alice", "bob"):
        with pytest.raises(Refusal, match="You have a subscription here already"):
            join(world, petition, name, 5_000, day(0, 3))
    with at(day(0, 4)):
        run_tx(lambda: cancel(pledges["alice"]))
    again = join(world, petition, "alice", 20_000, day(0, 5))
    assert again != pledges["alice"]
    work_at(world, day(0, 25), day(1, 1))
    assert bills(pledges["alice"]) == [(10_000, "paid")]
    assert bills(again) == [(20_000, "paid")]
    assert bills(bob) == [(5_000, "paid")]


def test_after_a_pause_of_everybody_no_month_is_made_up_for(world: World) -> None:
    """Alice cancels in December; Bob joins in March, and nothing is told of the months between."""
    petition, pledges = subscribed(world, ALICE)
    world.plan(petition, 60, 40)
    work_at(world, day(-1, 24), day(0, 1))
    with at(day(0, 4)):
        run_tx(lambda: cancel(pledges["alice"]))
    bob = join(world, petition, "bob", 5_000, day(3, 10))
    work_at(world, day(3, 10, 12), day(3, 25), day(4, 1))
    assert bills(bob) == [(5_000, "paid")]
    told = db.session.scalars(sa.select(Round.month).order_by(Round.month)).all()
    assert [month - DECEMBER for month in told] == [0, 4]


def test_nobody_joins_what_is_over_or_closed(world: World) -> None:
    petition, pledges = subscribed(world, ALICE)
    world.plan(petition, 60, 40)
    with at(day(-1, 12)):
        collect_no_more(petition.id)
        world.work()
    assert subscription(pledges["alice"]).ended_because == "closed"
    with pytest.raises(Refusal, match="already become an action"):
        join(world, petition, "bob", 5_000, day(-1, 13))
    run_tx(lambda: db.session.execute(sa.update(Threshold).values(closed_at=None)))

    def end() -> None:
        action = lock_action(petition.id)
        assert action is not None
        stop(action, reason="milestone_rejected")

    with at(day(-1, 14)):
        run_tx(end)
    with pytest.raises(Refusal, match="already become an action"):
        join(world, petition, "bob", 5_000, day(-1, 15))


def test_closing_before_somebody_begins_ends_it_without_a_month(world: World) -> None:
    petition, _ = subscribed(world, ALICE)
    world.plan(petition, 60, 40)
    with at(day(-1, 12)):
        bob = world.pledge(petition, "bob", 5_000, kind="recurring")
        collect_no_more(petition.id)
        world.work()
    assert world.pledge_state(bob) == "ended"
    assert any("has ended" in letter.subject for letter in world.letters("bob"))
    work_at(world, day(-1, 24), day(0, 1))
    assert charged(world, petition) == 0


def test_gifts_stay_closed_where_subscriptions_are_joined(world: World) -> None:
    petition, _ = subscribed(world, ALICE)
    with at(day(-1, 12)), pytest.raises(Refusal, match="already become an action"):
        world.pledge(petition, "bob", 5_000)


def test_an_erased_person_who_had_not_begun_never_pays(world: World) -> None:
    petition, _ = subscribed(world, ALICE)
    with at(day(-1, 12)):
        bob = world.pledge(petition, "bob", 5_000, kind="recurring")
        person_id = world.person("bob").id
        run_tx(lambda: erase_everywhere(person_id))
        world.work()
    assert world.pledge_state(bob) == "ended"
    work_at(world, day(-1, 24), day(0, 1))
    assert db.session.scalar(sa.select(sa.func.count()).where(Due.pledge_id == bob)) == 0


@pytest.mark.parametrize(("lang", "first"), [("en", "January 1, 2027"), ("ko", "2027년 1월 1일")])
def test_a_stranger_joins_by_page_letter_and_card(
    world: World, client: FlaskClient, lang: str, first: str
) -> None:
    petition, _ = subscribed(world, ALICE)
    work_at(world, day(-1, 24), day(0, 1))
    headers = {"Accept-Language": lang}
    with at(day(0, 10)):
        for page in (f"/petitions/{petition.slug}", f"/actions/{petition.slug}/subscription"):
            assert "Take part every month" in words(client.get(page, headers=headers).text), page
        form_address = f"/petitions/{petition.slug}/pledges?kind=recurring&choice=other&amount=5000"
        form = client.get(form_address, headers=headers)
        assert f"You pay ₩5,000 every month, on {first} for the first time" in words(form.text)
        key = re.search(r'name="key" value="([^"]+)"', form.text)
        assert key is not None
        made = client.post(
            f"/petitions/{petition.slug}/pledges",
            data={
                "kind": "recurring",
                "choice": "other",
                "amount": "5,000",
                "name": "Carol",
                "email": "carol@example.org",
                "payment_method": "pm_ok",
                "key": key.group(1),
            },
            headers=headers,
        )
        assert made.status_code == 200
        world.work()
        [letter] = world.letters("carol@example.org")
        assert "₩5,000" in letter.text
        pledge = db.session.scalars(sa.select(Pledge).where(Pledge.email == "carol@example.org")).one()
        assert pledge.state == "draft"
        address = f"/pledges/{letter_token(pledge)}"
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 200
        world.work()
        assert world.pledge_state(pledge.id) == "active"
        own = client.get(f"/subscriptions/{letter_token(pledge)}", headers=headers)
        assert own.status_code == 200
        assert "₩5,000" in own.text
    work_at(world, day(0, 25), day(1, 1))
    assert bills(pledge.id) == [(5_000, "paid")]


def test_the_offer_goes_when_the_organizer_collects_no_more(world: World, client: FlaskClient) -> None:
    petition, _ = subscribed(world, ALICE)
    world.plan(petition, 60, 40)
    desk = f"/desk/{petition.slug}/subscription"
    with at(day(-1, 12)):
        world.sign_in(client, "organizer")
        page = client.get(f"{desk}/end").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        done = client.post(
            f"{desk}/end", data={"csrf_token": token.group(1)}, headers={"Origin": "http://localhost"}
        )
        assert done.status_code == 303
        world.work()
    with at(day(-1, 13)):
        for page in (f"/petitions/{petition.slug}", f"/actions/{petition.slug}/subscription"):
            assert "Take part every month" not in read(client, page)
        assert "takes no more pledges" in read(client, f"/petitions/{petition.slug}/pledges")
