"""On which sites the widgets are shown: the host alone, bounded whatever anybody makes up."""

from __future__ import annotations

import pytest
from flask import Flask

from app.embeds.counting import MOST_PETITIONS, MOST_SITES, Shown, shown_by
from app.petitions import arriving
from app.petitions.arriving import OTHERS
from app.petitions.models import Arrival
from tests.embeds.arrivals import ARTICLE, NEWS, counts, load
from tests.world import World


def test_only_the_host_is_kept(app: Flask, world: World) -> None:
    petition = world.petition()
    load(app, petition)
    load(app, petition, referrer="", query=f"theme=dark&via={NEWS}")
    load(app, petition, referrer="https://blog.example:8443/x", query="via=")
    assert counts(petition) == {NEWS: (2, 0, 0), "blog.example:8443": (1, 0, 0)}
    assert {column.name for column in Arrival.__table__.columns} == {
        *("petition_id", "host", "day"),
        *("shown", "signed", "pledged"),
    }


@pytest.mark.parametrize(
    ("referrer", "query"),
    [
        ("http://localhost/petitions/x/embed", ""),
        ("http://localhost/embed/v1/x", f"via={NEWS}"),
        ("", ""),
        ("", "via=localhost"),
        ("data:text/html,x", "via=javascript:alert(1)"),
        ("https://user:secret@evil.example/", ""),
    ],
)
def test_polls_previews_and_nameless_pages_do_not_count(
    app: Flask, world: World, referrer: str, query: str
) -> None:
    petition = world.petition()
    load(app, petition, referrer, query)
    assert counts(petition) == {}


def test_a_flood_of_made_up_names_is_counted_as_others(app: Flask, world: World) -> None:
    petition = world.petition()
    shown = shown_by(app)
    for number in range(3_000):
        shown.add(petition.id, f"made-up-{number}.example")
    assert len(shown.counted[petition.id]) <= MOST_SITES + 1
    shown.write()
    assert not shown.counted
    found = counts(petition)
    assert len(found) == MOST_SITES + 1
    assert sum(row[0] for row in found.values()) == 3_000
    assert found[OTHERS][0] == 3_000 - MOST_SITES


def test_the_rows_of_a_day_are_bounded_too(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "MOST_SITES", 3)
    petition = world.petition()
    for number in range(6):
        load(app, petition, referrer=f"https://site-{number}.example/")
    load(app, petition, referrer="https://site-0.example/")
    assert counts(petition) == {
        "site-0.example": (2, 0, 0),
        "site-1.example": (1, 0, 0),
        "site-2.example": (1, 0, 0),
        OTHERS: (3, 0, 0),
    }


def test_made_up_petitions_do_not_fill_the_memory(app: Flask) -> None:
    shown = Shown(app, "localhost", 0)
    for number in range(MOST_PETITIONS + 10):
        shown.add(f"petition-{number}", NEWS)
    assert len(shown.counted) == MOST_PETITIONS


def test_loads_between_two_writes_cost_one_write(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    monkeypatch.setattr(Shown, "write_apart", lambda shown: written.append(shown.take()))
    petition = world.petition()
    shown = Shown(app, "localhost", 0.05)
    for _reader in range(500):
        shown.note(petition.id, {"HTTP_REFERER": ARTICLE})
    assert shown.timer is not None
    shown.timer.join(5)
    assert [{key: dict(sites) for key, sites in taken.items()} for taken in written] == [
        {petition.id: {NEWS: 500}}
    ]


def test_what_cannot_be_written_is_lost_without_harm(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("app.embeds.counting.count_arrivals", fail)
    petition = world.petition()
    shown = shown_by(app)
    shown.add(petition.id, NEWS)
    shown.write_apart()
    assert counts(petition) == {}
    assert not shown.counted
