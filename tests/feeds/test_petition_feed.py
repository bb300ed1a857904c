"""The feed of a petition: everything that happened to it, once, under names that stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.actions.milestones import claim, end_vote
from app.actions.models import Milestone
from app.db import db, lock, run_tx
from app.petitions.answering import record_answer
from app.petitions.importing import insert_new
from app.petitions.models import Petition
from app.petitions.updating import publish_update
from tests.feeds.atom import feed_at
from tests.feeds.imported import archived
from tests.organizing.desk import underway
from tests.world import World

CANARY = "Zinnia"


def path(petition: Petition) -> str:
    return f"/petitions/{petition.slug}/feed.atom"


def tell_news(petition: Petition, title: str, text: str) -> None:
    organizer_id = petition.organizer_id
    assert organizer_id is not None
    run_tx(lambda: publish_update(petition.id, organizer_id, title=title, text=text, idempotency_key=title))


def test_it_tells_the_whole_story_the_newest_first(client: FlaskClient, world: World) -> None:
    petition, steps = underway(world)
    organizer_id = petition.organizer_id
    assert organizer_id is not None
    tell_news(petition, "공사를 시작했어요", "**내일**부터예요.")
    run_tx(lambda: record_answer(petition.id, "설치하겠습니다."))
    run_tx(lambda: claim(steps[0], organizer_id, text="사진을 *보세요*."))
    run_tx(lambda: setattr(lock(Milestone, steps[0]), "vote_ends_at", clock.now()))
    run_tx(lambda: end_vote(steps[0]))
    feed = feed_at(client, f"{path(petition)}?lang=en")
    titles = [entry.title for entry in feed.entries]
    assert titles[:4] == [
        "Step 1 accepted",
        "Step 1 claimed as done",
        "The answer of 서울시 교통국",
        "공사를 시작했어요",
    ]
    assert titles[-1] == "Opened for signatures and pledges"
    assert {"Both thresholds held", "Became an action", "Enough was reserved"} <= set(titles)
    assert [entry.published for entry in feed.entries] == sorted(
        (entry.published for entry in feed.entries), reverse=True
    )
    assert feed.updated == feed.entries[0].updated
    by_title = {entry.title: entry for entry in feed.entries}
    assert "<em>보세요</em>" in by_title["Step 1 claimed as done"].html
    assert by_title["The answer of 서울시 교통국"].html.count("설치하겠습니다.") == 1
    assert by_title["공사를 시작했어요"].link.partition("#")[2].startswith("update-")
    assert by_title["Became an action"].link.partition("?")[0].startswith("http://localhost/actions/")


def test_ids_are_tags_that_stay_and_no_two_are_the_same(client: FlaskClient, world: World) -> None:
    petition, _steps = underway(world)
    before = [entry.id for entry in feed_at(client, path(petition)).entries]
    tell_news(petition, "새 소식", "한 줄")
    after = [entry.id for entry in feed_at(client, f"{path(petition)}?lang=en").entries]
    assert after[1:] == before
    assert len(set(after)) == len(after) > 5
    assert all(each.startswith("tag:localhost,2026:") for each in after)


def test_it_speaks_the_petitions_language_unless_asked(client: FlaskClient, world: World) -> None:
    petition = world.petition(topic="transport")
    plain, asked = feed_at(client, path(petition)), feed_at(client, f"{path(petition)}?lang=en")
    assert (plain.language, asked.language) == ("ko", "en")
    assert plain.id == asked.id
    assert plain.links == {
        "alternate": plain.links["self"].removesuffix("/feed.atom"),
        "self": asked.links["self"].partition("?")[0],
    }
    assert asked.entries[0].html.startswith('<div lang="ko">')
    assert not plain.entries[0].html.startswith("<div")
    assert plain.entries[0].topic == "transport"


def test_what_organizers_write_is_as_safe_as_on_the_page(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="<b>AT&T</b> ]]> & 'quoted'")
    tell_news(petition, "<i>News</i>", "<script>alert(1)</script> [x](javascript:alert(1)) ![](x) **ok**")
    feed = feed_at(client, path(petition))
    assert feed.title == "<b>AT&T</b> ]]> & 'quoted'"
    news = feed.entries[0]
    assert news.title == "<i>News</i>"
    assert "<strong>ok</strong>" in news.html
    assert "<script" not in news.html
    assert 'href="javascript' not in news.html


def test_characters_that_xml_cannot_hold_are_left_out(client: FlaskClient, context: None, app: Flask) -> None:
    run_tx(lambda: insert_new([archived(title="나쁜\x0b글자\ufffe", text="ab\x1bc")]))
    [petition] = db.session.query(Petition).all()
    [entry] = feed_at(client, path(petition)).entries
    assert entry.title == "나쁜글자"
    assert "abc" in entry.html


def test_a_reader_with_the_newest_copy_is_given_none(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    first = client.get(path(petition))
    again = client.get(path(petition), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    tell_news(petition, "새 소식", "한 줄")
    assert client.get(path(petition), headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert first.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize(("state", "status"), [("hidden", 404), ("removed", 410), ("sponsoring", 404)])
def test_what_is_out_of_sight_has_no_feed_and_no_calendar(
    client: FlaskClient, world: World, state: str, status: int
) -> None:
    petition = world.petition(state=state)
    assert client.get(path(petition)).status_code == status
    assert client.get(f"/petitions/{petition.slug}/calendar.ics").status_code == status
    assert client.get("/petitions/nobody/feed.atom").status_code == 404


def test_no_signer_is_in_it(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1, deadline=clock.now() + timedelta(days=2))
    world.person(CANARY)
    world.sign(petition, CANARY)
    feed = client.get(path(petition)).text
    calendar = client.get(f"/petitions/{petition.slug}/calendar.ics").text
    page = client.get(f"/petitions/{petition.slug}").text
    assert "Z***" in page, "shown in part on the page, so the search below could find it"
    for text in (feed, calendar):
        assert CANARY.casefold() not in text.casefold()
        assert "Z***" not in text
        assert "example.org" not in text


def test_pages_lead_to_their_feeds(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="신호등", topic="transport")
    page = client.get(f"/petitions/{petition.slug}").text
    head = page.partition("</head>")[0]
    assert 'type="application/atom+xml"' in head
    assert "/feed.atom" in page.partition("<body")[2]
    assert 'href="webcal://localhost/petitions/' in page
    listed = client.get("/petitions?topic=transport&sort=near").text
    assert listed.count('href="/topics/transport.atom"') == 2
    searched = client.get("/petitions?q=신호&state=open&page=1").text
    assert "/petitions.atom?q=%EC%8B%A0%ED%98%B8&amp;state=open" in searched
