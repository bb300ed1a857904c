"""On which sites the widgets are shown: the host alone, bounded whatever anybody makes up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db, run_tx
from app.embeds.choosing import choose
from app.embeds.counting import MOST_KEYS, MOST_SITES, Shown, shown_by
from app.embeds.doubting import MOST_NEW, network_in
from app.petitions import arriving
from app.petitions.arriving import OTHERS, count_arrival
from app.petitions.models import Arrival
from tests.counting import count_queries
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


def test_badges_count_as_frames_do(app: Flask, client: FlaskClient, world: World) -> None:
    petition, hidden = world.petition(), world.petition(state="hidden", title="Hidden")
    for slug, kind in ((petition.slug, "svg"), (petition.slug, "json"), (hidden.slug, "svg")):
        client.get(f"/embed/v1/{slug}.{kind}", headers={"Referer": ARTICLE})
    client.get(f"/embed/v1/{petition.slug}.svg?via=blog.example")
    client.get(f"/embed/v1/{petition.slug}.svg")
    shown_by(app).write()
    assert counts(petition) == {NEWS: (1, 0, 0), "blog.example": (1, 0, 0)}
    assert counts(hidden) == {}


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


def from_network(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"203.0.{number // 256}.{number % 256}"}


def test_a_flood_of_made_up_names_is_counted_as_others(app: Flask, world: World) -> None:
    petition = world.petition()
    shown = shown_by(app)
    for number in range(3_000):
        shown.add(petition.id, f"made-up-{number}.example", from_network(number))
    assert len(shown.counted) == MOST_SITES + 1
    shown.write()
    assert not shown.counted
    found = counts(petition)
    assert len(found) == MOST_SITES + 1
    assert sum(row[0] for row in found.values()) == 3_000
    assert found[OTHERS][0] == 3_000 - MOST_SITES


def test_one_network_makes_few_names_up(app: Flask, world: World) -> None:
    petition, shown = world.petition(), shown_by(app)
    for number in range(300):
        shown.add(petition.id, f"made-up-{number}.example", from_network(0))
    shown.add(petition.id, NEWS, from_network(1))
    shown.write()
    found = counts(petition)
    assert found[NEWS] == (1, 0, 0)
    assert found[OTHERS] == (300 - MOST_NEW, 0, 0)
    assert len(found) == MOST_NEW + 2
    load(app, petition, network="203.0.0.0")
    assert counts(petition)[NEWS] == (2, 0, 0)


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


def test_what_was_confirmed_keeps_its_site_whatever_was_made_up_before(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "MOST_SITES", 3)
    petition = world.petition()
    for number in range(6):
        load(app, petition, referrer=f"https://site-{number}.example/")
    run_tx(lambda: count_arrival(petition.id, "signed", NEWS))
    load(app, petition)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        for number in range(6):
            load(app, petition, referrer=f"https://site-{number}.example/")
        load(app, petition)
    rows = db.session.query(Arrival).filter_by(petition_id=petition.id, host=NEWS).order_by(Arrival.day)
    assert [(row.shown, row.signed) for row in rows] == [(1, 1), (1, 0)]


def test_sites_on_the_list_keep_their_names_and_all_below_a_name_do_not(app: Flask, world: World) -> None:
    petition, shown = world.petition(), shown_by(app)
    run_tx(lambda: choose(petition.id, (f"https://{NEWS}", "https://*.example"), signs_in_frame=False))
    for number in range(MOST_NEW):
        shown.add(petition.id, f"made-up-{number}.example", from_network(0))
    for site in (NEWS, "one-more.example"):
        shown.add(petition.id, site, from_network(0))
    shown.write()
    found = counts(petition)
    assert (found[NEWS], found[OTHERS]) == ((1, 0, 0), (1, 0, 0))


def test_one_write_costs_the_same_for_any_number_of_petitions(app: Flask, world: World) -> None:
    shown = shown_by(app)
    petitions = [world.petition(title=f"청원 {number}") for number in range(3)]
    for petition in petitions:
        for number in range(5):
            shown.add(petition.id, f"site-{number}.example", from_network(number))
    assert count_queries(shown.write) == 3
    assert [len(counts(petition)) for petition in petitions] == [5, 5, 5]


def test_made_up_petitions_do_not_fill_the_memory(app: Flask) -> None:
    shown = Shown(app, "localhost", 0)
    for number in range(MOST_KEYS + 10):
        shown.add(f"petition-{number}", NEWS, from_network(number))
    assert len(shown.counted) == MOST_KEYS


@pytest.mark.parametrize(
    ("environ", "hops", "network"),
    [
        ({"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}, 0, "203.0.113.7"),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 198.51.100.1"}, 1, "198.51.100.1"),
        ({"REMOTE_ADDR": "2001:db8::17"}, 0, "2001:db8::/64"),
        ({"REMOTE_ADDR": "unix:"}, 0, ""),
        ({}, 1, ""),
    ],
)
def test_networks_are_told_apart_behind_our_proxy_too(
    environ: dict[str, str], hops: int, network: str
) -> None:
    assert network_in(environ, hops) == network


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
    assert written == [({(petition.id, NEWS): 500}, set())]


def test_what_cannot_be_written_is_lost_without_harm(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("app.embeds.counting.count_loads", fail)
    petition = world.petition()
    shown = shown_by(app)
    shown.add(petition.id, NEWS, from_network(0))
    shown.write_apart()
    assert counts(petition) == {}
    assert not shown.counted
