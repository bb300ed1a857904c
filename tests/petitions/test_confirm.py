"""GET|POST /signatures/<token>: looking changes nothing, one press counts, once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from app.petitions import signing
from app.web.tokens import make_token
from tests.petitions.signing_page import change, link_of, post, signatures, signed, tally
from tests.world import World


def test_looking_changes_nothing_and_shows_one_button(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition, name="홍길동")
    for method in ("HEAD", "GET", "GET"):
        assert client.open(link, method=method).status_code == 200
    assert (signatures()[0].state, tally(petition)) == ("pending", 0)
    page = client.get(link).text
    forms = re.findall(r"<form[^>]*>", page)
    assert len(forms) == 1
    assert f'action="{link}"' in forms[0]
    assert "Confirm my signature" in page
    assert "홍*동" in page
    assert "홍길동" not in page


def test_an_empty_post_counts_once_and_again_changes_nothing(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    first = client.post(link)
    assert first.status_code == 200
    assert "You are signer number 1. Thank you!" in first.text
    assert (signatures()[0].state, tally(petition)) == ("validated", 1)
    counted_at = signatures()[0].validated_at
    again = client.post(link)
    assert again.status_code == 200
    assert "You are signer number 1. Thank you!" in again.text
    assert tally(petition) == 1
    assert signatures()[0].validated_at == counted_at


def test_the_page_invites_and_does_not_sign_in(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    page = client.post(link)
    assert "Set-Cookie" not in page.headers
    assert f"/petitions/{quote(petition.slug)}/pledges" in page.text
    assert f"{link}/withdrawal" in page.text
    assert 'value="http://localhost/petitions/' in page.text
    assert client.get("/me").status_code == 302
    sign_in = re.search(r'href="(/session\?[^"]+)"', page.text)
    assert sign_in
    assert "minji@example.org" not in sign_in[1]
    assert 'value="minji@example.org"' in client.get(sign_in[1].replace("&amp;", "&")).text


def test_numbers_follow_the_order_of_confirming(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1000)
    minji = signed(world, client, petition)
    alice = signed(world, client, petition, name="Alice", email="alice@example.org")
    assert "number 1." in client.post(alice).text
    assert "number 2." in client.post(minji).text
    assert "number 1." in client.get(alice).text


def test_the_page_speaks_the_language_of_the_signature(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    korean = {"Accept-Language": "ko"}
    assert '<html lang="en">' in client.get(link, headers=korean).text
    assert '<html lang="ko">' in client.get(f"{link}?lang=ko", headers=korean).text


@pytest.mark.parametrize("purpose", ["pledge", "sign-in", "follow", "sponsor", "prefill"])
def test_a_token_for_another_purpose_opens_nothing(world: World, client: FlaskClient, purpose: str) -> None:
    petition = world.petition()
    signed(world, client, petition)
    token = make_token(purpose, signatures()[0].id)
    assert client.get(f"/signatures/{token}").status_code == 404
    assert client.post(f"/signatures/{token}").status_code == 404
    assert tally(petition) == 0


def test_guessed_and_altered_tokens_open_nothing(world: World, client: FlaskClient) -> None:
    link = signed(world, client, world.petition())
    for wrong in ("/signatures/1", f"{link}x", link[:-1], f"/signatures/{signatures()[0].id}", link.upper()):
        assert client.post(wrong).status_code == 404
    strange: list[Any] = [None, 1, ["a"], {"id": 1}]
    for content in strange:
        assert client.post(f"/signatures/{make_token('signature', content)}").status_code == 404
    assert signatures()[0].state == "pending"


def test_each_link_confirms_its_own_signature_alone(world: World, client: FlaskClient) -> None:
    one, other = world.petition(), world.petition(title="다른 청원")
    link = signed(world, client, one)
    post(client, other)
    client.post(link)
    assert (tally(one), tally(other)) == (1, 0)


def test_a_link_works_as_long_as_the_petition_takes_signatures(world: World, client: FlaskClient) -> None:
    petition = world.petition(deadline=clock.now() + timedelta(days=400))
    link = signed(world, client, petition)
    with time_machine.travel(clock.now() + timedelta(days=399)):
        assert client.post(link).status_code == 200
    assert tally(petition) == 1


def test_a_petition_that_closed_meanwhile_counts_nobody(world: World, client: FlaskClient) -> None:
    petition = world.petition(deadline=clock.now() + timedelta(days=1))
    link = signed(world, client, petition)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        page = client.get(link)
        assert page.status_code == 200
        assert "It closed before you confirmed" in page.text
        assert "<form" not in page.text
        late = client.post(link)
    assert late.status_code == 409
    assert "It closed before you confirmed" in late.text
    assert tally(petition) == 0


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("withdrawn", "You took this signature back"),
        ("invalidated", "This signature is not counted"),
        ("fraudulent", "This signature is not counted"),
    ],
)
def test_a_signature_that_does_not_count_says_so_neutrally(
    world: World, client: FlaskClient, state: str, words: str
) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    change(signatures()[0].id, state=state)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 200
        assert words in answer.text
        assert "fraud" not in answer.text.lower()
        assert "Confirm my signature" not in answer.text
    assert tally(petition) == 0


def test_an_invalidated_signature_stays_invalidated(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    client.post(link)
    signature_id = signatures()[0].id
    run_tx(lambda: signing.invalidate(signature_id, "automated"))
    assert "not counted" in client.post(link).text
    post(client, petition)
    world.work()
    client.post(link_of(signatures()[0]))
    assert tally(petition) == 0
