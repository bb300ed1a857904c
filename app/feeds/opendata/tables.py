"""The tables of the open data: the files, their schema and the page that describes them follow from this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

Type = Literal["string", "integer", "datetime", "date", "yearmonth"]


@dataclass(frozen=True)
class Column:
    """``kind`` as Table Schema names it; money is an integer in minor units."""

    name: str
    kind: Type
    about: Any


@dataclass(frozen=True)
class Table:
    """``key`` are the columns that name a row, where any do; ``petition`` leads to the first table."""

    name: str
    about: Any
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


PETITION = Column("petition", "string", _l("the petition's name in its address, /petitions/…"))
CURRENCY = Column("currency", "string", _l("ISO 4217; amounts are in its minor units"))

PETITIONS = Table(
    "petitions",
    _l("Every public petition, those of the archives included."),
    ("petition",),
    (
        PETITION,
        Column("url", "string", _l("its page")),
        Column("title", "string", _l("what it demands")),
        Column("summary", "string", _l("in a sentence or two")),
        Column("text", "string", _l("the whole text in Markdown; of an imported one as its archive has it")),
        Column("language", "string", _l("the language it is written in: ko or en")),
        Column("addressee", "string", _l("who should do it")),
        Column("topic", "string", _l("the topic it was filed under, if any")),
        Column("state", "string", _l("open, closed, stopped or archived")),
        Column("currency", "string", _l("the currency of its pledges, ISO 4217")),
        Column("opened_at", "datetime", _l("when it opened")),
        Column("deadline", "datetime", _l("the last moment to sign and pledge")),
        Column("closed_at", "datetime", _l("when it closed")),
        Column("tipped_at", "datetime", _l("when every threshold held")),
        Column("window_ends_at", "datetime", _l("until when the signatures are checked")),
        Column("fired_at", "datetime", _l("when it became an action")),
        Column("response_track", "string", _l("none, awaiting, responded or silent")),
        Column("response_due_at", "datetime", _l("by when an answer was asked for")),
        Column("responded_at", "datetime", _l("when the answer was put on record")),
        Column("response_text", "string", _l("the answer, word for word")),
        Column("source", "string", _l("the archive it was imported from, if any")),
        Column("archive_signatures", "integer", _l("how many signatures its archive counted")),
        Column("archive_threshold", "integer", _l("how many earned an answer there")),
        Column("licence", "string", _l("under which licence this row may be used")),
    ),
)
THRESHOLDS = Table(
    "thresholds",
    _l("What every petition needs and has."),
    ("petition", "kind"),
    (
        PETITION,
        Column("kind", "string", _l("signatures, or the kind of pledge that counts")),
        Column("measure", "string", _l("signatures, money, hours or units")),
        CURRENCY,
        Column("target", "integer", _l("how much it needs")),
        Column("tally", "integer", _l("how much it has")),
        Column("contributors", "integer", _l("by how many signatures or pledges")),
        Column("reached_at", "datetime", _l("when the target was first reached")),
    ),
)
SIGNATURES_BY_DAY = Table(
    "signatures_by_day",
    _l("Confirmed signatures of each petition by day; days without any are left out."),
    ("petition", "day"),
    (
        PETITION,
        Column("day", "date", _l("the day in Seoul")),
        Column("signatures", "integer", _l("how many were confirmed on it")),
    ),
)
SIGNATURES_BY_REGION = Table(
    "signatures_by_region",
    _l(
        "Confirmed signatures of each petition by region, rounded down to multiples of five; what is left "
        "of each region is counted together."
    ),
    ("petition", "region"),
    (
        PETITION,
        Column(
            "region",
            "string",
            _l("ISO 3166-2 or ISO 3166-1; “other” for what is left, where it is five or more"),
        ),
        Column(
            "signatures",
            "integer",
            _l("how many were confirmed from there; a multiple of five but for “other”"),
        ),
    ),
)
UPDATES = Table(
    "updates",
    _l("News from the organizers."),
    (),
    (
        PETITION,
        Column("published_at", "datetime", _l("when it was published")),
        Column("title", "string", _l("its title")),
        Column("text", "string", _l("its text, in Markdown")),
    ),
)
EVENTS = Table(
    "events",
    _l("What happened to each petition and its action, and when."),
    (),
    (
        PETITION,
        Column("event", "string", _l("what happened, such as opened, tipped, fired or milestone_accepted")),
        Column("at", "datetime", _l("when")),
    ),
)
ACTIONS = Table(
    "actions",
    _l("Every petition that became an action."),
    ("petition",),
    (
        PETITION,
        Column("state", "string", _l("collecting, underway, delivered, released, stopped or orphaned")),
        Column("kind", "string", _l("the kind of pledge that money was collected for")),
        CURRENCY,
        Column("goal", "integer", _l("what had to come together")),
        Column("pledged", "integer", _l("what was pledged when it began")),
        Column("started_at", "datetime", _l("when it began")),
        Column("decided_at", "datetime", _l("when what was reserved was compared with the goal")),
        Column("underway_at", "datetime", _l("when the work began")),
        Column("released_at", "datetime", _l("when everything was let go, because too little came together")),
        Column("delivered_at", "datetime", _l("when the plan was carried out")),
        Column("stopped_at", "datetime", _l("when it was stopped")),
    ),
)
MILESTONES = Table(
    "milestones",
    _l("The steps of every plan, and how the backers voted on them."),
    ("petition", "position"),
    (
        PETITION,
        Column("position", "integer", _l("its place in the plan, from 1")),
        Column("title", "string", _l("what it delivers")),
        Column("share", "integer", _l("its part of the money, in per cent")),
        Column("due_on", "date", _l("the day in Seoul by which it was promised, if one was")),
        Column("state", "string", _l("planned, claimed, accepted or rejected")),
        Column("claimed_at", "datetime", _l("when the organizer showed it as done")),
        Column("vote_ends_at", "datetime", _l("until when the backers could vote")),
        Column("decided_at", "datetime", _l("when it was decided")),
        Column("accepting", "integer", _l("votes for it")),
        Column("rejecting", "integer", _l("votes against it")),
    ),
)
PAYOUTS = Table(
    "payouts",
    _l("Money that went out to organizers, or is about to."),
    ("petition", "number"),
    (
        PETITION,
        Column("number", "integer", _l("its place among the petition's payouts, from 1")),
        Column("milestone", "integer", _l("the step it is for, if it is for one")),
        CURRENCY,
        Column("amount", "integer", _l("how much")),
        Column("state", "string", _l("proposed, approved, paying, paid or failed")),
        Column("proposed_at", "datetime", _l("when it was proposed")),
        Column("approved_at", "datetime", _l("when a second person approved it")),
        Column("paid_at", "datetime", _l("when it was paid")),
    ),
)
BOOKS = Table(
    "books",
    _l("The public books, petition by petition; a row without a name belongs to one that is out of sight."),
    (),
    (
        PETITION,
        Column("action", "string", _l("the state of its action; nothing where it is none")),
        CURRENCY,
        Column("backers", "integer", _l("how many people back it with money")),
        Column("pledged", "integer", _l("what counts towards its goals")),
        Column("held", "integer", _l("what is reserved on cards")),
        Column("captured", "integer", _l("what was collected")),
        Column("refunded", "integer", _l("what went back to backers")),
        Column("paid_out", "integer", _l("what went out to the organizer")),
        Column("in_escrow", "integer", _l("what lies between: collected, neither paid out nor refunded")),
    ),
)
JOURNALS = Table(
    "journals",
    _l("What was booked in the double-entry books, by month and cause."),
    ("month", "cause", "currency"),
    (
        Column("month", "yearmonth", _l("the month in Seoul")),
        Column("cause", "string", _l("why it was booked, such as capture, payout or refund")),
        CURRENCY,
        Column("journals", "integer", _l("how many entries")),
        Column("amount", "integer", _l("the sum of their debits")),
    ),
)

TABLES = (
    PETITIONS,
    THRESHOLDS,
    SIGNATURES_BY_DAY,
    SIGNATURES_BY_REGION,
    UPDATES,
    EVENTS,
    ACTIONS,
    MILESTONES,
    PAYOUTS,
    BOOKS,
    JOURNALS,
)
