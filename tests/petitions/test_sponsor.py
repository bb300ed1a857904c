"""GET|POST /sponsors/<token>: the private link of a draft that looks for its first signers."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.db import run_tx
from app.petitions.launching import publish
from app.web.tokens import make_token
from tests.petitions.signing_page import HTMX, MINJI, link_in, path_of, signatures, tally
from tests.world import World


def link_to(petition: object) -> str:
    return f"/sponsors/{make_token('sponsor', petition.id)}"  # type: ignore[attr-defined]


def test_the_link_shows_the_draft_and_how_many_are_missing(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="sponsoring", sponsors_needed=3)
    page = client.get(f"{link_to(petition)}?lang=en")
    assert page.status_code == 200
    assert petition.title in page.text
    assert "3 more sponsors and it goes to review." in page.text
    assert "<strong>아이들</strong>" in page.text
    assert 'action="/sponsors/' in page.text
    assert client.get(f"/petitions/{petition.slug}").status_code == 404


def test_sponsors_sign_there_and_bring_it_to_review(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="sponsoring", sponsors_needed=2)
    for name in ("minji", "junho"):
        data = MINJI | {"email": f"{name}@example.org"}
        answer = client.post(f"{link_to(petition)}?lang=en", data=data)
        assert answer.status_code == 200
        assert "Check your mailbox" in answer.text
        assert path_of(petition) not in answer.text
        world.work()
        confirmed = client.post(link_in(world.letters(name)[0].text))
        assert confirmed.status_code == 200
        world.work()
    assert "It has its sponsors" in confirmed.text
    assert all(signature.sponsor for signature in signatures())
    assert (tally(petition), world.fresh(petition).state) == (2, "moderation")
    late = client.post(f"{link_to(petition)}?lang=en", data=MINJI | {"email": "alice@example.org"})
    assert late.status_code == 409
    assert "In review" in late.text
    assert len(signatures()) == 2


def test_the_letter_quotes_nothing_of_a_draft_that_nobody_has_read(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="sponsoring", title="Win at evil.example now")
    client.post(f"{link_to(petition)}?lang=en", data=MINJI)
    world.work()
    [letter] = world.letters("minji")
    for part in (letter.subject, letter.text, letter.html):
        assert "evil.example" not in part
    assert client.post(link_in(letter.text)).status_code == 200


def test_bad_input_answers_with_the_form_alone_for_htmx(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="sponsoring")
    answer = client.post(link_to(petition), data={}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith("<form")
    assert 'action="/sponsors/' in answer.text


def test_an_open_petition_is_shown_at_its_own_address(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    answer = client.get(link_to(petition))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/petitions/")


def test_a_guessed_link_opens_nothing(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="sponsoring")
    for token in ("guessed", petition.id, make_token("signature", petition.id)):
        assert client.get(f"/sponsors/{token}").status_code == 404
        assert client.post(f"/sponsors/{token}", data=MINJI).status_code == 404
    assert signatures() == []


def test_a_person_signed_in_finds_their_name_filled_in(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="sponsoring", sponsors_needed=2)
    world.sign_in(client, "minji")
    assert 'value="minji@example.org"' in client.get(link_to(petition)).text
    answer = client.post(f"{link_to(petition)}?lang=en", data=MINJI, headers={"Origin": "http://localhost"})
    assert "You are signer number 1." in answer.text
    assert tally(petition) == 1


@pytest.mark.parametrize("state", ["rejected", "hidden", "removed"])
def test_the_link_of_a_petition_out_of_sight_shows_nothing(
    world: World, client: FlaskClient, state: str
) -> None:
    petition = world.petition(state=state)
    answer = client.get(link_to(petition))
    assert answer.status_code == 404
    assert petition.title not in answer.text


def test_an_answer_is_awaited_where_the_sponsors_were_enough(world: World) -> None:
    petition = world.petition(state="sponsoring", signatures=2, sponsors_needed=2)
    world.sign(petition, "minji", "junho")
    world.work()
    assert (world.fresh(petition).state, petition.response_track) == ("moderation", "none")
    assert run_tx(lambda: publish(petition.id))
    opened = world.fresh(petition)
    assert (opened.state, opened.response_track) == ("open", "awaiting")
    assert opened.response_due_at is not None
