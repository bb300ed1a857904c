"""The public page of whoever starts petitions, and its widget."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import db, run_tx
from app.people.erasing import erase
from app.people.models import Person
from app.petitions import organizers
from tests.fresh import get
from tests.world import World


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"snapshot_seconds": 0}


def page_of(world: World, name: str = "organizer") -> str:
    return f"/people/{world.fresh(world.person(name)).handle}"


def test_it_lists_what_is_public_and_nothing_else(client: FlaskClient, world: World) -> None:
    for state in ("open", "closed", "hidden", "removed", "sponsoring", "moderation", "rejected"):
        world.petition(title=f"petition {state}", state=state)
    organizer = world.person("organizer")
    answer = get(client, f"{page_of(world)}?lang=en")
    assert answer.status_code == 200
    listed = re.findall(
        r"petition (?:open|closed|hidden|removed|sponsoring|moderation|rejected)", answer.text
    )
    assert sorted(set(listed)) == ["petition closed", "petition open"]
    assert f"{organizer.name} has started 2 petitions on Dure." in answer.text
    for secret in (organizer.email, organizer.id, organizer.id.replace("-", "")):
        assert str(secret) not in answer.text


def test_signing_and_pledging_leave_no_trace_there(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    before = get(client, page_of(world)).text
    other = world.petition(title="other", organizer_id=world.person("bob").id)
    world.sign(other, "organizer")
    world.pledge(other, "organizer", 1000)
    assert get(client, page_of(world)).text == before
    assert petition.title in before


def test_who_started_nothing_public_has_no_page(client: FlaskClient, world: World) -> None:
    world.petition(state="sponsoring")
    assert get(client, page_of(world)).status_code == 404
    assert world.person("alice").handle is None
    for handle in ("abcdefghjk", "ABCDEFGHJK", "a" * 500, "%00", "None"):
        assert get(client, f"/people/{handle}").status_code == 404


def test_the_name_of_the_page_stays_until_they_are_erased(client: FlaskClient, world: World) -> None:
    world.petition()
    page = page_of(world)
    world.petition(title="another")
    assert page_of(world) == page
    organizer = world.person("organizer").id
    run_tx(lambda: erase(organizer))
    assert get(client, page).status_code == 404
    assert db.session.query(Person.handle).filter(Person.handle.is_not(None)).all() == []


def test_everybody_may_keep_it(client: FlaskClient, world: World) -> None:
    world.petition()
    world.sign_in(client, "organizer")
    answer = get(client, page_of(world))
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    again = get(client, page_of(world), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_long_list_is_cut_and_says_so(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organizers, "MOST_LISTED", 2)
    for number in range(3):
        world.petition(title=f"petition {number}")
    page = get(client, f"{page_of(world)}?lang=en").text
    assert "The newest 2 are shown." in page
    assert "has started 3 petitions" in page


def test_its_widget_names_the_petitions_and_their_age(client: FlaskClient, world: World) -> None:
    for number in range(7):
        world.petition(title=f"<b>petition</b> {number}")
    world.petition(title="canary", state="hidden")
    answer = get(client, f"/embed/v1{page_of(world)}?lang=en&theme=dark")
    assert answer.status_code == 200
    assert answer.text.count("&lt;b&gt;petition&lt;/b&gt;") == 5
    assert "and 2 more" in answer.text
    assert "As of" in answer.text
    assert "canary" not in answer.text
    assert 'data-theme="dark"' in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=15"
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_the_widget_of_nobody_says_so_in_place(client: FlaskClient) -> None:
    answer = get(client, "/embed/v1/people/abcdefghjk?lang=en")
    assert answer.status_code == 404
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
