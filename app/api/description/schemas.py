"""What the answers are made of."""

from __future__ import annotations

from typing import Any

from app.actions.models import ACTION_STATES, MILESTONE_STATES, PAYOUT_STATES
from app.actions.public_books import AMOUNTS
from app.petitions.counting import FEWEST
from app.petitions.models import PUBLIC_STATES, RESPONSE_TRACK
from app.petitions.topics import TOPICS
from app.points.rules import EARNING_CLASSES
from app.web.languages import LANGUAGES

MOMENT = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
COUNT = {"type": "integer", "minimum": 0}
COUNT_OR_NULL = {"type": ["integer", "null"], "minimum": 0}
MINOR = {**COUNT, "description": "minor units of the currency"}
TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
URL = {"type": "string", "format": "uri"}
HTML = "HTML of paragraphs, headings from h3, lists and links, without anything that acts"
CURRENCY = {**TEXT, "description": "ISO 4217"}
CURRENCY_OR_NULL = {**TEXT_OR_NULL, "description": "ISO 4217"}
IN_MEASURE = {**COUNT, "description": "in the measure of that kind: minor units, or units"}
KIND_OR_NULL = {**TEXT_OR_NULL, "description": "the kind of pledge that is collected, if one is"}


def thing(**properties: Any) -> dict[str, Any]:
    """An object whose every property is always there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def part(item: str, **more: Any) -> dict[str, Any]:
    """A page of a list."""
    return thing(
        **more,
        items=many(reference(item)),
        total={**COUNT, "description": "how many the whole filter holds"},
        next={"type": ["string", "null"], "format": "uri", "description": "an opaque link"},
    )


LISTED = {
    "slug": TEXT,
    "url": {**URL, "description": "the petition's page"},
    "title": {**TEXT, "description": "verbatim"},
    "summary": {**TEXT, "description": "verbatim"},
    "addressee": {**TEXT, "description": "who is asked to answer"},
    "topic": {"enum": [*TOPICS, None]},
    "language": {"enum": list(LANGUAGES), "description": "the one the petition is written in"},
    "organizer": {
        **TEXT_OR_NULL,
        "description": "the name on the page; null for an erased person or an import",
    },
    "state": {"enum": list(PUBLIC_STATES)},
    "opened_at": MOMENT_OR_NULL,
    "deadline": MOMENT_OR_NULL,
    "thresholds": many(reference("Threshold")),
}
MILESTONE = {
    "position": COUNT,
    "title": TEXT,
    "share": {**COUNT, "description": "per cent of the money"},
    "due_on": {
        "type": ["string", "null"],
        "format": "date",
        "description": "by which it was promised, a day in Seoul",
    },
    "state": {"enum": list(MILESTONE_STATES)},
    "vote_ends_at": MOMENT_OR_NULL,
    "decided_at": MOMENT_OR_NULL,
    "paid": {**COUNT_OR_NULL, "description": "minor units"},
}
LISTED_ACTION = {
    "slug": TEXT,
    "title": {**TEXT, "description": "of its petition, verbatim"},
    "state": {"enum": list(ACTION_STATES)},
    "kind": KIND_OR_NULL,
    "goal": IN_MEASURE,
    "started_at": MOMENT,
    "figures": reference("Figures"),
}
SCHEMAS: dict[str, Any] = {
    "Threshold": thing(
        kind={**TEXT, "description": "the kind of pledge it counts, or signatures"},
        measure={"enum": ["signatures", "money", "hours", "units"]},
        target={**COUNT, "description": "money in minor units"},
        tally={**COUNT, "description": "money in minor units"},
        reached_at=MOMENT_OR_NULL,
    ),
    "Milestone": thing(**MILESTONE),
    "FullMilestone": thing(
        **MILESTONE,
        claimed_at=MOMENT_OR_NULL,
        evidence_link=TEXT_OR_NULL,
        accepting={**COUNT, "description": "votes"},
        rejecting={**COUNT, "description": "votes"},
        paid_at=MOMENT_OR_NULL,
    ),
    "Action": thing(
        state={"enum": list(ACTION_STATES)},
        kind=KIND_OR_NULL,
        goal=IN_MEASURE,
        currency=TEXT,
        held=IN_MEASURE,
        captured=MINOR,
        refunded=MINOR,
        paid_out=MINOR,
        milestones=many(reference("Milestone")),
    ),
    "Listed": thing(**LISTED),
    "List": part("Listed"),
    "Petition": thing(
        **LISTED,
        text_html={**TEXT, "description": HTML},
        answer=thing(
            state={"enum": list(RESPONSE_TRACK)},
            due_at=MOMENT_OR_NULL,
            answered_at=MOMENT_OR_NULL,
            text_html={**TEXT_OR_NULL, "description": HTML},
        ),
        updates=thing(latest_at=MOMENT_OR_NULL, url={**URL, "description": "the organizer's news"}),
        archive={
            "description": "what another platform's archive says of an import, word for word",
            "oneOf": [reference("Archive"), {"type": "null"}],
        },
        signatures=thing(validated=COUNT, pending=COUNT),
        pledges=many(thing(measure=TEXT, count=COUNT, total=MINOR, currency=CURRENCY_OR_NULL)),
        action={"oneOf": [reference("Action"), {"type": "null"}]},
        as_of={**MOMENT, "description": "the moment of the read"},
    ),
    "Archive": thing(
        source=TEXT,
        url=TEXT_OR_NULL,
        signatures=COUNT,
        threshold=COUNT_OR_NULL,
        state=TEXT,
        answer=TEXT_OR_NULL,
        answered_at=MOMENT_OR_NULL,
        rejection=TEXT_OR_NULL,
    ),
    "Update": thing(
        id=TEXT,
        url={**URL, "description": "its place on the petition's page"},
        title={**TEXT, "description": "verbatim"},
        text_html={**TEXT, "description": HTML},
        published_at=MOMENT,
    ),
    "Updates": part("Update"),
    "Day": thing(day={"type": "string", "format": "date", "description": "in Seoul"}, count=COUNT),
    "Days": part("Day"),
    "Region": thing(
        region={**TEXT, "description": "ISO 3166-2, or a country by ISO 3166-1"},
        count={"type": "integer", "minimum": FEWEST, "multipleOf": FEWEST, "description": "rounded down"},
    ),
    "Regions": part(
        "Region",
        others={
            **COUNT_OR_NULL,
            "description": "what is left of all regions; null where it is less than five",
        },
    ),
    "Milestones": part("FullMilestone"),
    "Figures": thing(currency=CURRENCY, backers=COUNT, **dict.fromkeys(AMOUNTS, MINOR)),
    "ListedAction": thing(**LISTED_ACTION),
    "Actions": part("ListedAction"),
    "Payout": thing(
        cause=TEXT,
        position={**COUNT_OR_NULL, "description": "of the milestone it pays for, if it is one"},
        amount=MINOR,
        state={"enum": list(PAYOUT_STATES)},
        proposed_at=MOMENT,
        paid_at=MOMENT_OR_NULL,
    ),
    "WholeAction": thing(
        **LISTED_ACTION,
        collect_until=MOMENT,
        decided_at=MOMENT_OR_NULL,
        underway_at=MOMENT_OR_NULL,
        released_at=MOMENT_OR_NULL,
        delivered_at=MOMENT_OR_NULL,
        stopped_at=MOMENT_OR_NULL,
        voters={**COUNT, "description": "people who may vote on a step"},
        payouts=many(reference("Payout")),
        as_of=MOMENT,
    ),
    "Line": thing(
        slug={**TEXT_OR_NULL, "description": "null where the petition is out of sight"},
        title=TEXT_OR_NULL,
        state={"enum": list(ACTION_STATES)},
        started_at=MOMENT,
        figures=reference("Figures"),
    ),
    "Books": part(
        "Line",
        totals={**many(reference("Figures")), "description": "everything, by currency"},
        open={**many(reference("Figures")), "description": "what is no action yet, by currency"},
        as_of=MOMENT,
    ),
    "PointsClass": thing(
        name={"enum": list(EARNING_CLASSES)},
        most_mp=COUNT,
        most_light_mp_a_day=COUNT_OR_NULL,
        most_mp_for_one_neighbour=COUNT,
    ),
    "PointsRules": thing(
        mp_per_point=COUNT,
        deeds=many(
            thing(
                reason=TEXT,
                title=TEXT,
                rule=TEXT,
                mp={"type": ["integer", "null"], "description": "null where it is computed"},
            )
        ),
        effort=thing(most_mp=COUNT, won_per_hour=COUNT, early_bonus_mp=COUNT),
        limits=thing(quarter_days=COUNT, quarter_mp=COUNT, classes=many(reference("PointsClass"))),
        half_life_days=COUNT,
        penalty_half_life_days=COUNT,
        levels=many(thing(level=COUNT, mp=COUNT, people=COUNT, days=COUNT, kept_percent=COUNT)),
    ),
    "Description": {"type": "object", "required": ["openapi", "info", "paths"]},
    "SignatureAccepted": thing(
        petition=TEXT,
        state={"const": "pending"},
        next={**TEXT, "description": "what the person does now"},
    ),
    "PledgeAccepted": thing(
        petition=TEXT,
        state={"const": "draft"},
        kind=TEXT,
        measure={"enum": ["money", "hours", "units"]},
        amount={**COUNT, "description": "in the measure; money in minor units"},
        currency=CURRENCY_OR_NULL,
        cost={**MINOR, "description": "the most it may cost, in minor units, with the tip"},
        tip=MINOR,
        terms={**TEXT, "description": "what the person promises, in one sentence"},
        next={**TEXT, "description": "what the person does now"},
    ),
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "detail": TEXT,
            "status": {"type": "integer"},
            "errors": {
                "type": "object",
                "description": "sentences by field; form is the request as a whole",
                "additionalProperties": many(TEXT),
            },
        },
        "required": ["type", "title", "detail", "status"],
    },
}
