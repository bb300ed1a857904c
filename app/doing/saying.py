"""What the two sides say about a deed, and what it comes to: kept, broken, or a quarrel for a moderator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.actions.duties import break_off, keep
from app.actions.models import Action, Duty
from app.db import db, lock
from app.errors import Refusal
from app.outbox import announce
from app.pledges.kinds.deed import DEED
from app.pledges.models import Pledge

from .judging import GRACE, Said, Verdict, judge, may_object, whole_hours
from .models import Seat, Shift, Word

Side = Literal["person", "organizer", "moderator"]
RUNNING = ("underway", "delivered", "orphaned")
"""While an action is in one of these states its deeds can be judged."""


@dataclass(frozen=True)
class Heard:
    """A deed with all that was said about it. ``implied`` is the person's word by checking in."""

    pledge: Pledge
    duty: Duty
    words: dict[str, Word]
    minutes: int
    visits: int
    implied: Said | None

    @property
    def person(self) -> Said | None:
        return said(self.words.get("person")) or self.implied

    def verdict(self, now: datetime) -> Verdict:
        return judge(
            promised=self.pledge.amount,
            due=self.duty.due_at,
            now=now,
            person=self.person,
            organizer=said(self.words.get("organizer")),
            moderator=said(self.words.get("moderator")),
        )


def said(word: Word | None) -> Said | None:
    return Said(word.kept, word.amount, word.at) if word else None


def duty_of(pledge_id: str, name: str = DEED) -> Duty | None:
    return db.session.scalar(
        sa.select(Duty).where(Duty.pledge_id == pledge_id, Duty.kind == "deed", Duty.name == name)
    )


def hear(pledge: Pledge, duty: Duty) -> Heard:
    """Everything said about one deed until now."""
    return hear_all([(pledge, duty)])[pledge.id]


def hear_all(deeds: Sequence[tuple[Pledge, Duty]]) -> dict[str, Heard]:
    """Everything said about these deeds until now, by the ids of their pledges, in two queries."""
    ids = [pledge.id for pledge, _duty in deeds]
    words: dict[str, dict[str, Word]] = {each: {} for each in ids}
    for word in db.session.scalars(sa.select(Word).where(Word.pledge_id.in_(ids))):
        words[word.pledge_id][word.side] = word
    visits: dict[str, list[Visit]] = {each: [] for each in ids}
    for row in db.session.execute(
        sa.select(Seat.pledge_id, Shift.starts_at, Shift.ends_at, Seat.checked_in_by)
        .join(Shift, Seat.shift_id == Shift.id)
        .where(Seat.pledge_id.in_(ids), Seat.checked_in_at.is_not(None))
    ):
        minutes = int((row.ends_at - row.starts_at).total_seconds()) // 60
        visits[row.pledge_id].append(Visit(minutes, row.checked_in_by == "self"))
    at = clock.now()
    return {
        pledge.id: heard_of(pledge, duty, words[pledge.id], visits[pledge.id], at) for pledge, duty in deeds
    }


@dataclass(frozen=True)
class Visit:
    """A shift at which somebody checked in, themselves or by the organizer's hand."""

    minutes: int
    own: bool


def heard_of(
    pledge: Pledge, duty: Duty, words: dict[str, Word], visits: Sequence[Visit], at: datetime
) -> Heard:
    minutes = sum(visit.minutes for visit in visits)
    implied = None
    if any(visit.own for visit in visits) and at >= duty.due_at:
        implied = Said(True, done_by_minutes(pledge, minutes), duty.due_at)
    return Heard(pledge, duty, words, minutes, len(visits), implied)


def done_by_minutes(pledge: Pledge, minutes: int) -> int:
    """What having been there for so long amounts to, in the pledge's measure."""
    return min(pledge.amount, whole_hours(minutes)) if pledge.measure == "hours" else pledge.amount


def say(pledge_id: str, side: Side, kept: bool, amount: int, note: str = "") -> str:
    """Write down one side's word, which replaces its earlier one; returns the deed's state after it.

    ``amount`` is in the pledge's measure.

    Raises:
        Refusal: the deed is not running, or decided; a moderator where there is no quarrel.
        LookupError: there is no such pledge.
    """
    pledge = lock(Pledge, pledge_id)
    duty = duty_of(pledge_id)
    if duty is None or not is_running(pledge.petition_id):
        raise Refusal(_("This works once everything holds and the action is underway."), status=409)
    heard, at = hear(pledge, duty), clock.now()
    refuse_too_late(heard, side, kept, at)
    if kept and not 1 <= amount <= pledge.amount:
        raise Refusal(_("Write a whole number from 1 to %(most)s.", most=str(pledge.amount)), field="amount")
    earlier = heard.words.get(side)
    word = earlier or Word(petition_id=pledge.petition_id, pledge_id=pledge_id, side=side)
    word.kept, word.amount, word.note, word.at = kept, amount if kept else 0, note, at
    db.session.add(word)
    db.session.flush()
    was = pledge.state
    state = settle(pledge, duty)
    if side == "moderator" and state == was == "broken":
        announce("deed_upheld", pledge_id=pledge_id)
    if state == "disputed":
        announce("deed_disputed", pledge_id=pledge_id, since=at.isoformat())
    elif state == "open" and side == "organizer" and not kept:
        announce("deed_denied", pledge_id=pledge_id, since=at.isoformat())
    return state


