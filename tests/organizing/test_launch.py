"""Launching: one form, one petition, and a sentence beside every field that is wrong."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import clock
from app.actions.planning import plan_of
from app.db import db
from app.petitions.models import Petition
from tests.organizing.desk import OURS, days_ahead, launch_data, send
from tests.world import World

PATH = "/petitions/new"


def petitions() -> list[Petition]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Petition)))


def test_a_stranger_is_sent_to_sign_in_and_cannot_post(client: FlaskClient, world: World) -> None:
    assert client.get(PATH).status_code == 302
    assert client.post(PATH, data=launch_data()).status_code == 403
    assert petitions() == []


def test_one_form_makes_a_petition_with_its_plan(client: FlaskClient, world: World) -> None:
    minji = world.sign_in(client, "minji")
    answer = send(client, PATH, launch_data(step2_due=days_ahead(90).isoformat()))
    [petition] = petitions()
    assert answer.status_code == 303
    assert answer.location == f"/desk/{petition.slug}" or petition.slug not in answer.location
    assert (petition.state, petition.organizer_id) == ("sponsoring", minji.id)
    assert petition.signatures.target == 300
    assert petition.pledge_thresholds[0].target == 3_000_000
    assert petition.deadline is not None
    assert petition.deadline.astimezone(clock.SEOUL).isoformat() == f"{days_ahead(30)}T23:59:59+09:00"
    plan = [(m.title, m.share, m.due_on) for m in plan_of(petition.id)]
    assert plan == [("설계", 40, None), ("설치", 60, days_ahead(90))]


def test_the_same_form_sent_twice_makes_one_petition(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "minji")
    first, second = (send(client, PATH, launch_data()) for _ in range(2))
    assert first.location == second.location
    assert len(petitions()) == 1
    world.sign_in(client, "junho")
    send(client, PATH, launch_data())
    assert len(petitions()) == 2, "a key belongs to the person who sends it"


def test_without_the_token_nothing_happens(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "minji")
    assert client.post(PATH, data=launch_data(), headers=OURS).status_code == 400
    assert (
        client.post(PATH, data=launch_data(), headers={"Origin": "https://evil.example"}).status_code == 403
    )
    assert petitions() == []


def test_state_tally_and_organizer_cannot_be_sent_along(client: FlaskClient, world: World) -> None:
    minji = world.sign_in(client, "minji")
    junho = world.person("junho")
    forged = {
        "state": "open",
        "tally": "299",
        "organizer_id": junho.id,
        "slug": "chosen",
        "sponsors_needed": "0",
        "featured_at": "2020-01-01",
    }
    send(client, PATH, launch_data(**forged))
    [petition] = petitions()
    assert (petition.state, petition.signatures.tally, petition.organizer_id) == ("sponsoring", 0, minji.id)
    assert petition.slug != "chosen"
    assert petition.sponsors_needed == 5
    assert petition.featured_at is None


BAD: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "Write the demand in one sentence."),
    ({"title": "   "}, "Write the demand in one sentence."),
    ({"title": "가" * 121}, "Shorten this to 120 characters."),
    ({"title": "safe\u202eevil"}, "Remove the invisible control characters"),
    ({"title": "a\x00b"}, "Remove the invisible control characters"),
    ({"addressee": "Office\r\nBcc: all@example.org"}, "Remove the invisible control characters"),
    ({"addressee": ""}, "Name the institution"),
    ({"title": "http://evil.example/x"}, "Leave web addresses out here."),
    ({"title": "Look at WWW.evil.example"}, "Leave web addresses out here."),
    ({"addressee": "https://evil.example"}, "Leave web addresses out here."),
    ({"summary": "x" * 301}, "Shorten this to 300 characters."),
    ({"text": ""}, "Write what happened."),
    ({"text": "a" + "\u0301" * 10}, "Remove the stacked accents"),
    ({"text": "y" * 30_001}, "Shorten this to 30000 characters."),
    ({"locale": "xx"}, "Choose a language."),
    ({"signature_target": ""}, "Write how many signatures"),
    ({"signature_target": "0"}, "Write a number of at least 1."),
    ({"signature_target": "-5"}, "Write a number of at least 1."),
    ({"signature_target": "2.5"}, "Write a whole number in digits."),
    ({"signature_target": "NaN"}, "Write a whole number in digits."),
    ({"signature_target": "99999999999"}, "Write a number of at most 50,000,000."),
    ({"goal": ""}, "Write the amount."),
    ({"goal": "0"}, "Write an amount of at least ₩1."),
    ({"goal": "-1"}, "Write an amount of at least ₩1."),
    ({"goal": "0.001"}, "Write an amount without a fraction of ₩1."),
    ({"goal": "1000.5"}, "Write an amount without a fraction of ₩1."),
    ({"goal": "1000000000001"}, "Write an amount of at most ₩1,000,000,000,000."),
    ({"goal": "NaN"}, "Write the amount in digits"),
    ({"currency": "XXX"}, "Choose a currency from the list."),
    ({"currency": ""}, "Choose a currency from the list."),
    ({"deadline": ""}, "Choose the last day."),
    ({"deadline": "tomorrow"}, "Write the day as year-month-day"),
    ({"deadline": "2020-01-01"}, "at least one day from now"),
    ({"deadline": "9999-12-31"}, "Choose a deadline within one year."),
    ({"deadline": "0001-01-01"}, "at least one day from now"),
    ({"deadline_time": "25:61"}, "Write the time as hours and minutes"),
    ({"step2_title": "", "step2_share": ""}, "Plan at least two steps."),
    ({"step2_share": "50"}, "The parts add up to 90%. They must add up to 100%."),
    ({"step2_share": "-60"}, "Write a number of at least 1."),
    ({"step2_share": "0"}, "Write a number of at least 1."),
    ({"step2_share": "59.5"}, "Write a whole number in digits."),
    ({"step2_title": ""}, "Say what this step delivers."),
    ({"step3_title": "끝"}, "Write which part of the money"),
    ({"step3_due": "2030-01-01"}, "Say what this step delivers."),
    ({"step2_due": "someday"}, "Write the day as year-month-day"),
    ({"step2_due": days_ahead(29).isoformat()}, "Choose the last day or a later one."),
    (
        {"step1_due": days_ahead(60).isoformat(), "step2_due": days_ahead(59).isoformat()},
        "Put them in order.",
    ),
    ({"step1_due": "9999-12-31"}, "Choose a day within five years of the last day."),
]


@pytest.mark.parametrize(
    ("spoiled", "sentence"), BAD, ids=[f"{next(iter(s))}-{i}" for i, (s, _) in enumerate(BAD)]
)
def test_what_is_wrong_gets_a_sentence_and_nothing_typed_is_lost(
    client: FlaskClient, world: World, spoiled: dict[str, Any], sentence: str
) -> None:
    world.sign_in(client, "alice")
    data = launch_data(**spoiled)
    answer = send(client, PATH, data)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert sentence in page
    assert petitions() == []
    days = [name for name in spoiled if name.endswith("_due")]
    for name in ("addressee", "summary", "goal", "deadline", "step1_title", "step1_share", "key", *days):
        kept = data[name].strip().replace("\r\n", "\n")
        assert not kept or kept in page.replace("\r\n", "\n"), f"{name} is lost"


def test_preview_saves_nothing_and_keeps_everything(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "alice")
    data = launch_data(title="Preview me", text="<script>x</script> **bold**", step1_due="2030-03-20")
    answer = send(client, f"{PATH}?lang=en", data | {"preview": "1"})
    assert answer.status_code == 200
    assert "Expected by March 20, 2030" in answer.text
    assert "<strong>bold</strong>" in answer.text
    assert "<script>x" not in answer.text
    assert 'value="Preview me"' in answer.text
    assert petitions() == []


def test_preview_by_htmx_is_the_part_alone(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "alice")
    page = client.get(PATH).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        PATH, data=launch_data(preview="1", csrf_token=token), headers={**OURS, "HX-Request": "true"}
    )
    assert "<html" not in answer.text
    assert 'id="preview"' in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_similar_petitions_are_found_by_a_word_of_the_title(client: FlaskClient, world: World) -> None:
    world.petition(title="학교 앞 신호등이 필요해요")
    world.petition(title="도서관을 늦게까지 열어 주세요", slug="library")
    world.sign_in(client, "alice")
    fragment = client.get(f"{PATH}/similar?title=신호등을+놓아+주세요", headers={"HX-Request": "true"}).text
    assert fragment.index("신호등이 필요해요") < fragment.index("도서관"), "a word in the title counts more"
    assert "<html" not in fragment
    assert "필요해요" not in client.get(f"{PATH}/similar?title=도서관").text
    assert "신호등이 필요해요" in client.get(f"{PATH}/similar?title=신호등").text
    hidden = world.petition(title="신호등 비밀 청원", state="sponsoring", slug="secret")
    assert hidden.title not in client.get(f"{PATH}/similar?title=신호등").text


class TestDemo:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"demo": True}

    def test_a_demo_deadline_may_be_minutes_away(self, client: FlaskClient, world: World) -> None:
        from datetime import timedelta

        world.sign_in(client, "alice")
        soon = (clock.now() + timedelta(minutes=5)).astimezone(clock.SEOUL)
        data = launch_data(deadline=soon.date().isoformat(), deadline_time=soon.strftime("%H:%M"))
        assert send(client, PATH, data).status_code == 303
        [petition] = petitions()
        assert petition.deadline == soon.replace(second=0, microsecond=0)


def test_a_topic_may_be_chosen_from_the_list_and_changed_before_opening(
    client: FlaskClient, world: World
) -> None:
    world.sign_in(client, "minji")
    wrong = send(client, PATH, launch_data(topic="gossip"))
    assert wrong.status_code == 422
    assert "Choose a topic from the list." in wrong.text
    send(client, PATH, launch_data(topic="transport"))
    [petition] = petitions()
    assert petition.topic == "transport"
    edit = f"/desk/{petition.slug}/edit"
    assert '<option selected value="transport">' in client.get(edit).text
    send(client, edit, launch_data(topic=""))
    [petition] = petitions()
    assert petition.topic is None
