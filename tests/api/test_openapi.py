"""The description says what the addresses really take and answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import schemathesis
import time_machine
from flask.testing import FlaskClient
from schemathesis.openapi.checks import JsonSchemaError

from app import clock
from app.db import run_tx
from app.petitions.updating import publish_update
from tests.api.conftest import Post, pledge, signature
from tests.world import World


def describe(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").get_json()


def test_every_address_is_described(client: FlaskClient, context: None) -> None:
    described = describe(client)
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": "http://localhost/api/v1"}]
    rules = {
        (rule.rule.removeprefix("/api/v1").replace("<slug>", "{slug}"), method.lower())
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules == {(path, method) for path, methods in described["paths"].items() for method in methods}


def test_answers_are_as_described(client: FlaskClient, world: World, post: Post) -> None:
    petition = world.petition(signatures=1, goal=12_000)
    world.plan(petition, 60, 40)
    for name in ("minji", "junho", "alice", "bob", "organizer"):
        world.sign(petition, name)
    world.pledge(petition, "alice", 12_000)
    news = {"title": "News", "text": "Thank you.", "idempotency_key": "k"}
    run_tx(lambda: publish_update(petition.id, petition.organizer_id, **news))
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        world.work()
        world.work()
    slug, described = petition.slug, describe(client)
    schema = schemathesis.openapi.from_dict(described)
    assert client.get(f"/api/v1/actions/{slug}").get_json()["state"] == "underway"
    for path in schema:
        if "get" in described["paths"][path]:
            for query in ("", "?page=1", "?page=x"):
                answer = client.get(f"/api/v1{path.replace('{slug}', slug)}{query}")
                schema[path]["GET"].validate_response(answer)
                missing = client.get(f"/api/v1{path.replace('{slug}', 'nothing-here')}{query}")
                schema[path]["GET"].validate_response(missing)
    for path, body in {"signatures": signature(), "pledges": pledge()}.items():
        for sent in (body, {}, []):
            answer = post(f"/petitions/{slug}/{path}", sent, key="k" + str(len(str(sent))))
            schema[f"/petitions/{{slug}}/{path}"]["POST"].validate_response(answer)
        unknown = post(f"/petitions/{slug}/{path}", body, token="dure_unknown")
        schema[f"/petitions/{{slug}}/{path}"]["POST"].validate_response(unknown)
        assert unknown.status_code == 401


def test_an_answer_that_is_otherwise_would_be_found(client: FlaskClient, world: World) -> None:
    """The negative control."""
    petition = world.petition()
    described = describe(client)
    described["components"]["schemas"]["Petition"]["properties"]["title"] = {"type": "integer"}
    schema = schemathesis.openapi.from_dict(described)
    answer = client.get(f"/api/v1/petitions/{petition.slug}")
    with pytest.raises(JsonSchemaError):
        schema["/petitions/{slug}"]["GET"].validate_response(answer)


def test_objects_have_no_members_that_are_not_described(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign(petition, "minji")
    schemas = describe(client)["components"]["schemas"]
    for path, name in {
        f"/petitions/{petition.slug}": "Petition",
        f"/petitions/{petition.slug}/updates": "Updates",
        "/petitions": "List",
        "/actions": "Actions",
        "/books": "Books",
        "/points/rules": "PointsRules",
        f"/petitions/{petition.slug}/signatures/by-region": "Regions",
    }.items():
        assert set(client.get(f"/api/v1{path}").get_json()) == set(schemas[name]["properties"])
