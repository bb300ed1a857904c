"""Collecting: what holding, deciding, capturing and booking many pledges costs beside its parts alone.

``python -m bench.collecting`` makes one petition with ``--pledges`` gifts, fires it and collects all of them
with the sandbox gateway. The baseline makes the same number of holds and captures at the same gateway and
books the same journals, a hundred to a transaction, and does nothing else. Both are CPU seconds of one
process in one run; the last line of stdout is the result as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.actions import collecting, firing
from app.db import db, new_id, run_tx
from app.ledger.booking import book
from app.ledger.entries import captured
from app.payments.door import gateway
from app.payments.methods import remember
from app.pledges.models import Pledge

from .pledge_rows import PledgeRow
from .replay import WINDOW, open_petition, play, say, sign_last, temporary_app

AMOUNT = 10_000
BATCH = 100
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)


def cpu(work: Callable[[], None]) -> float:
    """CPU seconds that ``work`` takes in this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def make_pledges(petition_id: str, number: int) -> None:
    """That many confirmed gifts with a card each, made by the same verbs that people use."""
    for row in range(number):
        play(petition_id, PledgeRow(row, AMOUNT, None))


def collect_all(petition_id: str) -> None:
    collecting.collect(petition_id)
    left = sa.select(sa.func.count()).where(Pledge.petition_id == petition_id, Pledge.state != "captured")
    if db.session.scalar(left):
        raise SystemExit("not every pledge was captured")
    db.session.rollback()


def call_and_book(owner: str, methods: Sequence[str]) -> None:
    """Only the gateway's calls and the postings."""
    door = gateway()
    pledges = [new_id() for _ in methods]
    for method, pledge in zip(methods, pledges, strict=True):
        held = door.hold(method=method, amount=AMOUNT, currency="KRW", key=f"bare-hold-{pledge}")
        door.capture(hold=held.reference, amount=AMOUNT, key=f"bare-capture-{pledge}")
    for start in range(0, len(pledges), BATCH):
        batch = pledges[start : start + BATCH]
        run_tx(lambda batch=batch: [book(captured(owner, each, "KRW", AMOUNT)) for each in batch])  # type: ignore[misc]


def save_methods(number: int) -> list[str]:
    methods = []
    for _ in range(number):
        saved = gateway().save_token("pm_ok")
        methods.append(run_tx(lambda saved=saved: remember(saved).reference))  # type: ignore[misc]
    return methods


def measure(pledges: int) -> dict[str, float | int]:
    with temporary_app(), clock.standing_at(BEGAN):
        petition_id = open_petition(AMOUNT * pledges, "KRW", BEGAN + timedelta(days=30))
        say(f"making {pledges} pledges")
        make_pledges(petition_id, pledges)
        sign_last(petition_id)
        with clock.standing_at(BEGAN + timedelta(seconds=WINDOW + 1)):
            run_tx(lambda: firing.fire(petition_id))
            say("collecting them")
            whole = cpu(lambda: collect_all(petition_id))
            say("the gateway's calls and the postings alone")
            methods = save_methods(pledges)
            alone = cpu(lambda: call_and_book(petition_id, methods))
    return {
        "pledges": pledges,
        "collecting_s": round(whole, 2),
        "alone_s": round(alone, 2),
        "ratio": round(whole / alone, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pledges", type=int, default=10_000)
    print(json.dumps(measure(parser.parse_args().pledges)))


if __name__ == "__main__":
    main()
