"""Thanking givers: once each, with a letter, points for both, and a duty kept where something was offered."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.actions.auditing import audit
from app.actions.duties import duties_of
from app.actions.locking import lock_action
from app.actions.stopping import stop
from app.db import db, run_tx
from app.giving import auditing
from app.giving.models import Thanks
from app.giving.thanking import break_overdue, thank
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.points.models import PointRow
from tests.actions.stages import words
from tests.organizing.desk import OURS, send
from tests.world import World

OFFERED = {"thanks": [[20_000, "a postcard"], [50_000, "=dinner"]]}
CARD = {"thanks": "a postcard", "to": "서울시 마포구 1"}


def begun(world: World, later: time_machine.Traveller, *pledges: tuple[str, int, dict[str, Any]]) -> Petition:
    """An action under way with these gifts."""
    goal = sum(amount for _name, amount, _terms in pledges)
    petition = world.petition(signatures=1, offers=(OfferWish("gift", "money", goal, OFFERED),))
    world.plan(petition, 60, 40)
    for name, amount, terms in pledges:
        world.pledge(petition, name, amount, **terms)
    world.sign(petition, "moderator")
    later.shift(timedelta(hours=1, seconds=1))
    for _ in range(2):
        world.work()
    assert world.action(petition).state == "underway"
    return petition


@pytest.fixture
def later() -> Any:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def pledges_of(petition: Petition) -> list[str]:
    return list(
        db.session.scalars(sa.select(Pledge.id).where(Pledge.petition_id == petition.id).order_by(Pledge.id))
    )


def points(reason: str) -> list[tuple[str, int]]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(PointRow.person_id, PointRow.mp).where(PointRow.reason == reason).order_by(PointRow.id)
    )
    return [(row.person_id, row.mp) for row in rows]


def say_thanks(world: World, petition: Petition, *pledge_ids: str) -> int:
    organizer = world.person("organizer").id
    done = run_tx(lambda: thank(petition.id, organizer, pledge_ids))
    world.work()
    return done


def troubles() -> list[str]:
    db.session.rollback()
    return [*audit().differences, *(line for check in auditing.CHECKS for line in check())]


def test_what_was_asked_for_is_owed_and_kept_when_it_is_sent(
    world: World, later: time_machine.Traveller
) -> None:
    petition = begun(world, later, ("minji", 30_000, CARD), ("bob", 10_000, {}))
    [duty] = duties_of(petition.id, "gift")
    assert (duty.state, duty.name, duty.debtor) == ("open", "thanks", "organizer")
    assert say_thanks(world, petition, *pledges_of(petition)) == 2
    assert say_thanks(world, petition, *pledges_of(petition)) == 0
    assert world.fresh(duty).state == "kept"
    assert points("thanks_received") == [(world.person(name).id, 1000) for name in ("minji", "bob")]
    assert points("thanks_given") == [(world.person("organizer").id, 200)] * 2
    letter = world.letters("minji")[-1]
    assert "a postcard" in letter.text
    assert "a postcard" not in world.letters("bob")[-1].text
    assert troubles() == []


def test_five_a_week_earn_points_and_the_sixth_is_thanked_all_the_same(
    world: World, later: time_machine.Traveller
) -> None:
    petition = begun(world, later, *((f"giver{n}", 10_000, {}) for n in range(6)))
    assert say_thanks(world, petition, *pledges_of(petition)) == 6
    assert (len(points("thanks_given")), len(points("thanks_received"))) == (5, 5)
    later.shift(timedelta(days=8))
    assert db.session.query(Thanks).count() == 6


def test_only_collected_gifts_of_ones_own_petition_are_thanked_for(
    world: World, later: time_machine.Traveller
) -> None:
    petition = begun(world, later, ("minji", 30_000, {}))
    other = world.petition(title="Still open")
    world.pledge(other, "bob", 10_000)
    assert say_thanks(world, petition, *pledges_of(other), "nonsense", "") == 0
    assert say_thanks(world, other, *pledges_of(other)) == 0
    stranger = world.person("junho").id
    assert run_tx(lambda: thank(petition.id, stranger, pledges_of(petition))) == 0


def test_thanks_that_never_came_are_seen_by_everybody(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = begun(world, later, ("minji", 30_000, CARD))
    later.shift(timedelta(days=181))
    world.work()
    world.work()
    assert "Thanks to send" in [
        letter.subject.partition(":")[0] for letter in world.letters("organizer")
    ] or any("보낼" in letter.subject for letter in world.letters("organizer"))
    assert break_overdue() == 0
    later.shift(timedelta(days=30))
    assert break_overdue() == 1
    page = words(client.get(f"/actions/{petition.slug}/thanks?lang=en").text)
    assert "a postcard 1 0 1" in page
    assert say_thanks(world, petition, *pledges_of(petition)) == 1
    assert troubles() == []


def test_a_stopped_action_owes_no_thanks(world: World, later: time_machine.Traveller) -> None:
    petition = begun(world, later, ("minji", 30_000, CARD))

    def end() -> None:
        action = lock_action(petition.id)
        assert action is not None
        stop(action, reason="rejected")

    run_tx(end)
    world.work()
    assert [duty.state for duty in duties_of(petition.id, "gift")] == ["waived"]


def test_the_organizers_list_and_sheet(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    dinner = {"thanks": "=dinner", "to": "@home", "behalf": "우리 반"}
    petition = begun(world, later, ("minji", 30_000, CARD), ("bob", 50_000, dinner), ("junho", 10_000, {}))
    list_page, sheet = f"/desk/{petition.slug}/thanks?lang=en", f"/desk/{petition.slug}/thanks.csv?lang=en"
    assert client.get(list_page).status_code == 302
    world.sign_in(client, "alice")
    assert [client.get(page).status_code for page in (list_page, sheet)] == [404, 404]
    world.sign_in(client, "organizer")
    rows = list(csv.reader(io.StringIO(client.get(sheet).text.lstrip("\ufeff"))))
    assert [row[:3] for row in rows[1:]] == [
        ["a postcard", "민지", "서울시 마포구 1"],
        ["'=dinner", "Bob", "'@home"],
    ]
    page = words(client.get(list_page).text)
    assert "on behalf of 우리 반" in page
    answer = send(client, list_page, {"gift": pledges_of(petition)[0]})
    assert answer.status_code == 303
    assert len(list(csv.reader(io.StringIO(client.get(sheet).text)))) == 2
    assert client.post(list_page, data={"gift": "x"}, headers=OURS).status_code == 400


def test_whoever_hides_their_name_is_nowhere(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    canary, behalf = "카나리아", "종달새"
    petition = begun(world, later, (canary, 30_000, {"behalf": behalf}), ("bob", 10_000, {}))
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.name == canary).values(hide_name=True)))
    for path in ("", "/thanks"):
        base = "petitions" if not path else "actions"
        page = client.get(f"/{base}/{petition.slug}{path}").text
        assert canary not in page
        assert behalf not in page
    account = client.get(f"/actions/{petition.slug}?lang=en").text
    assert canary[0] + "*" not in account
    assert behalf[0] + "*" not in account
    world.sign_in(client, "organizer")
    assert canary not in client.get(f"/desk/{petition.slug}/thanks").text
    run_tx(lambda: db.session.execute(sa.update(Pledge).values(hide_name=False)))
    shown = words(client.get(f"/actions/{petition.slug}?lang=en").text)
    assert "카**아 on behalf of 종*새" in shown
