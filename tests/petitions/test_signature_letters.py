"""The letters of signing: the link first, the configured address, nobody else's words."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.db import db
from app.mail.posting import Draft
from app.petitions import letters
from app.petitions.models import Petition, Update
from app.web.languages import speaking
from tests.petitions.signing_page import MINJI, link_in, path_of, post, signed, tally
from tests.world import World


def test_the_confirm_link_comes_first_and_works(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    post(client, petition)
    world.work()
    (letter,) = world.letters("minji")
    assert link_in(letter.text).startswith("/signatures/")
    assert "Confirm your signature" in letter.subject
    client.post(link_in(letter.text))
    assert tally(petition) == 1


def test_a_letter_goes_to_the_address_as_typed(world: World, client: FlaskClient) -> None:
    signed(world, client, world.petition(), email="MinJi+news@Example.org")
    assert len(world.letters("MinJi+news@Example.org")) == 1


def test_a_poisoned_host_does_not_reach_the_letter(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    client.post(path_of(petition), data=MINJI, headers=headers)
    world.work()
    (letter,) = world.letters("minji")
    assert "http://localhost/signatures/" in letter.text
    assert "evil.example" not in letter.text + letter.html


def test_a_letter_carries_no_words_of_the_signer(world: World, client: FlaskClient) -> None:
    words = "Win now at evil.example {{ 7*7 }}"
    post(client, world.petition(), name=words, reason=words)
    world.work()
    (letter,) = world.letters("minji")
    for part in (letter.subject, letter.text, letter.html):
        assert "evil" not in part
        assert "49" not in part


def test_a_title_with_markup_stays_text(world: World, client: FlaskClient) -> None:
    title = "<img src=x onerror=alert(1)> {{ 7*7 }} %(title)s"
    post(client, world.petition(title=title))
    world.work()
    (letter,) = world.letters("minji")
    assert title in letter.text
    assert "<img" not in letter.html


def test_signing_again_sends_the_link_again(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    first = signed(world, client, petition)
    second = signed(world, client, petition)
    assert len(world.letters("minji")) == 2
    for link in (first, second):
        assert client.post(link).status_code == 200
    assert tally(petition) == 1


def test_signing_again_when_it_counts_says_so_by_letter_alone(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    client.post(signed(world, client, petition))
    post(client, petition)
    world.work()
    letter = world.letters("minji")[-1]
    assert "You have signed already" in letter.subject
    assert "/withdrawal" in letter.text


def test_letters_speak_the_language_of_the_signature(world: World, client: FlaskClient) -> None:
    post(client, world.petition(), lang="ko")
    world.work()
    assert world.letters("minji")[0].locale == "ko"
    assert '<html lang="ko">' in world.letters("minji")[0].html


def drafts(world: World, petition: Petition) -> dict[str, Draft]:
    person = world.person("alice")
    update = Update(title="We met the mayor", text="**Good** news " * 200)
    with speaking("en"):
        return {
            "submitted": letters.petition_submitted(petition),
            "opened": letters.petition_opened(petition, person),
            "rejected": letters.petition_rejected(petition),
            "tipped": letters.petition_tipped(petition, person),
            "untipped": letters.petition_untipped(petition, person),
            "updated": letters.petition_updated(update, petition, person),
        }


def test_every_letter_has_a_subject_words_and_a_way_on(world: World) -> None:
    petition = world.petition(rejection="duplicate")
    world.sign(petition, "minji")
    petition = db.session.get_one(Petition, petition.id)
    for name, draft in drafts(world, petition).items():
        assert draft.subject, name
        assert all(line.strip() for line in draft.lines), name
        assert draft.link is not None, name
        assert draft.link[1].startswith("http://localhost/"), name


def test_letters_to_followers_can_be_ended_with_one_press(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign(petition, "minji", "alice")
    petition = db.session.get_one(Petition, petition.id)
    found = drafts(world, petition)
    for name in ("opened", "tipped", "untipped", "updated"):
        url = found[name].unsubscribe_url
        assert url is not None, name
        assert client.post(url.removeprefix("http://localhost")).status_code == 200, name
    for name in ("submitted", "rejected"):
        assert found[name].unsubscribe_url is None, name


@pytest.mark.parametrize(("reason", "sentence"), [("duplicate", "open already"), (None, "decided not to")])
def test_a_rejection_says_why(world: World, reason: str | None, sentence: str) -> None:
    petition = world.petition(state="rejected", rejection=reason)
    with speaking("en"):
        assert sentence in " ".join(letters.petition_rejected(petition).lines)


def test_a_long_update_is_cut_between_words() -> None:
    assert letters.excerpt("짧은 글") == "짧은 글"
    cut = letters.excerpt("word " * 500)
    assert len(cut) <= letters.LONGEST_EXCERPT + 2
    assert cut.endswith("word …")
