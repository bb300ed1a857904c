"""The public books: sums from the postings, one line an action, the same as a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event

from app import clock
from app.actions import public_books
from app.actions.auditing import audit
from app.db import db, run_tx
from app.petitions.models import Petition
from app.pledges.models import Pledge
from tests.actions.stages import cast, claim_step, name_payee, pay_step, read
from tests.world import World


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def fired(
    world: World, later: time_machine.Traveller, title: str, *amounts: int, currency: str = "KRW"
) -> tuple[Petition, list[str]]:
    """An action underway, backed by Alice, Bob and so on with these amounts; its steps' ids."""
    petition = world.petition(title=title, signatures=1, goal=sum(amounts), currency=currency)
    steps = world.plan(petition, 60, 40)
    for name, amount in zip(("alice", "bob", "junho"), amounts, strict=False):
        world.pledge(petition, name, amount)
    world.sign(petition, "minji")
    later.shift(timedelta(hours=1, seconds=1))
    world.work()
    return petition, steps


def rows(client: FlaskClient) -> list[dict[str, str]]:
    answer = client.get("/books.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.get_data()[:3] == b"\xef\xbb\xbf"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def test_before_anything_is_pledged_the_page_says_what_it_is_for(world: World, client: FlaskClient) -> None:
    page = read(client, "/books")
    assert "Nothing has been pledged yet" in page
    assert "dure books" in page
    assert rows(client) == []


def test_pledges_to_open_petitions_count_before_any_action(world: World, client: FlaskClient) -> None:
    petition = world.petition(goal=100_000)
    world.pledge(petition, "alice", 7_000)
    page = read(client, "/books")
    assert "or when its action began ₩7,000" in page
    assert "No petition has become an action yet" in page
    assert "Petitions that are no action (yet), in KRW ₩7,000 ₩0" in page


def test_every_action_has_a_line_and_the_lines_make_the_sum(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    name_payee(world)
    lights, steps = fired(world, later, "신호등", 20_000, 10_000)
    pay_step(world, steps[0], "alice", "bob")
    bench, (first, _) = fired(world, later, "벤치", 5_001)
    claim_step(world, first)
    cast(world, first, False, "alice")
    world.work()
    page = read(client, "/books")
    assert "신호등 Underway ₩30,000 ₩0 ₩30,000 ₩18,000 ₩0 ₩12,000" in page
    assert "벤치 Stopped" in page
    assert page.index("벤치 Stopped") < page.index("신호등 Underway")
    assert "Collected ₩35,001 Paid out to organizers −₩18,000 Refunded to backers −₩5,001" in page
    assert "Still in escrow ₩12,000" in page
    by_slug = {row["petition"]: row for row in rows(client)}
    assert by_slug[lights.slug]["in_escrow"] == "12000"
    assert by_slug[bench.slug]["refunded"] == "5001"
    assert audit().differences == []


def test_currencies_are_never_added_together(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    fired(world, later, "신호등", 30_000)
    fired(world, later, "Bench", 10_050, currency="USD")
    page = read(client, "/books")
    assert "All petitions and actions, in KRW" in page
    assert "All petitions and actions, in USD" in page
    assert "Collected ₩30,000" in page
    assert "Collected $100.50" in page
    assert {row["currency"]: row["captured"] for row in rows(client)} == {"KRW": "30000", "USD": "10050"}


def test_the_numbers_are_those_of_the_postings(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    fired(world, later, "신호등", 20_000, 10_000)
    run_tx(lambda: db.session.execute(sa.update(Pledge).values(captured=1)))
    assert "Collected ₩30,000" in read(client, "/books")
    assert rows(client)[0]["captured"] == "30000"


def test_withdrawn_pledges_are_not_counted(world: World, client: FlaskClient) -> None:
    petition = world.petition(goal=100_000)
    world.pledge(petition, "alice", 7_000)
    gone = world.pledge(petition, "bob", 5_000)
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == gone).values(state="withdrawn")))
    assert "or when its action began ₩7,000" in read(client, "/books")


def test_what_was_taken_down_keeps_its_line_but_not_its_name(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition, _ = fired(world, later, "신호등", 30_000)
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "state", "removed"))
    page = read(client, "/books")
    assert "신호등" not in page
    assert "An action that was taken down" in page
    assert "Collected ₩30,000" in page
    assert [row["petition"] for row in rows(client)] == [""]


def test_the_page_names_the_latest_and_sums_up_the_rest(
    world: World, client: FlaskClient, later: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_books, "MOST_SHOWN", 1)
    fired(world, later, "신호등", 30_000)
    fired(world, later, "벤치", 5_000)
    page = read(client, "/books")
    assert "벤치" in page
    assert "신호등" not in page
    assert "Earlier actions in KRW, all of them in the CSV ₩30,000 ₩0 ₩30,000" in page
    assert "Collected ₩35,000" in page
    assert len(rows(client)) == 2


def test_more_actions_cost_no_more_queries(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    fired(world, later, "신호등", 30_000)
    few = count_queries(client)
    fired(world, later, "벤치", 5_000)
    fired(world, later, "나무", 5_000, 1_000)
    assert count_queries(client) == few <= 3


def count_queries(client: FlaskClient) -> int:
    counted: list[str] = []

    def note(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    engines = set(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get("/books").status_code == 200
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in counted)


def test_everybody_may_keep_the_books(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    fired(world, later, "신호등", 30_000)
    for address in ("/books", "/books.csv"):
        first = client.get(address)
        assert first.headers["Cache-Control"].startswith("public")
        assert "Set-Cookie" not in first.headers
        tag = {"If-None-Match": first.headers["ETag"]}
        assert client.get(address, headers=tag).status_code == 304
    fired(world, later, "벤치", 5_000)
    assert client.get("/books", headers=tag).status_code == 200
