"""What must be true of the money, looked up on both sides: in our books and in the gateway's own tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actions.auditing import audit
from app.actions.models import Action, Payout
from app.db import db
from app.ledger.booking import totals
from app.mail.models import Letter
from app.payments.models import PaymentMethod
from app.payments.sandbox.models import SandboxObject
from app.pledges.models import Pledge
from app.points.models import PointRow

FINAL = {"captured", "part_refunded", "refunded", "released", "dropped"}
TAKEN = {"captured", "part_refunded", "refunded"}


@dataclass(frozen=True)
class Card:
    """One pledge beside everything its card has seen at the gateway; sums in minor units."""

    pledge: Any
    held: int
    captured: int
    refunded: int
    captures: int


def read_cards() -> list[Card]:
    """Every pledge with its cards; each card belongs to one pledge in these tests."""
    db.session.rollback()
    db.session.expire_all()
    by_method: dict[str, list[Any]] = {}
    for row in db.session.scalars(sa.select(SandboxObject).where(SandboxObject.kind == "hold")):
        by_method.setdefault(row.method or "", []).append(row)
    owned: dict[str, list[Any]] = {}
    for person_id, reference in db.session.execute(
        sa.select(PaymentMethod.person_id, PaymentMethod.reference)
    ):
        owned.setdefault(person_id, []).extend(by_method.get(reference, []))
    return [
        Card(
            pledge,
            held=sum(row.amount for row in owned[pledge.person_id] if row.status == "held"),
            captured=sum(row.captured for row in owned[pledge.person_id]),
            refunded=sum(row.refunded for row in owned[pledge.person_id]),
            captures=sum(row.captured > 0 for row in owned[pledge.person_id]),
        )
        for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.person_id.is_not(None)))
    ]


def troubles_on_the_way() -> list[str]:
    """What may not be so at any moment, whatever is in flight."""
    return [*audit().differences, *over_charged(), *paid_too_much(), *unearned_points()]


def troubles_at_the_end() -> list[str]:
    """What may not be so once everything has been done."""
    return [*troubles_on_the_way(), *unsettled(), *unlike_the_gateway(), *untold(), *unrewarded()]


def over_charged() -> Iterator[str]:
    """[3, 4] No card gives more than was pledged, nor twice."""
    for card in read_cards():
        who = card.pledge.name
        if card.captures > 1:
            yield f"{who} was charged {card.captures} times"
        if card.captured > card.pledge.amount:
            yield f"{who} was charged {card.captured} of {card.pledge.amount}"
        if card.pledge.captured > card.captured or card.pledge.refunded > card.refunded:
            yield f"{who}: the books know of more than the gateway"


def paid_too_much() -> Iterator[str]:
    """[5] No milestone is paid twice."""
    sent = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(SandboxObject.amount), 0)).where(
            SandboxObject.kind == "payout", SandboxObject.status == "paid"
        )
    )
    owed = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Payout.amount), 0)).where(Payout.approved_at.is_not(None))
    )
    if int(sent or 0) > int(owed or 0):
        yield f"{sent} were paid out of {owed} owed"


def unearned_points() -> Iterator[str]:
    """[13] Nobody has points for a pledge that was never captured."""
    taken = {pledge.id for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.captured > 0))}
    for cause in db.session.scalars(sa.select(PointRow.cause).where(PointRow.reason == "pledge_kept")):
        if cause.split(":")[1] not in taken:
            yield f"points for {cause}, which was never captured"


def unsettled() -> Iterator[str]:
    """Nothing is lost: every pledge has come to an end, and no reserved money is forgotten."""
    for card in read_cards():
        if card.pledge.state not in FINAL:
            yield f"{card.pledge.name} is left {card.pledge.state}"
        if card.held:
            yield f"{card.pledge.name} has {card.held} reserved for ever"
    for action in db.session.scalars(sa.select(Action).where(Action.settled_at.is_(None))):
        yield f"the action of {action.petition_id} is never settled"


def unlike_the_gateway() -> Iterator[str]:
    """Σ at the gateway = Σ in the books = Σ on the pledges."""
    cards = read_cards()
    booked: Counter[str] = Counter()
    for causes in totals().values():
        booked.update(causes)
    paid = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(SandboxObject.amount), 0)).where(
            SandboxObject.kind == "payout", SandboxObject.status == "paid"
        )
    )
    for what, gateway, pledges in (
        ("capture", sum(card.captured for card in cards), sum(card.pledge.captured for card in cards)),
        ("refund", sum(card.refunded for card in cards), sum(card.pledge.refunded for card in cards)),
        ("payout", int(paid or 0), int(paid or 0)),
    ):
        if not gateway == pledges == booked[what]:
            yield f"{what}: {gateway} at the gateway, {pledges} on the pledges, {booked[what]} in the books"


def untold() -> Iterator[str]:
    """Whoever paid has exactly one receipt, and nobody else has one."""
    receipts = Counter(
        cause.removeprefix("pledge_captured-")
        for cause in db.session.scalars(sa.select(Letter.cause))
        if cause.startswith("pledge_captured-")
    )
    taken = Counter(card.pledge.id for card in read_cards() if card.pledge.state in TAKEN)
    if receipts != taken:
        yield f"receipts differ from captures: {receipts - taken} too many, {taken - receipts} missing"


def unrewarded() -> Iterator[str]:
    """Whoever's money stands has points for it, exactly once."""
    voided = set(db.session.scalars(sa.select(PointRow.voids).where(PointRow.voids.is_not(None))))
    standing = Counter(
        row.cause.split(":")[1]
        for row in db.session.scalars(sa.select(PointRow).where(PointRow.reason == "pledge_kept"))
        if row.id not in voided
    )
    kept = Counter(card.pledge.id for card in read_cards() if card.pledge.captured > card.pledge.refunded)
    if standing != kept:
        yield f"points differ from money kept: {standing - kept} too many, {kept - standing} missing"


def taken_from_cards() -> int:
    db.session.rollback()
    return int(db.session.scalar(sa.select(sa.func.sum(SandboxObject.captured))) or 0)
