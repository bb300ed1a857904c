"""Every address: what it takes and answers."""

from __future__ import annotations

from typing import Any

from app.actions.models import ACTION_STATES
from app.petitions.browsing import LONGEST_QUERY, MOST_PAGES, SORTS, STATES
from app.petitions.topics import TOPICS

from .schemas import TEXT, reference

LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "schema": TEXT,
    "description": "ko or en: the language of every sentence",
}
SLUG = {"name": "slug", "in": "path", "required": True, "schema": {**TEXT, "maxLength": 80, "minLength": 1}}
HEADERS = {
    "RateLimit-Policy": "every limit that applies: how many requests in how many seconds",
    "RateLimit-Limit": "how many requests, by the limit that is nearest to its end",
    "RateLimit-Remaining": "how many are left",
    "RateLimit-Reset": "in how many seconds it begins anew",
}
ALWAYS = {
    "422": "something that was asked for is not known, or it is too much at once",
    "429": "too many requests; Retry-After says in how many seconds to come back",
}
TOO_LONG = "the address is longer than 8 KB; the web server itself says so"
FINDING = {"404": "there is none", "410": "it was taken down"}
WRITING = {
    "400": "not one JSON object, or an Idempotency-Key that is none",
    "401": "no token, or one that does not work",
    "403": "the token lacks the scope",
    "409": "the petition does not take it now",
    "413": "more than 16 KB",
    "415": "not application/json",
    "422": "something is wrong with the fields named under errors, or the key belongs to another request",
}


def query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def choice(name: str, values: list[str], description: str) -> dict[str, Any]:
    """One of a list; the empty value asks for what nothing asks for."""
    return query(name, {"enum": ["", *values]}, description)


PAGE = query(
    "page",
    {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_PAGES}, {"const": ""}]},
    "from 1, which is the default; to read on, follow next",
)


def headers(*names: str) -> dict[str, Any]:
    return {name: {"schema": TEXT, "description": HEADERS[name]} for name in names}


def problems(by_status: dict[str, str]) -> dict[str, Any]:
    """What may go wrong, by status."""
    content = {"application/problem+json": {"schema": reference("Problem")}}
    found: dict[str, Any] = {
        status: {"description": words, "content": content}
        for status, words in sorted((ALWAYS | by_status).items())
    }
    return found | {"414": {"description": TOO_LONG, "content": {"text/html": {"schema": TEXT}}}}


def reads(
    name: str, summary: str, schema: str, parameters: list[dict[str, Any]], by_status: dict[str, str]
) -> dict[str, Any]:
    """A GET for everybody, with 304 for whoever has it already."""
    found = {
        "description": "as asked",
        "content": {"application/json": {"schema": reference(schema)}},
        "headers": {
            "ETag": {"schema": TEXT, "description": "to be sent back as If-None-Match"},
            **headers("RateLimit-Policy", "RateLimit-Limit"),
        },
    }
    same = {"description": "the copy named by If-None-Match says the same"}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*parameters, LANGUAGE],
            "responses": {"200": found, "304": same, **problems(by_status)},
        }
    }


def writes(
    name: str, summary: str, scope: str, schemas: tuple[str, str], *, key: bool, **more: str
) -> dict[str, Any]:
    """A POST with a token of this scope; ``key`` says whether the request has to name itself."""
    named = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": key,
        "schema": {**TEXT, "pattern": "^[!-~]{1,255}$", "maxLength": 255, "minLength": 1},
        "description": "sent again with the same body, the answer is the same and nothing happens twice",
    }
    sent, answered = schemas
    accepted = {
        "description": "recorded; it counts once the person has pressed the button in the letter",
        "content": {"application/json": {"schema": reference(answered)}},
        "headers": {
            **headers(*HEADERS),
            "Idempotency-Replayed": {"schema": TEXT, "description": "true: this was answered before"},
        },
    }
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "description": f"Needs the scope {scope}. For servers: no page of another site may send a token.",
            "security": [{"token": []}],
            "parameters": [SLUG, named, LANGUAGE],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": reference(sent)}},
            },
            "responses": {"202": accepted, **problems(WRITING | FINDING | more)},
        }
    }


PATHS: dict[str, Any] = {
    "/petitions": reads(
        "listPetitions",
        "Public petitions, searched, filtered and sorted.",
        "List",
        [
            query("q", {**TEXT, "maxLength": LONGEST_QUERY}, "a literal piece of the text"),
            choice("state", list(STATES), "all, which is the default: every public state"),
            choice("topic", list(TOPICS), "what it is about; nothing: every topic"),
            choice("sort", list(SORTS), f"the order of the list; {SORTS[0]} where nothing is asked"),
            PAGE,
        ],
        {},
    ),
    "/petitions/{slug}": reads(
        "readPetition",
        "One petition with its text and tallies, the answer to it, and its action once there is one.",
        "Petition",
        [SLUG],
        FINDING,
    ),
    "/petitions/{slug}/updates": reads(
        "listUpdates", "News from the organizer, the latest first.", "Updates", [SLUG, PAGE], FINDING
    ),
    "/petitions/{slug}/signatures": writes(
        "sign",
        "Sign for a visitor of a partner's site.",
        "sign",
        ("SignatureWish", "SignatureAccepted"),
        key=False,
    ),
    "/petitions/{slug}/signatures/by-day": reads(
        "countSignaturesByDay",
        "Confirmed signatures by day, from the first to the last, quiet days included.",
        "Days",
        [SLUG, PAGE],
        FINDING,
    ),
    "/petitions/{slug}/signatures/by-region": reads(
        "countSignaturesByRegion",
        "Confirmed signatures by region, rounded down to multiples of five, most first.",
        "Regions",
        [SLUG, PAGE],
        FINDING,
    ),
    "/petitions/{slug}/pledges": writes(
        "pledge",
        "Pledge for a visitor of a partner's site; nobody is charged now.",
        "pledge",
        ("PledgeWish", "PledgeAccepted"),
        key=True,
        **{"503": "the payment service did not answer"},
    ),
    "/petitions/{slug}/milestones": reads(
        "listMilestones",
        "The steps of the plan, with evidence and votes.",
        "Milestones",
        [SLUG, PAGE],
        FINDING,
    ),
    "/actions": reads(
        "listActions",
        "What petitions became, the latest first.",
        "Actions",
        [choice("state", ["all", *ACTION_STATES], "all is the default"), PAGE],
        {},
    ),
    "/actions/{slug}": reads(
        "readAction",
        "One action with its figures and payouts, by the name of its petition.",
        "WholeAction",
        [SLUG],
        FINDING,
    ),
    "/books": reads("readBooks", "The public books.", "Books", [PAGE], {}),
    "/points/rules": reads(
        "readPointsRules", "What earns points, how they fade, what levels ask for.", "PointsRules", [], {}
    ),
    "/openapi.json": reads("describe", "This description.", "Description", [], {}),
}
