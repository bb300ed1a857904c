"""Updates: published once, only where there are readers, safe to read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.db import db
from app.outbox.announcing import Announcement
from app.petitions.models import Petition, Update
from tests.organizing.desk import send
from tests.world import World

NEWS = {"title": "시청에 다녀왔어요", "text": "**드디어** <script>x</script>", "key": "one"}


def path(petition: Petition) -> str:
    return f"/desk/{petition.slug}/updates"


def published() -> list[Update]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Update)))


def test_an_update_is_published_and_announced_once(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    hansol = world.sign_in(client, "organizer")
    for _ in range(2):
        assert send(client, path(petition), NEWS).status_code == 303
    [update] = published()
    assert (update.petition_id, update.author_id, update.title) == (petition.id, hansol.id, NEWS["title"])
    told = db.session.scalars(sa.select(Announcement).where(Announcement.topic == "update_published")).all()
    assert [announcement.payload for announcement in told] == [{"update_id": update.id}]
    page = client.get(path(petition)).text
    assert "<strong>드디어</strong>" in page
    assert "<script>x" not in page


@pytest.mark.parametrize("state", ["sponsoring", "moderation", "rejected", "hidden"])
def test_while_it_is_not_public_nobody_can_be_told(client: FlaskClient, world: World, state: str) -> None:
    petition, public = world.petition(state=state), world.petition(title="열린 청원")
    world.sign_in(client, "organizer")
    answer = send(client, path(petition), NEWS, page=path(public))
    assert answer.status_code == 409
    assert NEWS["title"] in answer.text
    assert published() == []


@pytest.mark.parametrize(
    "spoiled",
    [{"title": ""}, {"text": "  "}, {"title": "x" * 121}, {"title": "a\r\nBcc: b"}, {"text": "a\x00"}],
)
def test_what_is_wrong_is_said_and_kept(client: FlaskClient, world: World, spoiled: dict[str, str]) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    data = {"title": "kept title", "text": "kept text", "key": "k"} | spoiled
    answer = send(client, path(petition), data)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert ("kept title" in answer.text) or ("kept text" in answer.text)
    assert published() == []


def test_preview_publishes_nothing(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    answer = send(client, path(petition), {**NEWS, "preview": "1"})
    assert "<strong>드디어</strong>" in answer.text
    assert published() == []
