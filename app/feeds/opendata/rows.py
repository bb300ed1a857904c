"""The rows of the open data, a batch of petitions at a time, so that no table is ever in memory whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.actions.figuring import figures_by_petition
from app.actions.history import WORDS
from app.actions.models import Action, Milestone, Payout
from app.actions.reading import read_milestones
from app.db import db
from app.ledger.models import Account, Journal, Posting
from app.petitions.counting import day_in_seoul, hide_small, read_days, read_regions
from app.petitions.models import PUBLIC_STATES, Event, Petition, Update
from app.petitions.reading import read_thresholds
from app.petitions.sources import source_of
from app.web.links import absolute

from .tables import (
    ACTIONS,
    BOOKS,
    EVENTS,
    JOURNALS,
    MILESTONES,
    PAYOUTS,
    PETITIONS,
    SIGNATURES_BY_DAY,
    SIGNATURES_BY_REGION,
    THRESHOLDS,
    UPDATES,
    Table,
)

BATCH = 200
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
OTHERS = "other"

Row = tuple[Table, Mapping[str, Any]]


def all_rows() -> Iterator[Row]:
    """Every row of every table; those of one table are in the order of the petitions."""
    for petitions in batches():
        names = {petition.id: petition.slug for petition in petitions if petition.state in PUBLIC_STATES}
        public = [petition for petition in petitions if petition.id in names]
        yield from petition_rows(public)
        yield from threshold_rows(names)
        yield from signature_rows([petition for petition in public if petition.source is None])
        yield from told_rows(names)
        yield from plan_rows([petition for petition in public if petition.source is None])
        yield from action_rows(names)
        yield from payout_rows(names)
        yield from book_rows([petition.id for petition in petitions if petition.source is None], names)
    yield from journal_rows()


def batches() -> Iterator[Sequence[Any]]:
    """All petitions in the order in which they were made."""
    after: str | None = None
    columns: Any = Petition.__table__
    while True:
        query = sa.select(columns).order_by(Petition.id).limit(BATCH)
        found = db.session.execute(query.where(Petition.id > after) if after else query).all()
        if found:
            yield found
            after = found[-1].id
        if len(found) < BATCH:
            return


def petition_rows(petitions: Sequence[Any]) -> Iterator[Row]:
    for petition in petitions:
        archive = petition.archive or {}
        yield (
            PETITIONS,
            {
                **{name: petition._mapping[name] for name in PETITIONS.names if name in petition._mapping},
                "petition": petition.slug,
                "url": absolute("pages.petition", slug=petition.slug),
                "language": petition.locale,
                "response_text": petition.response_text or archive.get("answer"),
                "archive_signatures": archive.get("signatures"),
                "archive_threshold": archive.get("threshold"),
                "licence": source_of(petition.source).licence_url if petition.source else LICENCE_URL,
            },
        )


def threshold_rows(names: Mapping[str, str]) -> Iterator[Row]:
    for petition_id, thresholds in read_thresholds(list(names)).items():
        for threshold in thresholds:
            values = {name: getattr(threshold, name) for name in THRESHOLDS.names[1:]}
            yield THRESHOLDS, {"petition": names[petition_id], **values}


def signature_rows(petitions: Sequence[Any]) -> Iterator[Row]:
    """Counts alone. Regions are counted in steps, for who knows a few signers there could tell the others."""
    for petition in petitions:
        for day, signatures in read_days(petition.id):
            yield SIGNATURES_BY_DAY, {"petition": petition.slug, "day": day, "signatures": signatures}
        counted = hide_small(read_regions(petition.id))
        regions = [(cell.name, cell.count) for cell in counted.cells]
        for region, signatures in [*regions, *([(OTHERS, counted.others)] if counted.others else [])]:
            row = {"petition": petition.slug, "region": region, "signatures": signatures}
            yield SIGNATURES_BY_REGION, row


def told_rows(names: Mapping[str, str]) -> Iterator[Row]:
    """News, and what strangers are told of the rest."""
    updates = sa.select(Update.petition_id, Update.published_at, Update.title, Update.text)
    for row in ordered(updates.where(Update.petition_id.in_(names)), Update.published_at, Update.id):
        values = {"published_at": row.published_at, "title": row.title, "text": row.text}
        yield UPDATES, {"petition": names[row.petition_id], **values}
    events = sa.select(Event.petition_id, Event.kind, Event.at)
    told = events.where(Event.petition_id.in_(names), Event.kind.in_(WORDS))
    for row in ordered(told, Event.at, Event.id):
        yield EVENTS, {"petition": names[row.petition_id], "event": row.kind, "at": row.at}


def plan_rows(petitions: Sequence[Any]) -> Iterator[Row]:
    for petition in petitions:
        for step in read_milestones(petition.id):
            values = {name: getattr(step, name) for name in MILESTONES.names[1:]}
            yield MILESTONES, {"petition": petition.slug, **values}


def action_rows(names: Mapping[str, str]) -> Iterator[Row]:
    columns: Any = Action.__table__
    for row in ordered(sa.select(columns).where(Action.petition_id.in_(names)), Action.petition_id):
        values = {name: row._mapping[name] for name in ACTIONS.names[1:]}
        yield ACTIONS, {"petition": names[row.petition_id], **values}


def payout_rows(names: Mapping[str, str]) -> Iterator[Row]:
    columns: Any = Payout.__table__
    query = sa.select(columns, Milestone.position.label("milestone")).outerjoin(
        Milestone, Milestone.id == Payout.milestone_id
    )
    numbers: dict[str, int] = {}
    payouts = query.where(Payout.petition_id.in_(names))
    for row in ordered(payouts, Payout.petition_id, Payout.proposed_at, Payout.id):
        numbers[row.petition_id] = number = numbers.get(row.petition_id, 0) + 1
        values = {name: row._mapping[name] for name in PAYOUTS.names[2:]}
        yield PAYOUTS, {"petition": names[row.petition_id], "number": number, **values}


def book_rows(petition_ids: Sequence[str], names: Mapping[str, str]) -> Iterator[Row]:
    """What the public books say; a petition out of sight has sums and no name."""
    states = dict(
        db.session.execute(
            sa.select(Action.petition_id, Action.state).where(Action.petition_id.in_(petition_ids))
        ).all()
    )
    for (petition_id, currency), figures in sorted(figures_by_petition(petition_ids).items()):
        amounts = {name: getattr(figures, name) for name in BOOKS.names[3:]}
        yield (
            BOOKS,
            {
                "petition": names.get(petition_id),
                "action": states.get(petition_id),
                "currency": currency,
                **amounts,
            },
        )


def journal_rows() -> Iterator[Row]:
    """Turnover by month and cause, as the audit of the books counts it."""
    month = sa.func.substr(day_in_seoul(Journal.at), 1, 7).label("month")
    rows = db.session.execute(
        sa.select(
            month,
            Journal.cause,
            Account.currency,
            sa.func.count(sa.distinct(Journal.id)),
            sa.func.sum(Posting.amount),
        )
        .join(Posting, Posting.journal_id == Journal.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.amount > 0, Account.owner == Journal.owner)
        .group_by(month, Journal.cause, Account.currency)
        .order_by(month, Journal.cause, Account.currency)
    )
    for row in rows:
        yield JOURNALS, dict(zip(JOURNALS.names, (*row[:4], int(row[4])), strict=True))


def ordered(query: Any, *keys: Any) -> sa.Result[Any]:
    return db.session.execute(query.order_by(*keys))


def plain(value: Any) -> str | int | None:
    """A value as both kinds of files hold it: a whole number, a text, or nothing; moments in UTC."""
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in the open data")
