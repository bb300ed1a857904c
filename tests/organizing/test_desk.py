"""The desk: never blank, nobody else's, and always one next thing to do."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.db import new_id
from app.petitions.launching import petition_for_sponsors
from tests.organizing.desk import OURS, TOKEN, name_account, signature, underway
from tests.world import World

PAGES = ("", "/edit", "/updates", "/answer", "/signatures.csv", "/pledges.csv", "/milestones/{id}/claim")
FORMS = ("/edit", "/updates", "/answer", "/milestones/{id}/claim")


@pytest.mark.parametrize("page", PAGES)
def test_somebody_elses_desk_does_not_exist(client: FlaskClient, world: World, page: str) -> None:
    petition = world.petition()
    [step, _other] = world.plan(petition, 40, 60)
    path = f"/desk/{petition.slug}{page.format(id=step)}"
    assert client.get(path).status_code == 302, "a stranger signs in first"
    for name in ("minji", "moderator"):
        world.sign_in(client, name)
        assert client.get(path).status_code == 404
    world.sign_in(client, "organizer")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_somebody_elses_forms_do_nothing(client: FlaskClient, world: World, form: str) -> None:
    petition = world.petition()
    [step, _other] = world.plan(petition, 40, 60)
    path = f"/desk/{petition.slug}{form.format(id=step)}"
    assert client.post(path).status_code == 403, "a stranger"
    world.sign_in(client, "minji")
    found = TOKEN.search(client.get("/desk/payee").text)
    assert found
    data = {"csrf_token": found[1], "title": "x", "text": "x"}
    assert client.post(path, data=data, headers=OURS).status_code == 404
    world.sign_in(client, "organizer")
    assert client.post(path, data={"title": "x"}, headers=OURS).status_code == 400, "without the token"


def test_a_milestone_of_another_petition_is_not_found(client: FlaskClient, world: World) -> None:
    mine, other = world.petition(), world.petition(title="다른 청원")
    [foreign, _other] = world.plan(other, 40, 60)
    world.sign_in(client, "organizer")
    for step in (foreign, new_id()):
        assert client.get(f"/desk/{mine.slug}/milestones/{step}/claim").status_code == 404


def test_a_first_visit_is_an_invitation(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "alice")
    page = client.get("/desk").text
    assert "No petition of yours yet" in page
    assert 'href="/petitions/new"' in page


def test_sponsors_are_counted_beside_their_private_link(client: FlaskClient, world: World) -> None:
    petition = world.petition(state="sponsoring")
    signature(petition, "alice")
    signature(petition, "bob")
    world.sign_in(client, "organizer")
    page = unescape(client.get(f"/desk/{petition.slug}?lang=en").text)
    assert "2 of 5 sponsors have signed." in page
    assert "3 more sponsors and it goes to review." in page
    link = re.search(r"http://localhost/sponsors/([^\"?]+)", page)
    assert link
    assert petition_for_sponsors(link[1]) == world.fresh(petition)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("moderation", "A moderator is reading it."),
        ("rejected", "It was not published."),
        ("hidden", "A moderator has hidden it"),
        ("closed", "Nobody was charged."),
        ("open", "reach both thresholds in time."),
        ("archived", "Nothing more happens here."),
    ],
)
def test_every_state_says_what_happens_next(
    client: FlaskClient, world: World, state: str, sentence: str
) -> None:
    petition = world.petition(state=state)
    world.sign_in(client, "organizer")
    for path in ("/desk", f"/desk/{petition.slug}"):
        assert sentence in client.get(f"{path}?lang=en").text


def test_an_action_asks_for_an_account_then_for_the_first_step(client: FlaskClient, world: World) -> None:
    petition, steps = underway(world, payee=False)
    world.sign_in(client, "organizer")
    path = f"/desk/{petition.slug}?lang=en"
    assert "Say which account payouts go to." in client.get(path).text
    name_account(petition)
    page = client.get(path).text
    assert "Claim step 1" in page
    assert f"/milestones/{steps[0]}/claim" in page
    assert f"/milestones/{steps[1]}/claim" not in page, "the second step waits for the first"


def test_a_private_page_is_kept_by_nobody(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "organizer")
    assert client.get("/desk").headers["Cache-Control"] == "private, no-store"
