"""“I will, if N others do”: when enough people stood, and who took it back afterwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Any, Final

from app.petitions.thresholds import Tipping, tip

from .base import Impossible

KOREA: Final = timezone(timedelta(hours=9))
WINDOW: Final = timedelta(days=1)
"""How long what holds is provisional, where nothing else is said: the default of the verification window."""
LONGEST_WINDOW: Final = 30 * 24 * 60 * 60


@dataclass(frozen=True)
class Move:
    """Somebody promised (``adds``) or took it back, at a moment; lists of them need no order."""

    at: datetime
    person: str
    adds: bool


@dataclass(frozen=True)
class Success:
    """When enough others had promised, who made that promise, and who took it back afterwards.

    The moment is stamped once, when the verification window after it is over: whoever is in ``removed`` took
    it back later than that, is flagged, and changes nothing.
    """

    at: datetime
    person: str
    removed: tuple[str, ...]


def end_of_day(at: datetime) -> datetime:
    """The last moment of that day where the deadline was set: the whole day counts."""
    return datetime.combine(at.date(), time.max, at.tzinfo)


def stamp(
    others: int, deadline: datetime, moves: Iterable[Move], *, window: timedelta = WINDOW
) -> Success | None:
    """The first moment at which the promiser and ``others`` more people stood, the deadline's day included,
    and enough of them still stood when the ``window`` after it was over.

    Tipping and un-tipping follow the rule of every petition, :func:`~app.petitions.thresholds.tip`. Everybody
    counts once. Of moves in the same moment those that take back come first.
    """
    last = end_of_day(deadline)
    standing: set[str] = set()
    tipping, who = Tipping(), ""
    removed: list[str] = []
    for move in sorted(moves, key=lambda move: (move.at, move.adds)):
        if tipping.is_over(move.at):
            if not move.adds and move.person in standing:
                removed.append(move.person)
                standing.discard(move.person)
            continue
        if move.adds and move.at <= last:
            standing.add(move.person)
        elif not move.adds:
            standing.discard(move.person)
        before, holding = tipping, len(standing) >= others + 1
        tipping = tip(before, holding=holding, at=move.at, deadline=last, window=window)
        who = move.person if tipping != before else who
    return Success(tipping.tipped_at, who, tuple(removed)) if tipping.tipped_at else None


def try_out(given: Mapping[str, Any]) -> dict[str, Any]:
    """``{"fired", "at"}``; with people who took it back after the verification window also ``"flagged"``.

    ``terms`` are ``others``, ``deadline`` and, if it is not a day, ``window`` in seconds; a pledge is
    ``person``, ``at`` and, if it was taken back, ``withdrawn_at``. A moment without a zone is Korean; a
    deadline may be a day alone.
    """
    others, deadline, window = read_simulated_terms(given.get("terms"))
    moves, said = read_simulated_pledges(given.get("pledges"))
    success = stamp(others, deadline, moves, window=window)
    if success is None:
        return {"fired": False, "at": None}
    done: dict[str, Any] = {"fired": True, "at": said[(success.person, success.at)]}
    if success.removed:
        done["flagged"] = list(success.removed)
    return done


def read_simulated_terms(terms: object) -> tuple[int, datetime, timedelta]:
    if not isinstance(terms, Mapping):
        raise Impossible("The terms of a deed are others and deadline.")
    others = terms.get("others")
    if isinstance(others, bool) or not isinstance(others, int) or others < 1:
        raise Impossible("others must be a whole number of at least 1.")
    window = terms.get("window", int(WINDOW.total_seconds()))
    if isinstance(window, bool) or not isinstance(window, int) or not 0 <= window <= LONGEST_WINDOW:
        raise Impossible("window must be a whole number of seconds, at most thirty days.")
    return others, read_moment(terms.get("deadline"), "deadline"), timedelta(seconds=window)


def read_simulated_pledges(pledges: object) -> tuple[list[Move], dict[tuple[str, datetime], str]]:
    """The moves, and every moment of a promise as it was written."""
    if not isinstance(pledges, Sequence) or isinstance(pledges, str):
        raise Impossible("pledges must be a list.")
    moves: list[Move] = []
    said: dict[tuple[str, datetime], str] = {}
    for number, pledge in enumerate(pledges, start=1):
        if not isinstance(pledge, Mapping) or not isinstance(pledge.get("person"), str):
            raise Impossible(f"Pledge {number} needs a person and at.")
        person, at = pledge["person"], read_moment(pledge.get("at"), f"at of pledge {number}")
        moves.append(Move(at, person, adds=True))
        said.setdefault((person, at), pledge["at"])
        if (withdrawn := pledge.get("withdrawn_at")) is not None:
            gone = read_moment(withdrawn, f"withdrawn_at of pledge {number}")
            if gone <= at:
                raise Impossible(f"Pledge {number} is taken back before it is made.")
            moves.append(Move(gone, person, adds=False))
    return moves, said


def read_moment(text: object, name: str) -> datetime:
    """An ISO moment, Korean where it names no zone; a day alone stands for its beginning."""
    if not isinstance(text, str):
        raise Impossible(f"{name} must be a moment such as 2026-12-31T23:59:59+09:00.")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Impossible(f"{name} must be a moment such as 2026-12-31T23:59:59+09:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=KOREA)
