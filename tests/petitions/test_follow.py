"""GET|POST /follows/<token>: letters about one petition end with one press, also a mail program's."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.db import db
from app.petitions.models import Follow, Petition
from app.web.tokens import make_token
from tests.world import World


def follow_link(world: World, petition: Petition) -> str:
    world.sign(petition, "minji")
    return f"/follows/{make_token('follow', [petition.id, world.person('minji').id])}"


def ended() -> bool:
    db.session.rollback()
    return db.session.scalars(sa.select(Follow.ended_at)).one() is not None


def test_looking_changes_nothing(world: World, client: FlaskClient) -> None:
    link = follow_link(world, world.petition())
    for method in ("HEAD", "GET"):
        assert client.open(link, method=method).status_code == 200
    assert not ended()


def test_a_mail_program_ends_them_without_asking(world: World, client: FlaskClient) -> None:
    link = follow_link(world, world.petition())
    for _press in range(2):
        answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert ended()


def test_the_button_ends_them_and_another_starts_them_again(world: World, client: FlaskClient) -> None:
    link = follow_link(world, world.petition())
    assert "Send me letters again" in client.post(f"{link}?lang=en").text
    assert ended()
    assert "Stop the letters" in client.post(f"{link}?lang=en", data={"again": "1"}).text
    assert not ended()


def test_whoever_ended_them_gets_no_more_letters(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    client.post(follow_link(world, petition))
    world.sign(petition, "minji")
    assert ended()


def test_other_tokens_open_nothing(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    follow_link(world, petition)
    for token in (
        "guessed",
        make_token("signature", [petition.id, world.person("minji").id]),
        make_token("follow", petition.id),
        make_token("follow", [petition.id]),
        make_token("follow", [petition.id, world.person("junho").id]),
    ):
        assert client.post(f"/follows/{token}").status_code == 404
    assert not ended()
