"""Wrong requests: a problem in JSON each, never a fault, open to every page and remembered by nobody."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import World

from .conftest import Post, signature
from .tokens import token_for


def check(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem, which is one."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    said: dict[str, Any] = answer.get_json()
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"
    return said


@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/", "/api/v1", "/api/v2/petitions", "/api/v1/nothing", "/api/v1/petitions/%00"),
        *("/api/v1//petitions", "/api//v1/petitions", "/api/v1/petitions/"),
    ],
)
def test_nothing_there(client: FlaskClient, context: None, path: str) -> None:
    check(client.get(path), 404)


def test_another_method(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    for path in ("/petitions", f"/petitions/{petition.slug}", "/books"):
        answer = client.delete(f"/api/v1{path}")
        check(answer, 405)
        assert "GET" in answer.headers["Allow"]
    check(client.get(f"/api/v1/petitions/{petition.slug}/signatures"), 405)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "text/json"])
def test_another_format(client: FlaskClient, world: World, kind: str) -> None:
    petition = world.petition()
    headers = {"Authorization": f"Bearer {token_for(world)}", "Content-Type": kind}
    answer = client.post(f"/api/v1/petitions/{petition.slug}/signatures", data=b"{}", headers=headers)
    check(answer, 415)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"text"', 400),
        (b"\xff\xfe{}", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"name": NaN}', 400),
        (b'{"name": Infinity}', 400),
        (b'{"name": "a", "name": "b"}', 400),
        (b'{"name": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 16_000, 400),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, 413),
        (b'{"a":' * 2_500 + b"1" + b"}" * 2_500, 400),
        (b'{"name": "' + b"x" * 16_384 + b'"}', 413),
        (b"{" + b'"a":1,' * 100_000 + b"}", 413),
        (b"x" * 7_000_000, 413),
    ],
)
def test_no_object_of_ours(client: FlaskClient, world: World, sent: bytes, status: int) -> None:
    petition = world.petition()
    headers = {"Authorization": f"Bearer {token_for(world)}", "Content-Type": "application/json"}
    answer = client.post(f"/api/v1/petitions/{petition.slug}/signatures", data=sent, headers=headers)
    check(answer, status)


@pytest.mark.parametrize(("length", "status"), [(16_384, 422), (16_385, 413), (60_000, 413)])
def test_a_body_that_does_not_say_how_long_it_is(
    client: FlaskClient, world: World, length: int, status: int
) -> None:
    petition = world.petition()
    headers = {"Authorization": f"Bearer {token_for(world)}", "Content-Type": "application/json"}
    sent = b'{"name":"' + b"x" * (length - 11) + b'"}'
    answer = client.post(
        f"/api/v1/petitions/{petition.slug}/signatures",
        input_stream=io.BytesIO(sent),
        headers=headers,
        environ_overrides={"wsgi.input_terminated": True},
    )
    check(answer, status)


def test_ten_thousand_parameters(client: FlaskClient, world: World, post: Post) -> None:
    petition = world.petition()
    many = "&".join(f"p{number}=x" for number in range(10_000))
    for path in ("/petitions", f"/petitions/{petition.slug}", "/actions", "/books"):
        check(client.get(f"/api/v1{path}?{many}"), 422)
    check(post(f"/petitions/{petition.slug}/signatures?{many}", signature()), 422)


@pytest.mark.parametrize("storm", ["%25" * 60, "%" * 60, "%zz%e0%80%af", "%ff%fe", "%ed%a0%80", "_%25_"])
def test_storms_are_searched_for_as_they_stand(client: FlaskClient, world: World, storm: str) -> None:
    world.petition()
    found = client.get(f"/api/v1/petitions?q={storm}")
    assert (found.status_code, found.get_json()["total"]) == (200, 0)
    check(client.get(f"/api/v1/petitions/{storm}"), 404)


def test_a_fault_is_a_problem_that_tells_nothing(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_anything: object) -> None:
        raise RuntimeError("the secret is 7")

    monkeypatch.setattr("app.api.views.petitions.list_petitions", break_down)
    monkeypatch.setattr(client.application, "testing", False)
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    assert "secret" not in str(check(client.get("/api/v1/petitions"), 500))


def test_pages_elsewhere_may_read_but_not_write(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    for path, wanted in (("", "GET"), ("/signatures", "POST")):
        answer = client.options(
            f"/api/v1/petitions/{petition.slug}{path}",
            headers={
                "Origin": "https://partner.example",
                "Access-Control-Request-Method": wanted,
                "Access-Control-Request-Headers": "authorization, content-type",
            },
        )
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        allowed = answer.headers["Access-Control-Allow-Headers"].lower()
        assert "if-none-match" in allowed
        assert "authorization" not in allowed
        assert "content-type" not in allowed
