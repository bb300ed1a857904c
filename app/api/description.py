"""The OpenAPI description of the JSON, for programs that read it."""

from __future__ import annotations

from typing import Any

from app.petitions.browsing import LONGEST_QUERY, MOST_PAGES, SORTS, STATES
from app.petitions.models import PUBLIC_STATES
from app.petitions.topics import TOPICS

MOMENT = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
COUNT = {"type": "integer", "minimum": 0}
MINOR = {**COUNT, "description": "minor units of the currency"}
TEXT = {"type": "string"}
CURRENCY_OR_NULL = {"type": ["string", "null"], "description": "ISO 4217"}


def thing(**properties: Any) -> dict[str, Any]:
    """An object whose every property is always there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


LISTED = {
    "slug": TEXT,
    "title": {**TEXT, "description": "verbatim"},
    "state": {"enum": list(PUBLIC_STATES)},
    "deadline": MOMENT_OR_NULL,
    "thresholds": many(reference("Threshold")),
}
SCHEMAS: dict[str, Any] = {
    "Threshold": thing(
        kind={**TEXT, "description": "the kind of pledge it counts, or signatures"},
        measure={"enum": ["signatures", "money", "hours", "units"]},
        target={**COUNT, "description": "money in minor units"},
        tally={**COUNT, "description": "money in minor units"},
        reached_at=MOMENT_OR_NULL,
    ),
    "Milestone": thing(
        position=COUNT,
        title=TEXT,
        share={**COUNT, "description": "per cent of the money"},
        state={"enum": ["planned", "claimed", "accepted", "rejected"]},
        vote_ends_at=MOMENT_OR_NULL,
        decided_at=MOMENT_OR_NULL,
        paid={"type": ["integer", "null"]},
    ),
    "Action": thing(
        state={"enum": ["collecting", "underway", "delivered", "released", "stopped", "orphaned"]},
        kind={"type": ["string", "null"], "description": "the kind of pledge that is collected, if one is"},
        goal={**COUNT, "description": "in the measure of that kind: minor units, or units"},
        currency=TEXT,
        held={**COUNT, "description": "in the measure of that kind: minor units, or units"},
        captured=MINOR,
        refunded=MINOR,
        paid_out=MINOR,
        milestones=many(reference("Milestone")),
    ),
    "Listed": thing(**LISTED),
    "List": thing(
        items=many(reference("Listed")),
        total={**COUNT, "description": "how many the whole filter holds"},
        next={"type": ["string", "null"], "format": "uri", "description": "an opaque link"},
    ),
    "Petition": thing(
        **LISTED,
        signatures=thing(validated=COUNT, pending=COUNT),
        pledges=many(thing(measure=TEXT, count=COUNT, total=MINOR, currency=CURRENCY_OR_NULL)),
        action={"oneOf": [reference("Action"), {"type": "null"}]},
        as_of={**MOMENT, "description": "the moment of the read"},
    ),
    "Problem": thing(type=TEXT, title=TEXT, detail=TEXT, status={"type": "integer"}),
}


def query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def answers(schema: str, **problems: str) -> dict[str, Any]:
    """200 with a schema, 304, and what may go wrong by status."""
    problem = {"application/problem+json": {"schema": reference("Problem")}}
    return {
        "200": {"description": "as asked", "content": {"application/json": {"schema": reference(schema)}}},
        "304": {"description": "the copy named by If-None-Match says the same"},
        **{
            status.removeprefix("s"): {"description": words, "content": problem}
            for status, words in problems.items()
        },
    }


def describe(server: str) -> dict[str, Any]:
    """The whole description; ``server`` is the public address of ``/api/v1``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dure",
            "version": "1",
            "description": "Public petitions, their tallies and actions.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/petitions": {
                "get": {
                    "operationId": "listPetitions",
                    "summary": "Public petitions, searched, filtered and sorted.",
                    "parameters": [
                        query(
                            "q", {"type": "string", "maxLength": LONGEST_QUERY}, "a literal piece of the text"
                        ),
                        query(
                            "state", {"enum": list(STATES), "default": STATES[0]}, "all: every public state"
                        ),
                        query("topic", {"enum": ["", *TOPICS]}, "what it is about; nothing: every topic"),
                        query("sort", {"enum": list(SORTS), "default": SORTS[0]}, "the order of the list"),
                        query("page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}, "from 1"),
                    ],
                    "responses": answers("List", s422="something asked for is not known"),
                }
            },
            "/petitions/{slug}": {
                "get": {
                    "operationId": "readPetition",
                    "summary": "One petition with its tallies, and its action once there is one.",
                    "parameters": [{"name": "slug", "in": "path", "required": True, "schema": TEXT}],
                    "responses": answers(
                        "Petition", s404="no such public petition", s410="it was taken down"
                    ),
                }
            },
        },
        "components": {"schemas": SCHEMAS},
    }
