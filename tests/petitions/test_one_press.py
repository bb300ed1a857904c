"""Signing while signed in: the address is known, so one press counts."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.db import run_tx
from app.petitions.signing import withdraw
from tests.petitions.signing_page import HTMX, MINJI, path_of, post, signatures, tally
from tests.world import World


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_one_press_counts_at_once(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "minji")
    page = client.get(path_of(petition), headers={"Origin": "http://localhost"})
    assert 'name="email"' not in page.text
    form = {"one_press": "1", "csrf_token": token_in(page.text), "region": "KR-11"}
    answer = client.post(f"{path_of(petition)}?lang=en", data=form, headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    assert "You are signer number 1. Thank you!" in answer.text
    again = client.post(f"{path_of(petition)}?lang=en", data=form, headers={"Origin": "http://localhost"})
    assert again.status_code == 200
    assert (tally(petition), len(signatures()), signatures()[0].state) == (1, 1, "validated")
    assert "You are signer number 1." in client.get(f"{path_of(petition)}?lang=en").text


def test_one_press_without_the_token_or_from_elsewhere_does_nothing(
    world: World, client: FlaskClient
) -> None:
    petition = world.petition()
    world.sign_in(client, "minji")
    token = token_in(client.get(path_of(petition)).text)
    form = {"one_press": "1", "region": "KR-11"}
    own = {"Origin": "http://localhost"}
    assert client.post(path_of(petition), data=form, headers=own).status_code == 400
    assert client.post(path_of(petition), data=form | {"csrf_token": "x"}, headers=own).status_code == 400
    signed_form = form | {"csrf_token": token}
    assert client.post(path_of(petition), data=signed_form).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert client.post(path_of(petition), data=signed_form, headers=foreign | HTMX).status_code == 403
    assert signatures() == []


def test_the_public_form_with_the_own_address_counts_at_once(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "minji")
    form = MINJI | {"email": "Minji+x@Example.org", "name": "김민지"}
    answer = client.post(f"{path_of(petition)}?lang=en", data=form, headers={"Origin": "http://localhost"})
    assert "You are signer number 1. Thank you!" in answer.text
    assert (signatures()[0].name, tally(petition)) == ("김민지", 1)


def test_the_public_form_with_another_address_goes_by_letter(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "minji")
    form = MINJI | {"email": "junho@example.org"}
    answer = client.post(f"{path_of(petition)}?lang=en", data=form, headers={"Origin": "http://localhost"})
    assert "Check your mailbox" in answer.text
    assert (signatures()[0].state, tally(petition)) == ("pending", 0)


def test_a_missing_region_is_asked_for(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "minji")
    form = {"one_press": "1", "csrf_token": token_in(client.get(path_of(petition)).text)}
    for headers in ({}, HTMX):
        answer = client.post(
            f"{path_of(petition)}?lang=en", data=form, headers={"Origin": "http://localhost"} | headers
        )
        assert answer.status_code == 422
        assert "Choose where you live." in answer.text
    assert signatures() == []


def test_a_pending_signature_of_theirs_is_counted_by_the_press(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    post(client, petition)
    world.sign_in(client, "minji")
    form = {"one_press": "1", "csrf_token": token_in(client.get(path_of(petition)).text), "region": "KR-11"}
    client.post(path_of(petition), data=form, headers={"Origin": "http://localhost"})
    assert (len(signatures()), signatures()[0].state, tally(petition)) == (1, "validated", 1)


@pytest.mark.parametrize("before", ["pending", "withdrawn"])
def test_what_is_said_last_counts(world: World, client: FlaskClient, before: str) -> None:
    """Somebody who signed as a guest and shows their name may still hide it when they sign for good."""
    petition = world.petition()
    post(client, petition, MINJI | {"reason": "첫 까닭"})
    earlier = signatures()[0].id
    if before == "withdrawn":
        run_tx(lambda: withdraw(earlier))
    world.sign_in(client, "minji")
    form = MINJI | {"name": "김민지", "reason": "새 까닭", "hide_name": "y"}
    answer = client.post(path_of(petition), data=form, headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    signed = signatures()[0]
    assert (signed.id, signed.state, tally(petition)) == (earlier, "validated", 1)
    assert (signed.name, signed.reason, signed.hide_name) == ("김민지", "새 까닭", True)
