"""A petition's page: everything on it, for everybody alike."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import db, new_id, run_tx
from app.pages import views
from app.people.models import Person
from app.petitions.models import Petition, Signature, Update
from app.petitions.signing import SignatureWish, sign, validate
from tests.counting import count_queries
from tests.fresh import get
from tests.world import World

SCRIPT = '"><script>alert(1)</script>'


def add_signature(petition: Petition, name: str, number: int = 0, **changes: Any) -> None:
    wish = SignatureWish(name=name, email=f"s{number}@example.org", region="KR-11", locale="ko", **changes)
    run_tx(lambda: sign(petition.id, wish))
    signature = db.session.query(Signature).filter_by(petition_id=petition.id, name=name).one()
    run_tx(lambda: validate(signature.id))


def test_it_shows_both_bars_and_what_happens_next(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1000, goal=3_000_000)
    page = client.get(f"/petitions/{petition.slug}?lang=en").text
    assert "0</strong>" in page
    assert "1,000 signatures" in page
    assert "₩3,000,000 pledged" in page
    assert "When 1,000 people have signed and ₩3,000,000 is pledged by" in page
    assert "Until then nobody pays." in page
    assert "<strong>아이들</strong>이" in page
    assert page.count("<progress") == 2


def test_the_guest_form_is_there_and_carries_no_token(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    page = client.get(f"/petitions/{petition.slug}").text
    for name in ("name", "email", "region", "reason", "hide_name"):
        assert f'name="{name}"' in page
    assert "csrf" not in page


def test_nobody_is_in_it(client: FlaskClient, world: World) -> None:
    """A signed-in person's copy is everybody's copy, to the byte, and leaves no cookie behind."""
    petition = world.petition()
    anonymous = get(client, f"/petitions/{petition.slug}", headers={"Accept-Language": "ko"})
    world.sign_in(client, "alice")
    with client.session_transaction() as session:
        session.permanent = True
    own = get(client, f"/petitions/{petition.slug}", headers={"Accept-Language": "ko"})
    assert own.data == anonymous.data
    for answer in (anonymous, own):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "public, no-cache"


def test_a_copy_that_says_the_same_is_not_written_again(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = world.petition()
    first = client.get(f"/petitions/{petition.slug}")
    again = {"If-None-Match": first.headers["ETag"]}
    with monkeypatch.context() as patch:
        patch.setattr(views, "render", lambda *_: pytest.fail("rendered"))
        assert client.get(f"/petitions/{petition.slug}", headers=again).status_code == 304
    add_signature(petition, "민지")
    assert client.get(f"/petitions/{petition.slug}", headers=again).status_code == 200


def test_each_language_is_another_copy(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    korean = get(client, f"/petitions/{petition.slug}", headers={"Accept-Language": "ko"})
    english = get(client, f"/petitions/{petition.slug}", headers={"Accept-Language": "en"})
    assert korean.headers["ETag"] != english.headers["ETag"]
    assert 'lang="ko"' in korean.text
    assert '<html lang="en">' in english.text
    assert "Accept-Language" in korean.headers["Vary"]


def test_a_hidden_name_is_nowhere(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    add_signature(petition, "홍길동", 1, reason="매일 건너요")
    add_signature(petition, "카나리아", 2, reason="비밀한 까닭", hide_name=True)
    page = client.get(f"/petitions/{petition.slug}").text
    assert "홍*동" in page
    assert "홍길동" not in page
    assert "매일 건너요" in page
    assert "카나" not in page
    assert "비밀한 까닭" not in page
    assert "2</strong>" in page


def test_only_confirmed_signers_are_listed(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    wish = SignatureWish(name="남궁민수", email="n@example.org", region="KR-11", locale="ko")
    run_tx(lambda: sign(petition.id, wish))
    page = client.get(f"/petitions/{petition.slug}?lang=en").text
    assert "남궁" not in page
    assert "1 more signature waits" in page


def test_script_stays_text_everywhere(client: FlaskClient, world: World) -> None:
    petition = world.petition(title=f"제목 {SCRIPT}", summary=SCRIPT, addressee=SCRIPT, text=SCRIPT)
    add_signature(petition, "민지 씨", 1, reason=SCRIPT)
    page = client.get(f"/petitions/{petition.slug}").text
    assert "<script>alert" not in page
    assert "javascript:" not in page
    title = re.search(r'<meta property="og:title" content="([^"]*)"', page)
    description = re.search(r'<meta name="description" content="([^"]*)"', page)
    assert title is not None
    assert description is not None
    assert "&lt;script&gt;" in title[1]
    assert "&lt;script&gt;" in description[1]


def test_it_leads_to_the_panel_and_the_organizer(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="lights")
    page = get(client, "/petitions/lights?lang=en").text
    assert 'href="/petitions/lights/embed?lang=en">Show it on your own site</a>' in page
    organizer = world.person("organizer")
    assert f'Started by <a href="/people/{organizer.handle}?lang=en">{organizer.name}</a>' in page
    run_tx(lambda: setattr(db.session.get(Person, petition.organizer_id), "name", "<i>Han</i>"))
    assert "&lt;i&gt;Han&lt;/i&gt;</a>" in get(client, "/petitions/lights?lang=en").text


@pytest.mark.parametrize("state", ["draft", "sponsoring", "moderation", "rejected", "hidden"])
def test_what_is_not_public_is_not_found(client: FlaskClient, world: World, state: str) -> None:
    petition = world.petition(state=state)
    answer = client.get(f"/petitions/{petition.slug}?lang=en")
    assert answer.status_code == 404
    assert petition.title not in answer.text
    assert ("looking into it" in answer.text) == (state == "hidden")


def test_what_was_removed_is_gone(client: FlaskClient, world: World) -> None:
    petition = world.petition(state="removed")
    assert client.get(f"/petitions/{petition.slug}").status_code == 410


@pytest.mark.parametrize("slug", ["nothing", "%00", "a%0Ab", "x" * 500, "../../etc/passwd"])
def test_an_unknown_address_is_not_found(client: FlaskClient, context: None, slug: str) -> None:
    assert client.get(f"/petitions/{slug}").status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("closed", "The deadline passed before both thresholds held. Nobody was charged"),
        ("stopped", "This petition was stopped. Nobody was charged"),
    ],
)
def test_a_petition_that_is_over_says_why(client: FlaskClient, world: World, state: str, words: str) -> None:
    petition = world.petition(state=state, closed_at=clock.now())
    page = client.get(f"/petitions/{petition.slug}?lang=en").text
    assert words in page
    assert 'id="sign-form"' not in page


def test_past_the_deadline_nothing_is_asked_any_more(client: FlaskClient, world: World) -> None:
    petition = world.petition(deadline=clock.now() - timedelta(minutes=1))
    assert 'id="sign-form"' not in client.get(f"/petitions/{petition.slug}").text


def test_a_tipped_petition_says_until_when_it_is_checked(client: FlaskClient, world: World) -> None:
    at = clock.now()
    petition = world.petition(tipped_at=at, window_ends_at=at + timedelta(hours=24))
    page = client.get(f"/petitions/{petition.slug}?lang=en").text
    assert "Both thresholds hold. The signatures are checked until" in page
    assert "Nobody has paid yet." in page


def test_an_archived_petition_keeps_its_tally_apart_and_names_its_source(
    client: FlaskClient, world: World
) -> None:
    archived = new_id()

    def store() -> None:
        db.session.add(
            Petition(
                id=archived,
                slug="from-the-archive",
                title="Keep <b>the</b> library",
                addressee="UK Government",
                text="First.\r\n\r\n<script>alert(1)</script>",
                locale="en",
                state="archived",
                created_at=clock.now(),
                source="uk-parliament",
                source_id="1",
                archive={"signatures": 104_231, "threshold": 100_000, "source_state": "closed"},
            )
        )

    run_tx(store)
    page = client.get("/petitions/from-the-archive?lang=en").text
    assert "104,231" in page
    assert "kept apart from signatures on Dure" in page
    assert "Open Government Licence v3.0" in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'id="sign-form"' not in page
    answer = client.get("/api/v1/petitions/from-the-archive").get_json()
    assert answer["state"] == "archived"
    assert answer["signatures"] == {"validated": 0, "pending": 0}
    assert answer["thresholds"] == []


def test_bars_are_sent_again_only_when_they_move(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    page = client.get(f"/petitions/{petition.slug}").text
    poll = re.search(r'hx-get="(/petitions/[^"]*/progress[^"]*)"', page)
    assert poll is not None
    address = poll[1].replace("&amp;", "&")
    same = client.get(address)
    assert (same.status_code, same.data) == (204, b"")
    add_signature(petition, "민지")
    moved = client.get(address)
    assert moved.status_code == 200
    assert "1</strong>" in moved.text
    assert "<html" not in moved.text


def test_the_page_costs_the_same_for_many(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=100)
    address = f"/petitions/{petition.slug}"
    few = count_queries(lambda: client.get(address))
    for number in range(15):
        add_signature(petition, f"사람{number}", number)
    organizer = world.person("organizer")

    def publish() -> None:
        for number in range(5):
            db.session.add(
                Update(
                    id=new_id(),
                    petition_id=petition.id,
                    author_id=organizer.id,
                    title=f"소식 {number}",
                    text="글",
                    published_at=clock.now(),
                    idempotency_key=new_id(),
                )
            )

    run_tx(publish)
    assert count_queries(lambda: client.get(address)) == few <= 9


def test_the_policy_lets_nothing_inline_run(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    answer = client.get(f"/petitions/{petition.slug}")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"\sstyle=|\son\w+=|hx-on", answer.text)
    assert not re.search(r"<script(?![^>]* src=)", answer.text)
