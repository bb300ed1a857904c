"""Replaying real traffic through the real path, in a temporary database, with the clock of the time.

``python -m bench.replay pledges FILE --goal 1000000 --currency USD`` makes one petition with that goal and
one signature to go, plays every pledge of FILE in the order of time (pledge, saved method, confirmation),
lets the last signature come, and then fires and collects with the sandbox gateway. The letters and points
that follow stay in the outbox unless ``--everything`` is asked for. Progress goes to
stderr; the last line of stdout is the result as JSON. Amounts are minor units.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from app import clock, create_app, money
from app.actions.models import Action
from app.config import Settings
from app.db import db, run_tx
from app.payments.door import gateway
from app.people.models import welcome
from app.petitions.launching import OfferWish, PetitionWish, launch, publish, submit_when_sponsored
from app.petitions.models import Petition, Threshold
from app.petitions.signing import sign_as
from app.pledges.allowing import PledgeWish
from app.pledges.models import Pledge
from app.pledges.pledging import confirm, make
from app.reactions import SWEEPS
from app.worker import work_once

from .pledge_rows import PledgeRow, Quarantined, read_rows

WORK_EVERY = 2000
WINDOW = 24 * 60 * 60


class Hands:
    """The hands of the replay's clock: they stand where the last row left them."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def reach(self, at: datetime | None) -> None:
        """Move on to ``at``; a row without a time comes one millisecond after the one before."""
        self.at = max(self.at, at) if at else self.at + timedelta(milliseconds=1)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def temporary_app() -> Iterator[Flask]:
    """An application on a migrated database that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="dure-replay-") as folder:
        app = create_app(
            Settings(
                env="replay",
                database_url=f"sqlite:///{Path(folder) / 'replay.db'}",
                demo=False,
                limits="off",
                verification_window=WINDOW,
                secret_key="k" * 48,
                redis_url="",
                smtp_url="",
            )
        )
        app.extensions["queue"].knock = lambda: None
        with app.app_context():
            event.listen(db.engine, "connect", write_without_waiting)
            upgrade()
            yield app
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def write_without_waiting(connection: Any, _record: object) -> None:
    """A database that is thrown away afterwards need not survive a power cut."""
    connection.execute("PRAGMA synchronous = OFF")


def open_petition(goal: int, currency: str, deadline: datetime) -> str:
    """A petition that takes pledges and needs one signature more than it has."""

    def write() -> str:
        organizer = welcome("organizer@replay.example.org", name="Organizer", locale="en")
        petition = launch(
            organizer,
            PetitionWish(
                title="Replay of a conditional campaign",
                addressee="Congress",
                summary="Replayed.",
                text="Every pledge counts only if the goal is reached.",
                locale="en",
                signature_target=2,
                offers=(OfferWish("gift", "money", goal),),
                currency=currency,
                deadline=deadline,
            ),
        )
        petition.sponsors_needed = 1
        sign_as(petition, organizer, region="US")
        submit_when_sponsored(petition.id)
        publish(petition.id)
        return petition.id

    return run_tx(write)


def play(petition_id: str, row: PledgeRow) -> bool:
    """One row through the path a person takes; whether it counts now."""
    wish = PledgeWish(
        kind="gift",
        amount=row.cents,
        email=f"backer{row.row}@replay.example.org",
        name=f"Backer {row.row}",
        locale="en",
    )
    saved = gateway().save_token("pm_ok")
    pledge_id = run_tx(lambda: make(petition_id, wish, idempotency_key=f"row-{row.row}", saved=saved).id)
    return run_tx(lambda: confirm(pledge_id))


def money_threshold(petition_id: str) -> Threshold:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Threshold).where(Threshold.petition_id == petition_id, Threshold.measure == "money")
    ).one()


def replay(
    rows: Sequence[PledgeRow],
    quarantined: Sequence[Quarantined],
    goal: int,
    currency: str,
    everything: bool = False,
) -> dict[str, Any]:
    """Play every row and carry the petition through to its captures; the numbers of the result."""
    dated = [row.at for row in rows if row.at]
    start = min(dated, default=datetime(2014, 5, 1, tzinfo=UTC)) - timedelta(days=1)
    deadline = max(dated, default=start) + timedelta(days=30)
    with temporary_app() as app:
        with clock.standing_at(start):
            petition_id = open_petition(goal, currency, deadline)
        return run(app, Hands(start), rows, quarantined, petition_id=petition_id, everything=everything)


def run(
    app: Flask,
    hands: Hands,
    rows: Sequence[PledgeRow],
    quarantined: Sequence[Quarantined],
    *,
    petition_id: str,
    everything: bool,
) -> dict[str, Any]:
    accepted = 0
    reached_row: int | None = None
    for number, row in enumerate(rows, start=1):
        hands.reach(row.at)
        with clock.standing_at(hands.at):
            accepted += play(petition_id, row)
        if reached_row is None and money_threshold(petition_id).reached_at is not None:
            reached_row = row.row
        if number % WORK_EVERY == 0:
            work(app, hands, everything)
            say(f"{number} of {len(rows)} pledges played")
    threshold = money_threshold(petition_id)
    total, reached_at = threshold.tally, threshold.reached_at
    with clock.standing_at(hands.at):
        sign_last(petition_id)
    hands.at += timedelta(seconds=WINDOW + 1)
    while not collected(petition_id):
        say("collecting")
        work(app, hands, everything)
        hands.at += timedelta(minutes=5)
    work(app, hands, everything)
    action = db.session.scalar(sa.select(Action).where(Action.petition_id == petition_id))
    captured = db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Pledge.captured), 0)))
    return {
        "rows": len(rows) + len(quarantined),
        "accepted": accepted,
        "quarantined": len(quarantined),
        "total_minor": total,
        "reached_row": reached_row,
        "reached_at": reached_at.strftime("%Y-%m-%dT%H:%M:%SZ") if reached_at else None,
        "fired": action is not None,
        "held_minor": (action.held_at_decision or 0) if action else 0,
        "captured_minor": int(captured or 0),
    }


def work(app: Flask, hands: Hands, everything: bool) -> None:
    """What the worker would do at that time, with no read of ours left open: SQLite's log would only grow."""
    db.session.rollback()
    with clock.standing_at(hands.at):
        if everything:
            work_once(app)
            return
        for sweep in SWEEPS:
            with app.app_context():
                sweep()


