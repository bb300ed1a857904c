"""What goes wrong under /embed/ is said small, in place, and by no site that may not show it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.db import run_tx
from app.embeds import reading
from app.embeds.choosing import choose
from app.web.headers import policy
from tests.embeds.frames import open_petition, path_of, send, token_of
from tests.fresh import get
from tests.world import World

REFRESH = '<noscript><meta http-equiv="refresh" content="60"></noscript>'
NOBODY = policy(frame_ancestors="'none'")


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"snapshot_seconds": 1}


@pytest.fixture(autouse=True)
def as_in_a_server(app: Flask) -> None:
    """What breaks is answered, not raised."""
    app.testing = False


def break_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing can be read, and what was read is too old to be shown."""

    def fail(*_arguments: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the database is away"))

    monkeypatch.setattr(reading, "petition_view", fail)
    monkeypatch.setattr("app.embeds.offering.views.organizer_view", fail)
    app.extensions["widgets"].seconds = 0.0001
    app.extensions["kept_answers"].kept.clear()


def is_small_page(answer: TestResponse) -> bool:
    return 'id="widget"' in answer.text and "masthead" not in answer.text and len(answer.data) < 2000


def test_a_frame_without_database_says_that_it_will_be_back(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_down(app, monkeypatch)
    for path in ("/embed/v1/lights", "/embed/v1/lights/sign", "/embed/v1/people/abcdefghjk"):
        answer = get(client, f"{path}?lang=en&theme=dark")
        assert answer.status_code == 500
        assert is_small_page(answer)
        assert "We will be right back" in answer.text
        assert REFRESH in answer.text
        assert 'data-theme="dark"' in answer.text
        assert answer.headers["Content-Security-Policy"] == NOBODY
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/embed/v1/lights.svg", "/embed/v1/lights.json"])
def test_a_file_without_database_says_so_in_a_line(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    break_down(app, monkeypatch)
    answer = get(client, f"{path}?lang=en")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.text == "Something broke on our side.\n"
    assert answer.headers["Content-Security-Policy"] == NOBODY


def test_a_form_that_is_sent_meanwhile_is_answered_and_not_loaded_again(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = open_petition(world)
    token = token_of(client, petition)
    app.extensions["widgets"].kept.clear()
    break_down(app, monkeypatch)
    answer = send(client, petition, token)
    assert answer.status_code == 500
    assert is_small_page(answer)
    assert "Something broke on our side" in answer.text
    assert "refresh" not in answer.text
    assert "data-seconds" not in answer.text
    assert answer.headers["Content-Security-Policy"] == NOBODY


@pytest.mark.parametrize("asked", ["GET", "POST"])
def test_the_organizers_list_holds_as_it_was_last_read(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    petition = open_petition(world, "https://news.example")
    token = token_of(client, petition)
    break_down(app, monkeypatch)
    answer = get(client, path_of(petition)) if asked == "GET" else send(client, petition, token)
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == policy(frame_ancestors="'self' https://news.example")


def test_when_it_is_back_the_widget_is(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: nothing of the failure is kept."""
    petition = world.petition()
    run_tx(lambda: choose(petition.id, (), signs_in_frame=False))
    with monkeypatch.context() as broken:
        break_down(app, broken)
        assert get(client, f"/embed/v1/{petition.slug}").status_code == 500
    assert get(client, f"/embed/v1/{petition.slug}").status_code == 200


@pytest.mark.parametrize(
    ("path", "small"),
    [
        ("/embed/nothing", True),
        ("/embed/v1/a/b/c", True),
        ("/embed/v1/lights/", True),
        ("/embed/v1/accent-zz.css", False),
        ("/embed/v1.9.9/loader.js", False),
        ("/embed/v2/loader.js", False),
    ],
)
def test_no_site_can_show_what_is_not_there(
    client: FlaskClient, world: World, path: str, small: bool
) -> None:
    world.petition(title="lights")
    answer = get(client, f"{path}?lang=en")
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"] == NOBODY
    assert "There is nothing at this address" in answer.text
    assert is_small_page(answer) is small
    assert small or answer.mimetype == "text/plain"


def test_other_addresses_answer_with_the_whole_page(client: FlaskClient, world: World) -> None:
    answer = get(client, "/petitions/nothing/embed?lang=en")
    assert answer.status_code == 404
    assert "masthead" in answer.text
