"""The description says what the answers really are."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.world import World

TYPES = {"string": str, "integer": int, "array": list, "object": dict, "null": type(None)}


def check(value: Any, schema: dict[str, Any], described: dict[str, Any], path: str = "") -> None:
    """Fail when ``value`` is not what ``schema`` says; covers the part of JSON Schema that we use."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "oneOf" in schema:
        schema = schema["oneOf"][value is None]
        return check(value, schema, described, path)
    if "enum" in schema:
        assert value in schema["enum"], path
        return None
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, TYPES[kind]) for kind in kinds), path
    if isinstance(value, dict):
        assert set(value) == set(schema["properties"]), path
        for name, part in value.items():
            check(part, schema["properties"][name], described, f"{path}.{name}")
    if isinstance(value, list):
        for part in value:
            check(part, schema["items"], described, f"{path}[]")
    return None


def test_answers_are_as_described(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    described = client.get("/api/v1/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": "http://localhost/api/v1"}]
    for path, address in {
        "/petitions": "/api/v1/petitions",
        "/petitions/{slug}": f"/api/v1/petitions/{petition.slug}",
    }.items():
        answer = described["paths"][path]["get"]["responses"]["200"]
        check(client.get(address).get_json(), answer["content"]["application/json"]["schema"], described)


def test_every_address_is_described(client: FlaskClient, context: None) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    rules = {
        rule.rule.removeprefix("/api/v1").replace("<slug>", "{slug}")
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
    }
    assert rules == set(described["paths"])