def refuse_too_late(heard: Heard, side: Side, kept: bool, at: datetime) -> None:
    """A deed that is decided stays so, except that a person may object for a while to "broken"."""
    state = heard.pledge.state
    if side == "moderator":
        if heard.verdict(at).state != "disputed":
            raise Refusal(_("The two sides do not disagree about this."), status=409)
    elif state == "broken" and side == "person" and kept and "moderator" not in heard.words:
        if heard.duty.settled_at is None or not may_object(heard.duty.settled_at, at):
            raise Refusal(_("It is more than thirty days ago; this stays as it is."), status=409)
    elif state == "broken" and side == "organizer" and objects(heard) and "moderator" not in heard.words:
        return
    elif state != "frozen":
        raise Refusal(_("This is decided already."), status=409)


def objects(heard: Heard) -> bool:
    """Whether the person has said, since it was found broken, that it was kept."""
    word = heard.words.get("person")
    return bool(word and word.kept and heard.duty.settled_at and word.at >= heard.duty.settled_at)


def is_running(petition_id: str) -> bool:
    state = db.session.scalar(sa.select(Action.state).where(Action.petition_id == petition_id))
    return state in RUNNING


def settle(pledge: Pledge, duty: Duty) -> str:
    """Write down what holds now about a locked pledge: ``open``, ``kept``, ``broken`` or ``disputed``."""
    at = clock.now()
    heard = hear(pledge, duty)
    verdict = heard.verdict(at)
    if pledge.state == "broken" and not (objects(heard) or "moderator" in heard.words):
        return "broken"
    if pledge.state not in {"frozen", "broken"}:
        return pledge.state
    if verdict.state == "kept":
        pledge.state, pledge.captured_at = "kept", at
        pledge.terms = {**pledge.terms, "done": verdict.amount}
        keep(duty)
        duty.done = verdict.amount
        announce("deed_kept", pledge_id=pledge.id)
    elif verdict.state == "broken" and pledge.state == "frozen":
        pledge.state = "broken"
        break_off(duty)
        announce("deed_broken", pledge_id=pledge.id)
        announce("pledge_grace_over", due_at=max(at, duty.due_at + GRACE), pledge_id=pledge.id)
    return verdict.state


def settle_one(duty_id: str) -> bool:
    """Let the calendar decide about one deed; False when nothing changed.

    From the due day on, having checked in is written down as the person's word.
    """
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.pledge_id is None or not is_running(duty.petition_id):
        return False
    pledge = lock(Pledge, duty.pledge_id)
    duty, before = lock(Duty, duty_id), pledge.state
    heard = hear(pledge, duty)
    if heard.implied is not None and "person" not in heard.words:
        implied = heard.implied
        db.session.add(
            Word(
                petition_id=pledge.petition_id,
                pledge_id=pledge.id,
                side="person",
                kept=True,
                amount=implied.amount,
                at=implied.at,
            )
        )
        db.session.flush()
        if settle(pledge, duty) == "disputed":
            announce("deed_disputed", pledge_id=pledge.id, since=implied.at.isoformat())
        return True
    settle(pledge, duty)
    return pledge.state != before


def silent_deeds(now: datetime) -> list[str]:
    """The duties about which the calendar may have decided by now."""
    last = now - GRACE
    of_deed = Word.pledge_id == Duty.pledge_id
    both = sa.exists().where(of_deed, Word.side == "person") & sa.exists().where(
        of_deed, Word.side == "organizer"
    )
    spoke = sa.exists().where(of_deed, Word.at <= last)
    came = sa.exists().where(Seat.pledge_id == Duty.pledge_id, Seat.checked_in_by == "self")
    waits = sa.and_(
        Duty.state == "open",
        Pledge.state == "frozen",
        ~both,
        sa.or_(
            Duty.due_at <= last,
            spoke,
            sa.and_(Duty.due_at <= now, came, ~sa.exists().where(of_deed, Word.side == "person")),
        ),
    )
    objected = sa.and_(
        Duty.state == "broken",
        Pledge.state == "broken",
        ~both,
        sa.exists().where(
            of_deed, Word.side == "person", Word.kept, Word.at <= last, Word.at >= Duty.settled_at
        ),
    )
    return list(
        db.session.scalars(
            sa.select(Duty.id)
            .join(Pledge, Pledge.id == Duty.pledge_id)
            .join(Action, Action.petition_id == Duty.petition_id)
            .where(
                Duty.kind == "deed",
                Duty.name == DEED,
                Action.state.in_(RUNNING),
                sa.or_(waits, objected),
            )
            .order_by(Duty.due_at, Duty.id)
            .limit(1000)
        )
    )
