"""POST /petitions/<slug>/signatures: a partner passes on, the signer's letter decides."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import db, run_tx
from app.petitions.models import Signature
from app.petitions.signing import SignatureWish, sign
from tests.world import World

from .conftest import Post, signature
from .tokens import token_for


def test_nothing_counts_before_the_button_is_pressed(client: FlaskClient, world: World, post: Post) -> None:
    petition = world.petition()
    answer = post(f"/petitions/{petition.slug}/signatures", signature())
    assert answer.status_code == 202
    assert answer.get_json() == {
        "petition": petition.slug,
        "state": "pending",
        "next": "A letter is on its way. The signature counts once the button in it is pressed.",
    }
    assert world.fresh(petition).signatures.tally == 0
    world.work()
    link = re.search(r"http://localhost(/signatures/\S+)", world.letters("minji")[0].text)
    assert link
    client.get(link[1])
    assert world.fresh(petition).signatures.tally == 0
    client.post(link[1])
    assert world.fresh(petition).signatures.tally == 1


def test_the_letter_speaks_the_language_asked_for(world: World, post: Post) -> None:
    petition = world.petition()
    post(f"/petitions/{petition.slug}/signatures", signature(language="en"))
    assert db.session.query(Signature).one().locale == "en"


def test_an_address_that_signed_is_answered_like_a_new_one(world: World, post: Post) -> None:
    petition = world.petition()
    world.sign(petition, "minji")
    path = f"/petitions/{petition.slug}/signatures"
    known, unknown = post(path, signature()), post(path, signature(email="new@example.org"))
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert world.fresh(petition).signatures.tally == 1


def test_the_sentences_are_those_of_the_form(client: FlaskClient, world: World, post: Post) -> None:
    petition = world.petition()
    wrong = {"name": "", "email": "a@b@c", "region": "KR-99", "reason": "x" * 501}
    answer = post(f"/petitions/{petition.slug}/signatures", signature(**wrong))
    page = client.post(f"/petitions/{petition.slug}/signatures", data=wrong).text
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    errors = answer.get_json()["errors"]
    assert set(errors) == set(wrong)
    for sentences in errors.values():
        assert all(sentence in page for sentence in sentences)
    assert db.session.query(Signature).count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consent": ...}, "consent"),
        ({"consent": "true"}, "consent"),
        ({"consent": 1}, "consent"),
        ({"name": 7}, "name"),
        ({"name": ...}, "name"),
        ({"name": None}, "name"),
        ({"email": ["a@example.org"]}, "email"),
        ({"email": "a\ud800@example.org"}, "email"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "email"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a\ud800b"}, "name"),
        ({"name": "e" + "\u0301" * 20}, "name"),
        ({"hide_name": "yes"}, "hide_name"),
        ({"language": "fr"}, "language"),
        ({"language": {}}, "language"),
        ({"state": "validated"}, "state"),
        ({"petition_id": "x"}, "petition_id"),
        ({"\ud800": "x"}, "\\ud800"),
    ],
)
def test_what_is_wrong_is_named(world: World, post: Post, changes: dict[str, Any], field: str) -> None:
    petition = world.petition()
    answer = post(f"/petitions/{petition.slug}/signatures", signature(**changes))
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {field}
    assert db.session.query(Signature).count() == 0


def test_a_thousand_unknown_fields_are_not_all_repeated(world: World, post: Post) -> None:
    petition = world.petition()
    body = signature() | {f"f{number}": 1 for number in range(1000)}
    answer = post(f"/petitions/{petition.slug}/signatures", body)
    assert answer.status_code == 422
    assert len(answer.get_json()["errors"]) == 20


@pytest.mark.parametrize(
    ("state", "status"), [("closed", 409), ("hidden", 404), ("removed", 410), ("sponsoring", 404)]
)
def test_a_petition_that_takes_nothing(world: World, post: Post, state: str, status: int) -> None:
    petition = world.petition(state=state)
    answer = post(f"/petitions/{petition.slug}/signatures", signature())
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert post("/petitions/nothing-here/signatures", signature()).status_code == 404


def test_a_mailbox_is_not_flooded(world: World, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.petitions.suspecting.count_within", lambda _items, *key: False)
    petition = world.petition()
    answer = post(f"/petitions/{petition.slug}/signatures", signature())
    assert answer.status_code == 202
    assert db.session.query(Signature).one().state == "fraudulent"
    world.work()
    assert world.letters("minji") == []


def test_signatures_of_one_partner_are_seen_together_whatever_the_token(world: World, post: Post) -> None:
    petition = world.petition()
    path = f"/petitions/{petition.slug}/signatures"
    for number in range(2):
        post(path, signature(email=f"a{number}@example.org"), token=token_for(world, "alice"))
    post(path, signature(email="b@example.org"), token=token_for(world, "bob"))
    networks = [
        row.network for row in db.session.query(Signature).order_by(Signature.created_at, Signature.id)
    ]
    assert networks[0] == networks[1] != networks[2]


def test_the_same_key_is_the_same_answer(world: World, post: Post) -> None:
    petition = world.petition()
    path = f"/petitions/{petition.slug}/signatures"
    first = post(path, signature(), key="k1")
    again = post(path, signature(), key="k1")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    other = post(path, signature(name="Somebody else"), key="k1")
    assert other.status_code == 422
    assert "another request" in other.get_json()["detail"]
    elsewhere = post(f"/petitions/{world.petition(title='Another').slug}/signatures", signature(), key="k1")
    assert elsewhere.status_code == 422
    foreign = post(path, signature(name="Somebody else"), key="k1", token=token_for(world, "bob"))
    assert foreign.status_code == 202
    assert "Idempotency-Replayed" not in foreign.headers


def test_a_refused_request_does_not_spend_its_key(world: World, post: Post) -> None:
    petition = world.petition()
    path = f"/petitions/{petition.slug}/signatures"
    assert post(path, signature(region="nowhere"), key="k1").status_code == 422
    assert post(path, signature(), key="k1").status_code == 202


@pytest.mark.parametrize("key", ["a b", "x" * 256, "é"])
def test_a_key_that_is_none(world: World, post: Post, key: str) -> None:
    petition = world.petition()
    assert post(f"/petitions/{petition.slug}/signatures", signature(), key=key).status_code == 400


def test_the_answer_names_nobody(world: World, post: Post) -> None:
    petition = world.petition()
    wish = SignatureWish(
        name="카나리아", email="canary@example.org", region="KR-11", locale="ko", hide_name=True
    )
    run_tx(lambda: sign(petition.id, wish))
    path = f"/petitions/{petition.slug}/signatures"
    for body in (
        signature(name="카나리아", email="canary@example.org", hide_name=True),
        signature(name="카나리아\x00", email="canary@@example.org", reason="비밀" * 400),
    ):
        text = post(path, body, key="k").text
        for canary in ("카나", "canary", "비밀"):
            assert canary not in text
