"""Ten thousand readers of one petition cost one read an interval."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from app.db import db, run_tx
from app.embeds import reading
from app.embeds.counting import shown_by
from app.embeds.reading import INTERVAL, Widget, read_widget
from app.petitions.models import Petition
from tests.counting import count_queries
from tests.embeds.test_frame import add_signature
from tests.world import World

READERS = 10_000
THREADS = 16
ONE_READ = 9
"""Statements of one read, whatever the petition's size."""
LOOKS = (
    "",
    "?lang=en",
    "?lang=ko&theme=dark",
    "?theme=light&via=news.example",
    "?color=ff8800&lang=en",
    ".svg?lang=en",
    ".json",
)


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"snapshot_seconds": 1}


@pytest.fixture(autouse=True)
def uncounted(app: Flask) -> Iterator[None]:
    """Nothing is written of this crowd once the test is over."""
    shown_by(app).seconds = 0
    yield
    shown_by(app).take()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slugs that were read, in order."""
    seen: list[str] = []

    def count(slug: str) -> Widget | None:
        seen.append(slug)
        return read_widget(slug)

    monkeypatch.setattr(reading, "read_widget", count)
    return seen


@pytest.fixture
def crowd(app: Flask) -> Callable[[list[str]], set[int]]:
    """Sends everybody to these addresses, from many threads that begin together; the statuses."""

    def send(paths: list[str]) -> set[int]:
        start = threading.Barrier(THREADS)

        def read_some(thread: int) -> set[int]:
            client = app.test_client()
            start.wait()
            return {client.get(path, buffered=True).status_code for path in paths[thread::THREADS]}

        with ThreadPoolExecutor(THREADS) as threads:
            return set().union(*threads.map(read_some, range(THREADS)))

    return send


def grow_old(app: Flask, slug: str) -> None:
    """As if an interval had passed since the read."""
    app.extensions["kept_answers"].kept.clear()
    for name, key in (("widgets", slug), ("snapshots", ("petition", slug))):
        kept = app.extensions[name].kept
        kept[key] = (kept[key][0] - INTERVAL, kept[key][1])


def test_ten_thousand_readers_cost_one_read(
    app: Flask, world: World, reads: list[str], crowd: Callable[[list[str]], set[int]]
) -> None:
    slug = world.petition().slug
    paths = [f"/embed/v1/{slug}{look}" for look in LOOKS] * (READERS // len(LOOKS) + 1)
    random.Random(7).shuffle(paths)
    answers: list[set[int]] = []
    assert count_queries(lambda: answers.append(crowd(paths[:READERS]))) <= ONE_READ
    assert answers == [{200}]
    assert reads == [slug]


@pytest.mark.parametrize(
    ("look", "times"),
    [
        ("via=site-{0}.example", 1200),
        ("n={0}", 1200),
        ("x={0:0400d}", 100),
        ("color={0:06x}", 100),
        ("since={0:024x}&via={0}", 100),
    ],
)
def test_made_up_arguments_cost_no_further_read(
    app: Flask, world: World, reads: list[str], look: str, times: int
) -> None:
    """Not even where less is kept than is asked for."""
    slug = world.petition().slug
    app.extensions["widgets"].most = 10
    app.extensions["drawn"].most = 10
    app.extensions["kept_answers"].most = 10
    client = app.test_client()
    for number in range(times):
        client.get(f"/embed/v1/{slug}?{look.format(number)}", buffered=True)
    assert reads == [slug]


def test_made_up_sites_and_arguments_are_one_answer(app: Flask, world: World) -> None:
    slug, client = world.petition().slug, app.test_client()
    for number in range(50):
        client.get(f"/embed/v1/{slug}?via=site-{number}.example&n={number}", buffered=True)
    assert len(app.extensions["kept_answers"].kept) == len(app.extensions["drawn"].kept) == 1


def test_widths_and_colours_push_out_no_page(app: Flask, world: World) -> None:
    petition, client = world.petition(), app.test_client()
    client.get(f"/petitions/{petition.slug}", buffered=True)
    before = list(app.extensions["written"].kept)
    assert before
    for number in range(300, 320):
        for path in (
            f"/oembed?maxwidth={number}&url=http://localhost/petitions/{petition.slug}",
            f"/petitions/{petition.slug}/embed?width={number}&color={number:06x}",
        ):
            assert client.get(path, buffered=True).status_code == 200
    assert list(app.extensions["written"].kept) == before


def test_all_who_come_as_it_grows_old_cost_one_more(
    app: Flask, world: World, reads: list[str], crowd: Callable[[list[str]], set[int]]
) -> None:
    petition = world.petition()
    paths = [f"/embed/v1/{petition.slug}?via=site-{number}.example" for number in range(2 * THREADS)]
    crowd(paths)
    add_signature(petition, "minji")
    grow_old(app, petition.slug)
    assert crowd(paths) == {200}
    assert reads == [petition.slug] * 2
    assert "Confirmed signatures: 1." in app.test_client().get(paths[0] + "&lang=en").text


def test_a_petition_that_is_not_there_costs_one_read_too(
    world: World, reads: list[str], crowd: Callable[[list[str]], set[int]]
) -> None:
    assert crowd(["/embed/v1/nothing"] * 200) == {404}
    assert reads == ["nothing"]


def test_what_is_hidden_is_gone_at_the_next_read(app: Flask, world: World) -> None:
    petition = world.petition()
    address, client = f"/embed/v1/{petition.slug}", app.test_client()
    assert client.get(address).status_code == 200
    run_tx(lambda: setattr(db.session.get(Petition, petition.id), "state", "hidden"))
    assert client.get(address).status_code == 200
    grow_old(app, petition.slug)
    assert client.get(address).status_code == 410


def test_without_keeping_everybody_reads(app: Flask, world: World, reads: list[str]) -> None:
    """The negative control."""
    slug = world.petition().slug
    app.extensions["widgets"].seconds = 0
    for number in range(5):
        app.test_client().get(f"/embed/v1/{slug}?color=1f6b4{number}")
    assert reads == [slug] * 5
