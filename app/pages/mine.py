"""Everything about one person, read for their own eyes: signatures, petitions, letters, points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.actions.models import Action
from app.db import db
from app.people.models import Person
from app.people.signing_in import name_from
from app.petitions.addresses import petition_path
from app.petitions.confirming import signature_token
from app.petitions.models import Follow, Petition, Signature
from app.pledges.summary import MyPledge, my_pledges
from app.points.lines import Sum, sums_of
from app.points.reasons import REASONS
from app.points.standing import PersonStanding, standing
from app.purses.balances import Balance, balances_of
from app.web.tokens import make_token

MP = 1000
"""Thousandths in a point."""


@dataclass(frozen=True)
class MySignature:
    """One of a person's signatures; ``token`` opens its page."""

    token: str
    slug: str
    title: str
    state: str
    petition_state: str
    signed_at: datetime
    reason: str
    region: str
    hide_name: bool
    can_withdraw: bool


@dataclass(frozen=True)
class MyPetition:
    """A petition this person started, and how far it has come."""

    slug: str
    title: str
    state: str


@dataclass(frozen=True)
class PointLine:
    """One line of the points: what for, by which rule, how much (a ready string), when, how many times."""

    text: str
    rule: str
    points: str
    at: datetime
    href: str | None
    voided: bool
    times: int


@dataclass(frozen=True)
class NextStep:
    """The next best thing to do: a sentence and where to do it."""

    text: str
    label: str
    href: str


@dataclass(frozen=True)
class Mine:
    """All of it."""

    person: Person
    signatures: list[MySignature]
    pledges: list[MyPledge]
    petitions: list[MyPetition]
    follows: list[tuple[str, str, str]]
    purses: list[Balance]
    standing: PersonStanding
    points: str
    lines: list[PointLine]
    next_step: NextStep


def everything_of(person: Person) -> Mine:
    """Read what this person has done here."""
    signatures, pledges, petitions = my_signatures(person.id), my_pledges(person.id), my_petitions(person.id)
    stands = standing(person.id)
    return Mine(
        person=person,
        signatures=signatures,
        pledges=pledges,
        petitions=petitions,
        follows=my_follows(person.id),
        purses=balances_of(person.id),
        standing=stands,
        points=in_points(max(0, stands.reached.mp)),
        lines=point_lines(person.id),
        next_step=next_step(person, signatures, pledges),
    )


def my_signatures(person_id: str) -> list[MySignature]:
    rows = db.session.execute(
        sa.select(Signature, Petition.slug, Petition.title, Petition.state, Petition.fired_at)
        .join(Petition, Petition.id == Signature.petition_id)
        .where(Signature.person_id == person_id)
        .order_by(Signature.created_at.desc(), Signature.id.desc())
    )
    return [
        MySignature(
            token=signature_token(signature.id),
            slug=slug,
            title=title,
            state=signature.state,
            petition_state=state,
            signed_at=signature.validated_at or signature.created_at,
            reason=signature.reason,
            region=signature.region,
            hide_name=signature.hide_name,
            can_withdraw=signature.state in {"pending", "validated"} and fired_at is None,
        )
        for signature, slug, title, state, fired_at in rows
    ]


def my_petitions(person_id: str) -> list[MyPetition]:
    """What this person started; where there is an action, its state is the one that counts."""
    rows = db.session.execute(
        sa.select(
            Petition.slug, Petition.title, sa.func.coalesce(Action.state, Petition.state).label("state")
        )
        .outerjoin(Action, Action.petition_id == Petition.id)
        .where(Petition.organizer_id == person_id)
        .order_by(Petition.created_at.desc(), Petition.id.desc())
    )
    return [MyPetition(row.slug, row.title, row.state) for row in rows]


def my_follows(person_id: str) -> list[tuple[str, str, str]]:
    """(title, slug, unsubscribe token) of every petition whose letters this person gets."""
    rows = db.session.execute(
        sa.select(Petition.id, Petition.title, Petition.slug)
        .join(Follow, Follow.petition_id == Petition.id)
        .where(Follow.person_id == person_id, Follow.ended_at.is_(None))
        .order_by(Follow.started_at.desc(), Petition.id)
    )
    return [(row.title, row.slug, make_token("follow", [row.id, person_id])) for row in rows]


def point_lines(person_id: str) -> list[PointLine]:
    """Every reason, the latest first; the same reason in the same petition makes one line."""
    sums = sums_of(person_id)
    found = db.session.execute(
        sa.select(Petition.id, Petition.title, Petition.slug).where(
            Petition.id.in_({line.petition_id for line in sums if line.petition_id})
        )
    )
    petitions: dict[Any, Any] = {row.id: row for row in found}
    return [point_line(line, petitions.get(line.petition_id)) for line in sums]


def point_line(line: Sum, petition: Any) -> PointLine:
    what, rule = REASONS.get(line.reason, (line.reason, ""))
    return PointLine(
        text=f"{what}: {petition.title}" if petition else str(what),
        rule=str(rule),
        points=f"{'+' if line.mp >= 0 else '−'}{in_points(abs(line.mp))}",
        at=line.at,
        href=petition_path(petition.slug) if petition else None,
        voided=line.voided,
        times=line.times,
    )


def in_points(mp: int) -> str:
    """Thousandths of a point as points with one decimal, without a needless nought: 1234 → 1.2.

    Less than half a tenth is written out, so that nothing earned looks like nothing.
    """
    if 0 < mp < MP // 20:
        return f"0.{mp:03d}".rstrip("0")
    whole, tenth = divmod((mp * 10 + MP // 2) // MP, 10)
    return f"{whole:,}" + (f".{tenth}" if tenth else "")


def next_step(person: Person, signatures: list[MySignature], pledges: list[MyPledge]) -> NextStep:
    """What would help most now; there is always something."""
    for pledge in pledges:
        if pledge.state == "failing":
            return NextStep(
                _(
                    "Your pledge to “%(title)s” could not be reserved. Choose another card.",
                    title=pledge.title,
                ),
                _("Repair my pledge"),
                f"/pledges/{pledge.token}",
            )
    for pledge in pledges:
        if pledge.state == "draft" and pledge.can_withdraw and pledge.petition_state == "open":
            return NextStep(
                _(
                    "Your pledge to “%(title)s” is not finished, so it does not count yet.",
                    title=pledge.title,
                ),
                _("Finish my pledge"),
                f"/pledges/{pledge.token}",
            )
    pledged = {pledge.slug for pledge in pledges if pledge.state != "withdrawn"}
    for signature in signatures:
        open_still = signature.petition_state == "open" and signature.can_withdraw
        if open_still and signature.slug not in pledged:
            return NextStep(
                _("You signed “%(title)s”. It also needs pledges to happen.", title=signature.title),
                _("Pledge too"),
                f"{petition_path(signature.slug)}/pledges",
            )
    if person.email and person.name == name_from(person.email):
        return NextStep(
            _("We call you %(name)s. Is that your name?", name=person.name), _("Change it"), "#profile"
        )
    return NextStep(
        _("Find something your neighbours ask for, and be one of them."), _("See all petitions"), "/petitions"
    )
