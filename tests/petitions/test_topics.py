"""Topics: chosen at the launch or not at all, searched by, and read from what archives call them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.petitions.browsing import Search, list_petitions
from app.petitions.topics import CATEGORIES, TOPIC_OF, TOPICS, topic_of
from tests.world import World


def test_a_list_of_one_topic_holds_nothing_else(world: World) -> None:
    world.petition(title="밤길에 등을 달아요", topic="safety")
    world.petition(title="버스를 늘려 주세요", topic="transport")
    world.petition(title="무엇이든")
    titles = [petition.title for petition in list_petitions(Search(topic="transport")).items]
    assert titles == ["버스를 늘려 주세요"]


def test_a_topic_nobody_knows_gets_a_sentence(client: FlaskClient, context: None) -> None:
    page = client.get("/petitions?topic=%27%22%3E")
    assert page.status_code == 422
    assert "Choose a topic from this list" in page.text
    assert client.get("/api/v1/petitions?topic=nothing").status_code == 422


def test_the_page_names_its_topic_and_leads_to_more_of_it(client: FlaskClient, world: World) -> None:
    petition = world.petition(topic="animals")
    page = client.get(f"/petitions/{petition.slug}?lang=en").text
    assert '<a href="/petitions?topic=animals&amp;lang=en">Animals</a>' in page
    assert "topic=" not in client.get(f"/petitions/{world.petition(title='다른 청원').slug}").text


def test_the_search_keeps_what_was_chosen(client: FlaskClient, context: None) -> None:
    page = client.get("/petitions?topic=food&lang=en").text
    assert '<option value="food" selected>Food and farming</option>' in page


@pytest.mark.parametrize(
    ("category", "topic"),
    [
        ("육아/교육", "education"),
        ("Home Office", "safety"),
        (" Climate Change ", "environment"),
        ("기타", None),
        ("", None),
        (None, None),
    ],
)
def test_archives_call_topics_by_other_names(category: str | None, topic: str | None) -> None:
    assert topic_of(category) == topic


def test_every_category_belongs_to_one_topic_of_the_list(app: Flask) -> None:
    assert set(CATEGORIES) <= set(TOPICS)
    assert len(TOPIC_OF) == sum(len(categories) for categories in CATEGORIES.values())