def sign_last(petition_id: str) -> None:
    def write() -> None:
        citizen = welcome("citizen@replay.example.org", name="Citizen", locale="en")
        sign_as(db.session.get_one(Petition, petition_id), citizen, region="US")

    run_tx(write)


def collected(petition_id: str) -> bool:
    """Whether there is nothing left to collect: no firing will come, or every pledge is settled."""
    db.session.rollback()
    petition = db.session.get_one(Petition, petition_id, populate_existing=True)
    if petition.tipped_at is None:
        return True
    action = db.session.scalar(
        sa.select(Action).where(Action.petition_id == petition_id).execution_options(populate_existing=True)
    )
    return action is not None and action.settled_at is not None


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("what", choices=["pledges"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--goal", required=True, help="in major units of the currency")
    parser.add_argument("--currency", default="USD", choices=money.CURRENCIES)
    parser.add_argument("--from", dest="since", type=date.fromisoformat)
    parser.add_argument("--until", type=date.fromisoformat)
    parser.add_argument("--everything", action="store_true", help="letters and points too")
    options = parser.parse_args(arguments)
    rows, quarantined = read_rows(options.file, options.since, options.until)
    for bad in quarantined:
        say(f"{options.file.name}: row {bad.row}: {bad.reason}: {bad.raw}")
    goal = money.parse_major(options.goal, options.currency)
    print(json.dumps(replay(rows, quarantined, goal, options.currency, options.everything)))


if __name__ == "__main__":
    main()
