"""Who hears what about deeds: whoever promised, the organizer, the moderators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.actions.models import Duty
from app.db import db, run_tx
from app.doing import letters
from app.doing.models import Seat, Shift, Word
from app.doing.postponing import MORNING
from app.doing.saying import duty_of
from app.doing.wording import done_words
from app.mail.posting import Draft, post
from app.outbox.sweeping import commit_batches
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.kinds.deed import DEED
from app.pledges.models import Pledge

from .posting import BATCH, moderators, organizer_of, tell

Write = Callable[[Petition, Pledge], Draft]


def to_person(pledge_id: str, cause: str, write: Write) -> None:
    pledge = db.session.get_one(Pledge, pledge_id)
    petition = db.session.get_one(Petition, pledge.petition_id)
    post(pledge.email, pledge.locale, lambda: write(petition, pledge), cause=f"{cause}-{pledge_id}")


def begun(petition_id: str) -> None:
    """To everybody whose deed is due now."""
    duties = db.session.scalars(
        sa.select(Duty.id)
        .where(Duty.petition_id == petition_id, Duty.kind == "deed", Duty.name == DEED)
        .order_by(Duty.id)
    ).all()
    shifts = db.session.scalar(
        sa.select(sa.func.count()).select_from(Shift).where(Shift.petition_id == petition_id)
    )
    db.session.rollback()

    def write_batch(batch: Sequence[str]) -> None:
        for duty in db.session.scalars(sa.select(Duty).where(Duty.id.in_(batch))).all():
            if duty.pledge_id is not None:
                to_person(
                    duty.pledge_id,
                    "deed-begun",
                    lambda petition, pledge, due=duty.due_at: letters.deed_begun(  # type: ignore[misc]
                        petition=petition, pledge=pledge, due=due, shifts=shifts or 0
                    ),
                )

    commit_batches(duties, write_batch, BATCH)


def due(petition_id: str) -> None:
    """To the organizer, on the last day: how many promises wait for a word."""
    latest = db.session.scalar(
        sa.select(sa.func.max(Duty.due_at)).where(
            Duty.petition_id == petition_id, Duty.kind == "deed", Duty.name == DEED, Duty.state == "open"
        )
    )
    if latest is not None and latest - MORNING > clock.now():
        return
    said = sa.exists().where(Word.pledge_id == Duty.pledge_id, Word.side == "organizer")
    waiting = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Duty)
        .where(
            Duty.petition_id == petition_id,
            Duty.kind == "deed",
            Duty.name == DEED,
            Duty.state == "open",
            ~said,
        )
    )
    if waiting and latest is not None:
        tell(
            organizer_of(petition_id),
            f"deeds-due-{petition_id}-{latest:%Y%m%d}",
            lambda _person: letters.deeds_due(
                petition=db.session.get_one(Petition, petition_id), waiting=waiting
            ),
        )


def remind(*, duty_id: str, days: int, due: str = "") -> None:
    """A duty's day is near, here or over; nothing where it is settled or the person has spoken.

    ``due`` is the day that was announced: when it has moved since, the later one has letters of its own.
    """
    duty = db.session.get_one(Duty, duty_id)
    pledge_id, due_at = duty.pledge_id, duty.due_at
    if duty.state != "open" or pledge_id is None or (due and datetime.fromisoformat(due) != due_at):
        return
    if duty.name == DEED:
        spoken = db.session.scalar(
            sa.select(
                sa.exists().where(
                    Word.petition_id == duty.petition_id, Word.pledge_id == pledge_id, Word.side == "person"
                )
            )
        )
        if not spoken:
            to_person(
                pledge_id,
                f"deed-reminder-{days}-{due_at:%Y%m%d}",
                lambda petition, pledge: letters.deed_reminder(
                    petition=petition, pledge=pledge, due=due_at, days=days
                ),
            )
        return
    if duty.kept_by_debtor_at is not None:
        return
    to_person(
        pledge_id,
        f"return-reminder-{days}",
        lambda petition, pledge: letters.return_reminder(
            petition=petition, pledge=pledge, due=due_at, days=days
        ),
    )
    to_organizer(
        pledge_id,
        f"return-reminder-{days}",
        lambda petition, pledge: letters.return_reminder_for_organizer(
            petition=petition, pledge=pledge, due=due_at, days=days
        ),
    )


def to_organizer(pledge_id: str, cause: str, write: Write) -> None:
    """Call inside a transaction."""
    pledge = db.session.get_one(Pledge, pledge_id)
    petition = db.session.get_one(Petition, pledge.petition_id)
    organizer = db.session.get(Person, petition.organizer_id) if petition.organizer_id else None
    if organizer is not None:
        post(
            organizer.email,
            organizer.locale,
            lambda: write(petition, pledge),
            cause=f"{cause}-{pledge_id}:{organizer.id}",
        )


def about_seat(what: str, state: str) -> Callable[..., None]:
    """A reaction that writes to the holder of a seat while it is in this state."""

    def react(*, seat_id: str, turn: int) -> None:
        seat = db.session.get_one(Seat, seat_id)
        if seat.state != state or seat.turn != turn:
            return
        shift = db.session.get_one(Shift, seat.shift_id)
        to_person(
            seat.pledge_id,
            f"shift-{what}-{seat_id}-{turn}",
            lambda petition, pledge: letters.shift_letter(
                petition=petition, pledge=pledge, shift=shift, what=what
            ),
        )

    return react


place_taken = about_seat("taken", "taken")
place_waited_for = about_seat("waiting", "waiting")
place_moved_up = about_seat("moved_up", "taken")


def soon(*, shift_id: str, changes: int) -> None:
    """The day before: to everybody with a place, unless the shift was moved or called off meanwhile."""
    shift = db.session.get_one(Shift, shift_id)
    if shift.changes == changes and shift.cancelled_at is None:
        about_shift(shift, "soon", f"soon-{changes}", ("taken",))


def changed(*, shift_id: str, changes: int) -> None:
    """Another time or place: to everybody with a place or waiting, once for the newest change."""
    shift = db.session.get_one(Shift, shift_id)
    if shift.changes == changes and shift.cancelled_at is None:
        about_shift(shift, "changed", f"changed-{changes}", ("taken", "waiting"))


def cancelled(shift_id: str) -> None:
    about_shift(db.session.get_one(Shift, shift_id), "cancelled", "cancelled", ("taken", "waiting"))


def about_shift(shift: Shift, what: str, cause: str, states: tuple[str, ...]) -> None:
    """Call inside a transaction."""
    for pledge_id in db.session.scalars(
        sa.select(Seat.pledge_id).where(Seat.shift_id == shift.id, Seat.state.in_(states)).order_by(Seat.turn)
    ).all():
        to_person(
            pledge_id,
            f"shift-{cause}-{shift.id}",
            lambda petition, pledge: letters.shift_letter(
                petition=petition, pledge=pledge, shift=shift, what=what
            ),
        )


def denied(*, pledge_id: str, since: str) -> None:
    """The organizer said no: the person may answer."""
    to_person(
        pledge_id,
        f"deed-denied-{since}",
        lambda petition, pledge: letters.deed_denied(petition=petition, pledge=pledge),
    )


def disputed(*, pledge_id: str, since: str) -> None:
    """Two words against each other: to the person and to every moderator."""
    run_tx(
        lambda: to_person(
            pledge_id,
            f"deed-disputed-{since}",
            lambda petition, pledge: letters.deed_disputed(petition=petition, pledge=pledge),
        )
    )

    def for_moderator(_person: object) -> Draft:
        pledge = db.session.get_one(Pledge, pledge_id)
        petition = db.session.get_one(Petition, pledge.petition_id)
        return letters.deed_disputed_for_moderator(petition=petition, pledge=pledge)

    tell(moderators(), f"deed-disputed-{pledge_id}-{since}", for_moderator)


def kept(pledge_id: str) -> None:
    to_person(
        pledge_id,
        "deed-kept",
        lambda petition, pledge: letters.deed_kept(petition=petition, pledge=pledge, done=done_words(pledge)),
    )


def broken(pledge_id: str) -> None:
    to_person(
        pledge_id,
        "deed-broken",
        lambda petition, pledge: letters.deed_broken(petition=petition, pledge=pledge),
    )


def upheld(pledge_id: str) -> None:
    to_person(
        pledge_id,
        "deed-upheld",
        lambda petition, pledge: letters.deed_broken(petition=petition, pledge=pledge, upheld=True),
    )


def brought_back(pledge_id: str) -> None:
    duty = duty_of(pledge_id, "return")
    if duty is not None and duty.state == "open":
        said_at = duty.kept_by_debtor_at
        to_person(
            pledge_id,
            f"thing-brought-back-{said_at}",
            lambda petition, pledge: letters.thing_brought_back(petition=petition, pledge=pledge),
        )


def missed(pledge_id: str) -> None:
    to_organizer(
        pledge_id,
        "thing-missed",
        lambda petition, pledge: letters.thing_missed(petition=petition, pledge=pledge),
    )
