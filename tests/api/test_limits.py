"""How much one may ask, and how the answers say so."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from werkzeug.test import TestResponse

from app.db import db
from app.petitions.models import Signature
from app.web.limits import limiter
from tests.world import World

from .conftest import Post, signature
from .tokens import token_for


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"limits": "on"}


@pytest.fixture(autouse=True)
def few(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes by a person, five requests from an address."""
    monkeypatch.setattr("app.api.asking.WRITES", (RateLimitItemPerMinute(2),))
    for module in ("views", "limiting"):
        monkeypatch.setattr(f"app.api.{module}.READS", (RateLimitItemPerMinute(5),))
    limiter.reset()


def test_what_everybody_may_keep_says_the_same_to_everybody(client: FlaskClient, context: None) -> None:
    first, second = client.get("/api/v1/petitions"), client.get("/api/v1/petitions")
    for answer in (first, second):
        said = {name: value for name, value in answer.headers if name.startswith("RateLimit")}
        assert said == {"RateLimit-Policy": "5;w=60", "RateLimit-Limit": "5"}
        assert answer.headers["Cache-Control"] == "public, no-cache"


def test_too_many_from_one_address(client: FlaskClient, context: None) -> None:
    statuses = [client.get("/api/v1/petitions").status_code for _number in range(6)]
    assert statuses == [200] * 5 + [429]
    answer = client.get("/api/v1/books")
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert answer.headers["Cache-Control"] == "private, no-store"
    elsewhere = client.get("/api/v1/books", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 200


def test_too_many_by_one_person(world: World, post: Post) -> None:
    petition = world.petition()
    path = f"/petitions/{petition.slug}/signatures"
    answers = [
        post(path, signature(email=f"s{number}@example.org"), token=token_for(world)) for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert all(answer.headers["RateLimit-Limit"] == "2" for answer in answers)
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    other = post(path, signature(email="other@example.org"), token=token_for(world, "bob"))
    assert other.status_code == 202


def test_a_write_that_failed_says_what_is_left(world: World, post: Post) -> None:
    path, unscoped = f"/petitions/{world.petition().slug}/signatures", token_for(world, scopes=("pledge",))
    for send, status in (
        (lambda: post("/petitions/nothing-here/signatures", signature()), 404),
        (lambda: post(path, [1]), 400),
        (lambda: post(path, signature(region="nowhere")), 422),
        (lambda: post(path, signature(), token=unscoped), 403),
    ):
        limiter.reset()
        answer = send()
        assert answer.status_code == status
        assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("2", "1")
        assert answer.headers["RateLimit-Policy"].startswith("2;w=60")
    nobody = post(path, signature(), token="dure_none")
    assert (nobody.headers["RateLimit-Limit"], "RateLimit-Remaining" in nobody.headers) == ("5", False)


@pytest.mark.parametrize(
    ("limits", "longest"),
    [
        ((RateLimitItemPerMinute(1), RateLimitItemPerHour(500)), 60),
        ((RateLimitItemPerMinute(60), RateLimitItemPerHour(1)), 3600),
    ],
    ids=["in-a-minute", "in-an-hour"],
)
def test_too_many_signatures_are_refused_aloud_and_nobody_is_lost(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch, limits: tuple[RateLimitItem, ...], longest: int
) -> None:
    """More tokens do not make more; who was refused can be sent again, and nothing was written of them."""
    monkeypatch.setattr("app.api.asking.WRITES", (RateLimitItemPerMinute(120),))
    monkeypatch.setattr("app.api.asking.SIGNATURES", limits)
    path = f"/petitions/{world.petition().slug}/signatures"
    tokens = {name: token_for(world, name) for name in ("alice", "bob")}

    def send(name: str, whose: str) -> TestResponse:
        return post(path, signature(email=f"{name}@example.org"), key=f"for-{name}", token=tokens[whose])

    first, refused, dana = send("minji", "alice"), send("junho", "alice"), send("dana", "bob")
    assert [answer.status_code for answer in (first, refused, dana)] == [202, 429, 202]
    assert (
        first.headers["RateLimit-Policy"] == f"120;w=60, {limits[0].amount};w=60, {limits[1].amount};w=3600"
    )
    for answer in (first, refused):
        assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("1", "0")
    assert refused.mimetype == "application/problem+json"
    assert longest // 2 < int(refused.headers["Retry-After"]) <= longest
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    assert states() == {"minji": "pending", "dana": "pending"}
    assert send("minji", "alice").headers["Idempotency-Replayed"] == "true"  # an answer again costs nothing

    limiter.reset()
    assert send("junho", "alice").status_code == 202
    assert states()["junho"] == "pending"


def test_what_was_not_recorded_uses_no_signature_up(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.asking.WRITES", (RateLimitItemPerMinute(120),))
    monkeypatch.setattr("app.api.asking.SIGNATURES", (RateLimitItemPerMinute(1),))
    path = f"/petitions/{world.petition().slug}/signatures"
    wishes = (signature(region="nowhere"), signature(), signature(email="junho@example.org"))
    assert [post(path, wish).status_code for wish in wishes] == [422, 202, 429]


def test_a_mailbox_that_is_flooded_hears_no_more_and_nobody_is_told(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.petitions.suspecting.PER_ADDRESS", (RateLimitItemPerHour(1),))
    paths = [f"/petitions/{world.petition(title=title).slug}/signatures" for title in ("A light", "A bench")]
    answers = [post(path, signature()) for path in paths]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert [answer.get_json()["state"] for answer in answers] == ["pending", "pending"]
    assert sorted(db.session.scalars(sa.select(Signature.state))) == ["fraudulent", "pending"]


def states() -> dict[str, str]:
    """The state of each signature, by the name in its address."""
    rows = db.session.execute(sa.select(Signature.email, Signature.state)).all()
    return {email.partition("@")[0]: state for email, state in rows}


def test_guessing_tokens_is_counted_too(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    headers = {"Authorization": "Bearer dure_" + "x" * 43}
    path = f"/api/v1/petitions/{petition.slug}/signatures"
    statuses = [client.post(path, json={}, headers=headers).status_code for _number in range(6)]
    assert statuses == [401] * 5 + [429]
