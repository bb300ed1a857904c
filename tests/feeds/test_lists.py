"""Feeds of lists: a topic, a search, or everything; the newest petitions first."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from app import clock
from app.db import lock, run_tx
from app.petitions.importing import insert_new
from app.petitions.models import Petition
from tests.feeds.atom import feed_at
from tests.feeds.imported import archived
from tests.world import World


def test_a_topic_has_a_feed_of_its_own(client: FlaskClient, world: World) -> None:
    world.petition(title="버스", topic="transport")
    world.petition(title="고양이", topic="animals")
    run_tx(lambda: insert_new([archived()]))
    feed = feed_at(client, "/topics/animals.atom")
    assert [entry.title for entry in feed.entries] == ["고양이", "옛 청원"]
    assert feed.links["self"] == "http://localhost/topics/animals.atom"
    assert feed.links["alternate"] == "http://localhost/petitions?topic=animals"
    assert client.get("/topics/gossip.atom").status_code == 404


def test_a_search_can_be_followed(client: FlaskClient, world: World) -> None:
    world.petition(title="신호등을 놓아 주세요")
    world.petition(title="버스를 늘려 주세요")
    assert [entry.title for entry in feed_at(client, "/petitions.atom?q=버스").entries] == [
        "버스를 늘려 주세요"
    ]
    assert len(feed_at(client, "/petitions.atom").entries) == 2
    assert feed_at(client, "/petitions.atom?state=closed").entries == []
    assert feed_at(client, "/petitions.atom?q=%3Ca%3E&topic=food").id.isascii()
    assert client.get("/petitions.atom?topic=%00").status_code == 422
    assert client.get(f"/petitions.atom?q={'가' * 201}").status_code == 422


def test_an_entry_keeps_its_id_and_moves_when_something_came_of_it(client: FlaskClient, world: World) -> None:
    petition = world.petition(topic="safety")
    [before] = feed_at(client, "/topics/safety.atom").entries
    fired = clock.now() + timedelta(days=1)
    run_tx(lambda: setattr(lock(Petition, petition.id), "fired_at", fired))
    [after] = feed_at(client, "/topics/safety.atom?lang=en").entries
    assert (after.id, after.published, after.updated) == (before.id, before.published, fired)
    assert before.updated == before.published


def test_only_what_everybody_may_see_is_listed(client: FlaskClient, world: World) -> None:
    for state in ("sponsoring", "moderation", "rejected", "hidden", "removed"):
        world.petition(title=state, state=state, topic="food")
    assert feed_at(client, "/topics/food.atom").entries == []
