"""Who may write: a token in the header, with the scope, as long as it works; a cookie never."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.api.models import AccessToken
from app.api.tokens import MOST_LIVE, forget_tokens, make_token, revoke, tokens_of
from app.db import db, run_tx
from app.errors import Refusal
from app.petitions.models import Signature
from tests.world import World

from .conftest import Post, pledge, signature
from .tokens import token_for


def test_no_token_no_entry(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    for path in ("signatures", "pledges"):
        answer = client.post(f"/api/v1/petitions/{petition.slug}/{path}", json=signature())
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="dure"'


@pytest.mark.parametrize(
    "given",
    [
        "Bearer nonsense",
        "Bearer ",
        "Basic YWxpY2U6eA==",
        "Bearer dure_" + "A" * 43,
        "Bearer \u00e9",
        "dure_x",
    ],
)
def test_a_token_nobody_made(client: FlaskClient, world: World, given: str) -> None:
    petition = world.petition()
    answer = client.post(
        f"/api/v1/petitions/{petition.slug}/signatures", json=signature(), headers={"Authorization": given}
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="dure"')


def test_a_session_is_no_token(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "alice")
    for headers in ({}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}):
        answer = client.post(
            f"/api/v1/petitions/{petition.slug}/signatures", json=signature(), headers=headers
        )
        assert answer.status_code == 401


def test_a_token_counts_wherever_the_request_comes_from(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "alice")
    headers = {
        "Authorization": f"Bearer {token_for(world, 'bob')}",
        "Origin": "https://partner.example",
        "Sec-Fetch-Site": "cross-site",
    }
    answer = client.post(f"/api/v1/petitions/{petition.slug}/signatures", json=signature(), headers=headers)
    assert answer.status_code == 202
    assert "Set-Cookie" not in answer.headers
    assert db.session.query(Signature).one().state == "pending"


def test_neither_the_address_nor_the_body_is_a_place_for_a_token(client: FlaskClient, world: World) -> None:
    petition, token = world.petition(), token_for(world)
    address = f"/api/v1/petitions/{petition.slug}/signatures"
    for query in (f"?access_token={token}", f"?token={token}"):
        assert client.post(address + query, json=signature(access_token=token)).status_code == 401


def test_a_scope_is_a_wall(world: World, post: Post) -> None:
    petition = world.petition()
    token = token_for(world, scopes=("sign",))
    refused = post(f"/petitions/{petition.slug}/pledges", pledge(), key="k", token=token)
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert 'error="insufficient_scope", scope="pledge"' in refused.headers["WWW-Authenticate"]
    assert post(f"/petitions/{petition.slug}/signatures", signature(), token=token).status_code == 202


def test_it_ends_when_it_says(world: World, post: Post) -> None:
    petition = world.petition(deadline=clock.now() + timedelta(days=90))
    token = token_for(world, days=30)
    path = f"/petitions/{petition.slug}/signatures"
    with time_machine.travel(clock.now() + timedelta(days=30, seconds=-60), tick=False):
        assert post(path, signature(), token=token).status_code == 202
    with time_machine.travel(clock.now() + timedelta(days=30, seconds=60), tick=False):
        assert post(path, signature(), token=token).status_code == 401


def test_revoked_is_revoked_and_only_by_its_owner(world: World, post: Post) -> None:
    petition, alice, bob = world.petition(), world.person("alice"), world.person("bob")
    token = token_for(world, "alice")
    (listed,) = [each for each in tokens_of(alice.id) if each.ending == token[-4:]]
    assert run_tx(lambda: revoke(bob.id, listed.id)) is False
    assert run_tx(lambda: revoke(alice.id, listed.id)) is True
    assert run_tx(lambda: revoke(alice.id, listed.id)) is False
    assert post(f"/petitions/{petition.slug}/signatures", signature(), token=token).status_code == 401


def test_only_a_digest_is_kept(world: World) -> None:
    token = token_for(world)
    row = db.session.execute(sa.select(AccessToken.__table__)).one()
    assert not any(token in str(value) or token[5:] in str(value) for value in row)
    assert len(row.digest) == 64
    assert row.ending == token[-4:]
    assert "ending" in row._mapping


def test_the_day_of_the_last_use_is_noted(world: World, post: Post) -> None:
    petition, alice = world.petition(), world.person("alice")
    token = token_for(world)
    unused = next(each for each in tokens_of(alice.id) if each.ending == token[-4:])
    assert unused.last_used_on is None
    with time_machine.travel("2026-11-23T16:00:00Z", tick=False):
        post(f"/petitions/{petition.slug}/signatures", signature(), token=token)
    db.session.expire_all()
    used = next(each for each in tokens_of(alice.id) if each.ending == token[-4:])
    assert str(used.last_used_on) == "2026-11-24"


def test_a_form_makes_one_token(world: World) -> None:
    alice = world.person("alice")

    def make() -> str | None:
        return run_tx(lambda: make_token(alice.id, name="x", scopes=("sign",), days=30, form_key="f" * 64))

    assert make() is not None
    assert make() is None
    assert len(tokens_of(alice.id)) == 1


def test_nobody_hoards_tokens(world: World) -> None:
    for _number in range(MOST_LIVE):
        token_for(world)
    with pytest.raises(Refusal, match="Revoke one first"):
        token_for(world)


def test_erased_people_leave_no_tokens(world: World, post: Post) -> None:
    petition, alice = world.petition(), world.person("alice")
    assert post(f"/petitions/{petition.slug}/signatures", signature(), key="k").status_code == 202
    run_tx(lambda: forget_tokens(alice.id))
    assert db.session.query(AccessToken).count() == 0
    assert post(f"/petitions/{petition.slug}/signatures", signature()).status_code == 401
