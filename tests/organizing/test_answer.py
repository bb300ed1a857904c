"""The official answer: on record once, after the signatures are there."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.organizing.desk import send
from tests.world import World


def test_the_answer_is_on_record_and_stays(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1)
    world.sign(petition, "minji")
    world.sign_in(client, "organizer")
    path = f"/desk/{petition.slug}/answer"
    page = client.get(path).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    for text in ("내년 봄에 **놓겠습니다**.", "아니요."):
        answer = client.post(
            path, data={"csrf_token": token, "text": text}, headers={"Origin": "http://localhost"}
        )
        assert answer.status_code == 303
    now = world.fresh(petition)
    assert (now.response_track, now.response_text) == ("responded", "내년 봄에 **놓겠습니다**.")
    assert now.responded_at is not None
    assert "<strong>놓겠습니다</strong>" in client.get(path).text


def test_nobody_answers_before_the_signatures_are_there(client: FlaskClient, world: World) -> None:
    reached, short = world.petition(signatures=1), world.petition(signatures=2, title="모자란 청원")
    world.sign(reached, "minji")
    world.sign_in(client, "organizer")
    path = f"/desk/{short.slug}/answer"
    answer = send(client, path, {"text": "typed and kept"}, page=f"/desk/{reached.slug}/answer")
    assert answer.status_code == 409
    assert "typed and kept" in answer.text
    assert world.fresh(short).responded_at is None


def test_an_empty_answer_is_refused(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1)
    world.sign(petition, "minji")
    world.sign_in(client, "organizer")
    answer = send(client, f"/desk/{petition.slug}/answer?lang=en", {"text": " "})
    assert answer.status_code == 422
    assert "Paste the answer word for word." in answer.text
