"""The widget on other people's pages."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.config import ROOT
from app.db import db, run_tx
from app.embeds.choosing import choose
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


def version_in(page: str) -> str:
    return re.findall(r'data-version="([0-9a-f]+)"', page)[0]


def stage_in(page: str) -> str:
    return re.findall(r'data-stage="([^"]+)"', page)[0]


def test_it_says_how_far_the_petition_is(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1000, goal=3_000_000)
    add_signature(petition, "canary", hide_name=True)
    page = client.get(f"/embed/v1/{petition.slug}?lang=en").text
    assert page.count("<progress") == 2
    assert "Confirmed signatures: 1. Waiting for confirmation: 0." in page
    assert "Open until" in page
    assert "days left" in page
    assert '<time datetime="' in page
    assert "canary" not in page


def test_signing_happens_on_our_own_page(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="lights")
    page = client.get(f"/embed/v1/{petition.slug}").text
    assert 'href="http://localhost/petitions/lights#sign" target="_blank" rel="noopener"' in page
    assert "<form" not in page
    assert "/sign" not in page


@pytest.mark.parametrize(
    "via", ["blog.example", "javascript:alert(1)", "a b", "//evil@host", '"><script>', "x" * 600]
)
def test_it_says_the_same_whatever_site_is_around_it(client: FlaskClient, world: World, via: str) -> None:
    """Its script names the site to our own page."""
    address = f"/embed/v1/{world.petition(title='lights').slug}"
    page = client.get(address, query_string={"via": via}).text
    assert 'href="http://localhost/petitions/lights#sign"' in page
    assert "via=" not in page
    assert version_in(page) == version_in(get(client, address).text)


def test_an_organizer_may_let_readers_sign_in_the_frame(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="lights")
    run_tx(lambda: choose(petition.id, (), signs_in_frame=True))
    page = get(client, f"/embed/v1/{petition.slug}?theme=dark&lang=en&color=1f6b4a").text
    assert 'href="/embed/v1/lights/sign?theme=dark&amp;color=1f6b4a&amp;lang=en"' in page
    assert 'href="http://localhost/petitions/lights?lang=en#sign" target="_blank"' in page


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
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in headers
    assert "Set-Cookie" not in headers
    assert headers["Vary"] == "Accept-Language"
    assert headers["Cache-Control"] == "public, max-age=15"
    assert not re.search(r"\sstyle=|\son\w+=|<style", answer.text)


def test_only_the_sites_the_organizer_lists_may_show_it(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    run_tx(lambda: choose(petition.id, ("https://blog.example",), signs_in_frame=False))
    policy = client.get(f"/embed/v1/{petition.slug}").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://blog.example" in policy
    assert "*" not in policy


def test_sites_that_the_organizer_vouches_for_shut_out_nobody(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    run_tx(lambda: choose(petition.id, ("https://blog.example",), signs_in_frame=False, open_to_all=True))
    policy = client.get(f"/embed/v1/{petition.slug}").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    said = get(client, "/oembed", query_string={"url": f"http://localhost/petitions/{petition.slug}"}).json
    assert "<iframe" in said["html"]
    form = {"name": "민지", "email": "minji@example.org", "region": "KR-11"}
    page = client.post(f"/petitions/{petition.slug}/signatures?via=blog.example&lang=en", data=form).text
    assert '<a href="https://blog.example/" rel="noopener nofollow">Back to blog.example</a>' in page


def test_its_files_may_be_loaded_by_a_frame_without_origin(client: FlaskClient, world: World) -> None:
    page = client.get(f"/embed/v1/{world.petition().slug}?color=ff0000").text
    files = re.findall(r'(?:rel="stylesheet" href|src)="([^"]+)"', page)
    assert len(files) == 3
    for file in files:
        answer = get(client, file)
        assert answer.status_code == 200
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers


def test_all_of_it_is_small(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="가" * 500, signatures=999_999_999, goal=999_999_999_999_999)
    page = client.get(f"/embed/v1/{petition.slug}?color=ff0000")
    files = re.findall(r'(?:rel="stylesheet" href|src)="([^"]+)"', page.text)
    assert len(page.data) + sum(len(get(client, file).data) for file in files) <= BUDGET
    styles = (ROOT / "static/embed/frame.css").read_text()
    assert "url(" not in styles
    assert "@import" not in styles


def test_it_is_whole_without_a_script(client: FlaskClient, world: World) -> None:
    """A browser without scripts loads it again before its numbers are two intervals old."""
    page = client.get(f"/embed/v1/{world.petition().slug}").text
    seconds = int(re.findall(r'<noscript><meta http-equiv="refresh" content="(\d+)"></noscript>', page)[0])
    assert 10 <= seconds < 15
    assert "Storage" not in (ROOT / "static/embed/frame.js").read_text()


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


def test_a_poll_without_news_costs_a_header(client: FlaskClient, world: World) -> None:
    start = clock.now().replace(hour=3, minute=0, second=0, microsecond=0)
    petition = world.petition(deadline=start + timedelta(days=3, hours=5))
    address = f"/embed/v1/{petition.slug}?lang=en"
    with time_machine.travel(start, tick=False):
        seen = version_in(get(client, address).text)
    with time_machine.travel(start + timedelta(minutes=1), tick=False):
        answer = get(client, f"{address}&since={seen}")
    assert (answer.status_code, answer.data) == (204, b"")
    at, words = answer.headers["Dure-As-Of"].split(" ")
    assert at == (start + timedelta(minutes=1)).isoformat(timespec="seconds")
    assert unquote(words).endswith("12:01 KST")
    add_signature(petition, "minji")
    newer = get(client, f"{address}&since={seen}")
    assert newer.status_code == 200
    assert version_in(newer.text) != seen


def test_an_open_widget_has_news_at_a_quarter_but_not_at_every_signature(
    client: FlaskClient, world: World
) -> None:
    petition = world.petition(signatures=8)
    address = f"/embed/v1/{petition.slug}?lang=en"
    stages = [stage_in(get(client, address).text)]
    for name in ("minji", "junho", "alice"):
        add_signature(petition, name)
        stages.append(stage_in(get(client, address).text))
    assert stages == ["open 0 0", "open 0 0", "open 1 0", "open 1 0"]
    assert "3 of 8 signatures, 37%." in get(client, address).text


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_theme_and_language_are_chosen_by_the_address(client: FlaskClient, world: World, theme: str) -> None:
    petition = world.petition()
    page = get(client, f"/embed/v1/{petition.slug}?theme={theme}&lang=en").text
    assert f'<html lang="en" dir="ltr" data-theme="{theme}">' in page
    assert '<html lang="ko"' in get(client, f"/embed/v1/{petition.slug}?theme={theme}&lang=ko").text


@pytest.mark.parametrize("bad", ['"><script>alert(1)</script>', "javascript:alert(1)", "%00", "x" * 2000])
def test_a_look_that_is_not_understood_is_the_usual_one(client: FlaskClient, world: World, bad: str) -> None:
    address = f"/embed/v1/{world.petition().slug}"
    usual = get(client, address).text
    answer = client.get(address, query_string={"theme": bad, "color": bad, "lang": bad})
    assert answer.status_code == 200
    assert version_in(answer.text) == version_in(usual)
    assert "script>alert" not in answer.text


def test_ten_thousand_parameters_change_nothing(client: FlaskClient, world: World) -> None:
    address = f"/embed/v1/{world.petition().slug}"
    storm = "&".join(f"p{n}=%25%27%3B" for n in range(10_000))
    assert version_in(get(client, f"{address}?{storm}").text) == version_in(get(client, address).text)


@pytest.mark.parametrize(
    "slug", ["%25%25%25%27;--", "%F0%9F%8C%B1", "%ff%fe", "x" * 3000, "..%2f..%2fetc", "a%0d%0ab"]
)
def test_an_absurd_address_is_a_petition_that_is_not_there(
    client: FlaskClient, world: World, slug: str
) -> None:
    answer = client.get(f"/embed/v1/{slug}?lang=en")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_nobody_can_post_to_it(client: FlaskClient, world: World) -> None:
    answer = client.post(f"/embed/v1/{world.petition().slug}", data=b"x" * 7_000_000)
    assert answer.status_code == 405


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
    assert "data-version" not in answer.text
    assert '<noscript><meta http-equiv="refresh" content="300"></noscript>' in answer.text
    assert 'data-seconds="300"' in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_script_in_a_title_stays_text(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(f"/embed/v1/{petition.slug}").text


def test_it_is_read_in_few_queries(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    assert count_queries(lambda: client.get(f"/embed/v1/{petition.slug}")) <= 9
