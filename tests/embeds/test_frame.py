"""The widget on other people's pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.config import ROOT
from app.db import db, run_tx
from app.petitions.models import Petition, Signature
from app.petitions.signing import SignatureWish, sign, validate
from tests.counting import count_queries
from tests.fresh import get
from tests.world import World

BUDGET = 25_000


def add_signature(petition: Petition, name: str, hide_name: bool = False) -> None:
    wish = SignatureWish(
        name=name, email=f"{name}@example.org", region="KR-11", locale="ko", hide_name=hide_name
    )
    run_tx(lambda: sign(petition.id, wish))
    signature = db.session.query(Signature).filter_by(name=name).one()
    run_tx(lambda: validate(signature.id))


def test_it_says_how_far_the_petition_is(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1000, goal=3_000_000)
    add_signature(petition, "canary", hide_name=True)
    page = client.get(f"/embed/v1/{petition.slug}?lang=en").text
    assert page.count("<progress") == 2
    assert "Confirmed signatures: 1. Waiting for confirmation: 0." in page
    assert "Open until" in page
    assert '<time datetime="' in page
    assert "canary" not in page


def test_signing_happens_on_our_own_page(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="lights")
    page = client.get(f"/embed/v1/{petition.slug}").text
    assert 'href="http://localhost/petitions/lights#sign" target="_blank" rel="noopener"' in page
    assert "<form" not in page


def test_any_site_may_show_it_and_it_follows_nobody(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "alice")
    with client.session_transaction() as session:
        session.permanent = True
    answer = client.get(f"/embed/v1/{petition.slug}")
    headers = answer.headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers["Vary"]
    assert headers["Cache-Control"] == "public, max-age=5"
    assert not re.search(r"\sstyle=|\son\w+=|<style", answer.text)


def test_its_files_may_be_loaded_by_a_frame_without_origin(client: FlaskClient, world: World) -> None:
    page = client.get(f"/embed/v1/{world.petition().slug}").text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) == 2
    for file in files:
        answer = get(client, file)
        assert answer.status_code == 200
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers


def test_all_of_it_is_small(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="가" * 120)
    page = client.get(f"/embed/v1/{petition.slug}").data
    assert len(page) + sum(file.stat().st_size for file in (ROOT / "static/embed").iterdir()) <= BUDGET
    styles = (ROOT / "static/embed/frame.css").read_text()
    assert "url(" not in styles
    assert "@import" not in styles


def test_a_young_copy_that_says_the_same_is_not_sent_again(client: FlaskClient, world: World) -> None:
    petition = world.petition(deadline=clock.now() + timedelta(days=3))
    address = f"/embed/v1/{petition.slug}"
    start = clock.now()
    with time_machine.travel(start, tick=False):
        tag = {"If-None-Match": client.get(address).headers["ETag"]}
    with time_machine.travel(start + timedelta(seconds=14), tick=False):
        assert client.get(address, headers=tag).status_code == 304
    with time_machine.travel(start + timedelta(seconds=17), tick=False):
        assert client.get(address, headers=tag).status_code == 200
    add_signature(petition, "minji")
    with time_machine.travel(start + timedelta(seconds=14), tick=False):
        assert client.get(address, headers=tag).status_code == 200


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_theme_and_language_are_chosen_by_the_address(client: FlaskClient, world: World, theme: str) -> None:
    petition = world.petition()
    page = get(client, f"/embed/v1/{petition.slug}?theme={theme}&lang=en").text
    assert f'<html lang="en" data-theme="{theme}">' in page
    assert '<html lang="ko"' in get(client, f"/embed/v1/{petition.slug}?theme={theme}&lang=ko").text


def test_an_unknown_theme_is_the_readers_own(client: FlaskClient, world: World) -> None:
    page = client.get(f'/embed/v1/{world.petition().slug}?theme="><script>').text
    assert 'data-theme="auto"' in page


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("hidden", 410, "taken down or is being looked into"),
        ("removed", 410, "taken down or is being looked into"),
        ("sponsoring", 404, "no petition at this address"),
        ("moderation", 404, "no petition at this address"),
    ],
)
def test_what_is_not_public_is_said_in_place(
    client: FlaskClient, world: World, state: str, status: int, words: str
) -> None:
    petition = world.petition(state=state)
    answer = client.get(f"/embed/v1/{petition.slug}?lang=en")
    assert answer.status_code == status
    assert words in answer.text
    assert petition.title not in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_script_in_a_title_stays_text(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(f"/embed/v1/{petition.slug}").text


def test_it_is_read_in_few_queries(app: Flask, client: FlaskClient, world: World) -> None:
    petition = world.petition()
    assert count_queries(lambda: client.get(f"/embed/v1/{petition.slug}")) <= 9
