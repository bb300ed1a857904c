"""POST /petitions/<slug>/signatures: three fields, a letter, and the same answer for everybody."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from app.petitions import launching
from app.petitions.models import Petition
from app.petitions.signing import SignatureWish, sign
from tests.petitions.signing_page import HTMX, MINJI, path_of, post, signatures, signed, tally
from tests.world import World


def test_a_guest_signs_and_is_sent_to_their_mailbox(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    answer = post(client, petition, reason="아이들을 위해", hide_name="1")
    assert answer.status_code == 200
    assert "m***@example.org" in answer.text
    assert "minji@example.org" not in answer.text
    assert "Set-Cookie" not in answer.headers
    (signature,) = signatures()
    assert (signature.state, signature.name, signature.region) == ("pending", "민지", "KR-11")
    assert (signature.reason, signature.hide_name, signature.locale) == ("아이들을 위해", True, "en")
    assert signature.email == "minji@example.org"
    assert abs(signature.created_at - clock.now()) < timedelta(minutes=1)
    assert tally(petition) == 0
    world.work()
    (letter,) = world.letters("minji")
    assert letter.locale == "en"
    assert letter.text.index("/signatures/") < letter.text.index("--")


def test_htmx_gets_the_fragment_alone(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    sent = client.post(path_of(petition), data=MINJI, headers=HTMX)
    assert sent.text.lstrip().startswith("<div")
    assert 'id="sign-form"' in sent.text
    wrong = client.post(path_of(petition), data={"name": "민지"}, headers=HTMX)
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith("<form")


def test_a_second_signing_cannot_be_told_from_the_first(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    first = post(client, petition)
    again = post(client, petition)
    validated = signed(world, client, petition)
    client.post(validated)
    after = post(client, petition)
    assert first.text == again.text == after.text
    assert first.headers.to_wsgi_list() == after.headers.to_wsgi_list()
    assert len(signatures()) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write your name."),
        ({"name": "  \u200b "}, "Write your name."),
        ({"name": "Alice\u2028Bcc"}, "Remove the invisible control characters"),
        ({"name": "가" * 81}, "Shorten the name to 80 characters."),
        ({"name": "Alice\x00"}, "Remove the invisible control characters"),
        ({"name": "Alice\r\nBcc: bob@example.org"}, "Remove the invisible control characters"),
        ({"name": "\u202eecilA"}, "Remove the invisible control characters"),
        ({"name": "a" + "\u0301" * 60}, "Remove the stacked accents"),
        ({"name": "a" + "\u0301" * 100_000}, "Shorten the name"),
        ({"email": ""}, "Write your e-mail address."),
        ({"email": "minji"}, "Check the e-mail address"),
        ({"email": "minji@example.org, bob@example.org"}, "Check the e-mail address"),
        ({"email": "minji@example.org\nbob@example.org"}, "Remove the invisible control characters"),
        ({"email": "민지 <minji@example.org>"}, "Check the e-mail address"),
        ({"email": "a@" + "b" * 250 + ".org"}, "Check the e-mail address"),
        ({"region": ""}, "Choose where you live."),
        ({"region": "KR-99"}, "Choose a province or a country"),
        ({"region": "kr-11"}, "Choose a province or a country"),
        ({"region": "' OR 1=1"}, "Choose a province or a country"),
        ({"reason": "x" * 501}, "Shorten this to 500 characters."),
        ({"reason": "한 줄\u202e"}, "Remove the invisible control characters"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    world: World, client: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    petition = world.petition()
    typed = {"reason": "그래도 남아요"} | changes
    answer = post(client, petition, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Error:" in answer.text.partition("</title>")[0]
    for name in ("name", "reason"):
        kept = (MINJI | typed)[name]
        if kept.isprintable() and not unicodedata.combining(kept[-1:] or " "):
            assert kept in answer.text
    assert signatures() == []


def test_a_name_that_nobody_can_see_is_none(world: World, client: FlaskClient) -> None:
    answer = post(client, world.petition(), name="\u3164\uffa0\u3164")
    assert (answer.status_code, signatures()) == (422, [])


@pytest.mark.parametrize("region", ["KR-50", "KR-49", "US", "US-CA", "TW", "KR"])
def test_every_iso_region_is_taken(world: World, client: FlaskClient, region: str) -> None:
    assert post(client, world.petition(), region=region).status_code == 200
    assert signatures()[0].region == region


@pytest.mark.parametrize(
    "name", ["김민지 👩‍👩‍👧", "محمد", "Ólafur Ægisson", "O'Brien-Smith", "<script>alert(1)</script>"]
)
def test_names_of_every_script_are_kept_and_escaped(world: World, client: FlaskClient, name: str) -> None:
    petition = world.petition()
    link = signed(world, client, petition, name=name)
    assert signatures()[0].name == name
    assert "<script>alert" not in client.get(link).text


def test_a_name_shown_in_part_is_not_broken_over_two_lines(world: World, client: FlaskClient) -> None:
    page = client.get(path_of(world.petition())).text
    assert 'such as <span class="nowrap">홍*동 or A***</span>.' in page


def test_what_the_form_does_not_ask_is_not_taken(world: World, client: FlaskClient) -> None:
    post(
        client,
        world.petition(),
        state="validated",
        sponsor="1",
        id="1",
        person_id="1",
        validated_at="2020-01-01",
    )
    (signature,) = signatures()
    assert (signature.state, signature.sponsor, signature.person_id) == ("pending", False, None)


def test_unknown_and_private_petitions_are_not_there(world: World, client: FlaskClient) -> None:
    for state in ("draft", "sponsoring", "moderation", "rejected", "hidden", "removed"):
        petition = world.petition(state=state, title=f"아직 {state}")
        assert post(client, petition).status_code == 404
        assert client.get(path_of(petition)).status_code == 404
    assert client.post("/petitions/없는-청원/signatures", data=MINJI).status_code == 404
    assert client.post("/petitions/a%00b/signatures", data=MINJI).status_code == 404
    assert signatures() == []


def test_a_closed_petition_says_so_with_everything_typed(world: World, client: FlaskClient) -> None:
    for petition in (
        world.petition(state="closed", title="닫힌 청원"),
        world.petition(deadline=clock.now() - timedelta(seconds=1), title="기한이 지난 청원"),
    ):
        answer = post(client, petition)
        assert answer.status_code == 409
        assert "no longer taking signatures" in answer.text
        fragment = client.post(f"{path_of(petition)}?lang=en", data=MINJI, headers=HTMX)
        assert fragment.status_code == 422
        assert "no longer taking signatures" in fragment.text
    assert signatures() == []


def test_a_petition_that_was_hidden_a_moment_ago_takes_nothing(world: World, client: FlaskClient) -> None:
    world.app.extensions["snapshots"].seconds = 60
    petition = world.petition()
    assert post(client, petition).status_code == 200
    run_tx(lambda: launching.hide(petition.id))
    assert post(client, petition, email="alice@example.org").status_code == 409
    assert len(signatures()) == 1


def test_foreign_pages_cannot_sign(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    path = path_of(petition)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "HX-Request": "true"},
    ):
        assert client.post(path, data=MINJI, headers=headers).status_code == 403
    assert signatures() == []
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(path, data=MINJI, headers=own).status_code == 200


def test_a_body_of_another_kind_is_an_empty_form(world: World, client: FlaskClient) -> None:
    path = path_of(world.petition())
    body = "name=민지&email=minji@example.org&region=KR-11"
    for kind in ("text/plain", "application/json"):
        assert client.post(path, data=body, content_type=kind).status_code == 422
    assert client.post(path, data={f"f{n}": "x" for n in range(10_000)}).status_code in {413, 422}
    assert signatures() == []


def test_the_page_alone_changes_nothing_and_holds_the_real_form(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    for method in ("GET", "HEAD"):
        answer = client.open(f"{path_of(petition)}?lang=en", method=method)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    page = client.get(f"{path_of(petition)}?lang=en").text
    assert 'method="post"' in page
    assert "14 or older" in page
    assert re.search(r'href="/privacy[?"]', page)
    assert re.search(r'href="/terms[?"]', page)
    assert "csrf" not in page
    assert page.index("KR-11") < page.index('value="AF"')
    assert "전북특별자치도" in client.get(f"{path_of(petition)}?lang=ko").text
    assert signatures() == []


def test_both_ways_to_the_database_store_the_same(world: World, client: FlaskClient) -> None:
    """The short way through the driver stores what the session would have stored."""
    petition = world.petition()
    post(client, petition)
    wish = SignatureWish(
        name="민지", email="junho@example.org", region="KR-11", locale="en", network=signatures()[0].network
    )
    run_tx(lambda: sign(petition.id, wish))
    short, long = signatures()
    for column in Petition.metadata.tables["signature"].columns:
        if column.name not in {"id", "email", "email_key", "created_at"}:
            assert getattr(short, column.name) == getattr(long, column.name), column.name
    assert type(short.created_at) is type(long.created_at)
    world.work()
    assert len(world.letters("minji")) == len(world.letters("junho")) == 1
