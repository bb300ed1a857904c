"""Signing inside the widget: a guest's form, our own page's word for it, and a letter that decides."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from app.embeds.choosing import choose
from app.embeds.frame_tokens import OLDEST, PURPOSE
from app.petitions.regions import NEAR, PROVINCES, is_region
from app.web.tokens import make_token
from tests.embeds.arrivals import NEWS, counts, load
from tests.embeds.frames import open_petition, path_of, send, token_in, token_of
from tests.fresh import get
from tests.petitions.signing_page import link_in, signatures, tally
from tests.world import World

BUDGET = 25_000
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://other.localhost"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {},
]


def test_a_signature_from_the_frame_counts_after_its_letter(
    app: Flask, client: FlaskClient, world: World
) -> None:
    petition = open_petition(world, f"https://{NEWS}")
    load(app, petition)
    answer = send(client, petition, token_of(client, petition), query=f"lang=en&via={NEWS}&theme=dark")
    assert answer.status_code == 200
    assert "We sent a letter to m***@example.org." in answer.text
    assert f'href="/embed/v1/{petition.slug}?theme=dark&amp;lang=en&amp;via={NEWS}"' in answer.text
    assert [signature.state for signature in signatures()] == ["pending"]
    assert tally(petition) == 0
    world.work()
    page = client.post(link_in(world.letters("minji")[-1].text)).text
    assert f'href="https://{NEWS}/"' in page
    assert (tally(petition), counts(petition)) == (1, {NEWS: (1, 1, 0)})


def test_no_cookie_is_set_and_none_is_read(client: FlaskClient, world: World) -> None:
    petition = open_petition(world)
    junho = world.sign_in(client, "junho")
    assert junho.email
    with client.session_transaction() as session:
        session.permanent = True
    form = get(client, path_of(petition))
    answer = send(client, petition, token_of(client, petition), name="준호", email=junho.email)
    for response in (form, answer):
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers["Vary"]
        assert response.headers["Cache-Control"] == "private, no-store"
    assert "준호" not in form.text
    assert [signature.state for signature in signatures()] == ["pending"]


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_page_sends_is_refused_and_shows_the_way(
    client: FlaskClient, world: World, headers: dict[str, str]
) -> None:
    petition = open_petition(world)
    answer = send(client, petition, token_of(client, petition), headers=headers)
    assert answer.status_code == 403
    assert "Sign on our own page" in answer.text
    assert "<form" not in answer.text
    assert "minji" not in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert signatures() == []


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_either_word_of_the_browser_is_enough(
    client: FlaskClient, world: World, headers: dict[str, str]
) -> None:
    petition = open_petition(world)
    assert send(client, petition, token_of(client, petition), headers=headers).status_code == 200
    assert len(signatures()) == 1


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "That was very quick."), (OLDEST + 5, "This form had been open for long.")]
)
def test_too_early_and_too_late_keep_all_that_was_typed(
    client: FlaskClient, world: World, seconds: int, words: str
) -> None:
    petition = open_petition(world)
    with time_machine.travel(clock.now(), tick=False):
        token = token_of(client, petition, seconds)
        answer = send(client, petition, token, reason="For my <b>daughter</b>", hide_name="y")
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: Sign" in answer.text
    for typed in ('value="민지"', 'value="minji@example.org"', "&lt;b&gt;daughter", "checked"):
        assert typed in answer.text
    assert signatures() == []
    with time_machine.travel(clock.now() + timedelta(seconds=5), tick=False):
        assert send(client, petition, token_in(answer.text)).status_code == 200
    assert len(signatures()) == 1


def test_another_petitions_and_forged_tokens_sign_nothing(client: FlaskClient, world: World) -> None:
    petition, other = open_petition(world), open_petition(world, title="Another")
    good = token_of(client, petition)
    for token in (
        token_of(client, other),
        good[:-2] + ("aa" if good[-2:] != "aa" else "bb"),
        make_token(PURPOSE, petition.id),
        make_token(PURPOSE, [petition.id, "1"]),
        make_token("signature", [petition.id, 1]),
        "",
        "\x00",
        "x" * 10_000,
    ):
        answer = send(client, petition, token)
        assert answer.status_code == 422
        assert "This form was not made for this petition." in answer.text
        assert token_in(answer.text) != token
    assert signatures() == []
    assert send(client, petition, good).status_code == 200


@pytest.mark.parametrize("missing", ["name", "email", "region"])
def test_every_field_must_be_typed(client: FlaskClient, world: World, missing: str) -> None:
    petition = open_petition(world)
    wrong: dict[str, Any] = {missing: ""}
    answer = send(client, petition, token_of(client, petition), **wrong)
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert signatures() == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_all_of_it_is_small(client: FlaskClient, world: World, lang: str) -> None:
    petition = open_petition(world, title="가" * 500)
    page = get(client, path_of(petition, f"lang={lang}&color=7a1fa2&via={NEWS}"))
    files = re.findall(r'(?:rel="stylesheet" href|src)="([^"]+)"', page.text)
    assert len(files) == 5
    assert len(page.data) + sum(len(get(client, file).data) for file in files) <= BUDGET


def test_where_one_lives_is_a_short_list_and_all_the_others_sign_on_our_page(
    client: FlaskClient, world: World
) -> None:
    petition = open_petition(world)
    page = get(client, path_of(petition)).text
    offered = re.findall(r'<option value="([A-Z0-9-]+)"', page)
    assert offered[:17] == list(PROVINCES)
    assert set(offered[17:]) == set(NEAR)
    assert all(is_region(code) for code in offered)
    assert "Not listed? Sign on" in page
    sent = send(client, petition, token_of(client, petition), region="KE", name="")
    assert '<option value="KE" selected>Kenya</option>' in sent.text
    assert send(client, petition, token_of(client, petition), region="KE").status_code == 200


def test_no_address_fills_the_form_in(client: FlaskClient, world: World) -> None:
    petition = open_petition(world)
    page = get(client, path_of(petition, "name=canary&email=canary@example.org&region=KR-11&reason=canary"))
    assert "canary" not in page.text
    assert 'value="KR-11" selected' not in page.text
    assert 'selected value="KR-11"' not in page.text


def test_the_form_is_sent_to_nobody_else_and_shown_where_the_organizer_says(
    client: FlaskClient, world: World
) -> None:
    petition = open_petition(world, "https://news.example.org")
    rules = get(client, path_of(petition)).headers["Content-Security-Policy"].split("; ")
    assert "form-action 'self'" in rules
    assert "frame-ancestors 'self' https://news.example.org" in rules
    assert "script-src 'self'" in rules


def test_it_is_off_unless_the_organizer_wants_it(client: FlaskClient, world: World) -> None:
    petition = open_petition(world)
    token = token_of(client, petition)
    run_tx(lambda: choose(petition.id, (), signs_in_frame=False))
    for answer in (get(client, path_of(petition)), send(client, petition, token)):
        assert answer.status_code == 404
        assert "<form" not in answer.text
        assert f"/petitions/{petition.slug}" in answer.text or "#sign" in answer.text
    assert signatures() == []
    assert "/sign?" not in get(client, f"/embed/v1/{petition.slug}?lang=en").text


def test_a_closed_petition_says_so(client: FlaskClient, world: World) -> None:
    petition = open_petition(world)
    token = token_of(client, petition)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        late = send(client, petition, token)
    assert late.status_code == 409
    assert "no longer taking signatures" in late.text
    closed = open_petition(world, state="closed", title="Closed")
    page = get(client, path_of(closed))
    assert page.status_code == 200
    assert "no longer taking signatures" in page.text
    assert signatures() == []


@pytest.mark.parametrize(("state", "status"), [("hidden", 410), ("removed", 410), ("sponsoring", 404)])
def test_what_is_not_public_cannot_be_signed_here(
    client: FlaskClient, world: World, state: str, status: int
) -> None:
    petition = open_petition(world, state=state)
    answer = get(client, path_of(petition))
    assert answer.status_code == status
    assert petition.title not in answer.text


def test_the_same_address_again_looks_the_same(client: FlaskClient, world: World) -> None:
    petition = open_petition(world)
    token = token_of(client, petition)
    first, second = send(client, petition, token), send(client, petition, token)
    assert first.text == second.text
    assert len(signatures()) == 1


@pytest.mark.parametrize("size", [10_000, 60_000_000])
def test_too_much_is_answered_inside_the_frame(client: FlaskClient, world: World, size: int) -> None:
    petition = open_petition(world)
    answer = send(client, petition, token_of(client, petition), reason="x" * size)
    assert answer.status_code == (413 if size > 10_000_000 else 422)
    assert 'id="widget"' in answer.text
    assert signatures() == []


def test_ten_thousand_fields_that_nobody_asked_for_are_left_out(client: FlaskClient, world: World) -> None:
    petition = open_petition(world)
    many: dict[str, Any] = {f"field-{number}": "x" for number in range(10_000)}
    answer = send(client, petition, token_of(client, petition), **many)
    assert answer.status_code == 200
    assert 'id="widget"' in answer.text
    assert len(signatures()) == 1


def test_script_stays_text(client: FlaskClient, world: World) -> None:
    petition = open_petition(world, title="<script>alert(1)</script>")
    token = token_of(client, petition)
    answer = send(client, petition, token, name='"><script>alert(2)</script>', email="x")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
