"""Splitting: what sharing a repayment among very many lenders costs, in one transaction.

``python -m bench.splitting`` lays a loan with ``--lenders`` lenders of one unit each into a temporary
database, takes two repayments and settles each as the worker would: the split, every lender's purse, the
journal. The first one also opens the purses. The last line of stdout is the result as JSON, CPU seconds of
this process alone.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.actions.models import Action, Duty, Firing
from app.db import db, new_id, run_tx
from app.ledger.models import Posting
from app.lending.auditing import lenders_got_their_parts, loans_add_up
from app.lending.models import Loan, LoanStake, Repayment
from app.lending.repaying import begin_repayment, settle_repayment
from app.payments.charging import run_charge
from app.payments.door import gateway
from app.payments.methods import remember
from app.payments.models import Charge
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.models import Pledge

from .replay import open_petition, say, temporary_app

UNIT = 10_000
INSTALMENTS = 12
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)


def lay_loan(petition_id: str, lenders: int) -> None:
    """A running loan with one unit for each lender, written straight into the tables."""
    people, pledges = [new_id() for _ in range(lenders)], [new_id() for _ in range(lenders)]
    lent = lenders * UNIT
    borrower_id = db.session.get_one(Petition, petition_id).organizer_id
    db.session.execute(
        sa.insert(Person),
        [
            {"id": each, "name": "Lender", "locale": "en", "cluster": each, "created_at": BEGAN, "level": 0}
            for each in people
        ],
    )
    db.session.execute(
        sa.insert(Pledge),
        [
            {
                "id": pledge,
                "petition_id": petition_id,
                "kind": "loan",
                "measure": "money",
                "amount": UNIT,
                "currency": "KRW",
                "cost": UNIT,
                "captured": UNIT,
                "charge": UNIT,
                "mandate": "",
                "state": "captured",
                "email_key": pledge,
                "name": "Lender",
                "locale": "en",
                "person_id": person,
                "idempotency_key": pledge,
                "created_at": BEGAN,
                "captured_at": BEGAN,
            }
            for pledge, person in zip(pledges, people, strict=True)
        ],
    )
    db.session.execute(
        sa.insert(Loan).values(
            id=petition_id,
            borrower_id=borrower_id,
            currency="KRW",
            unit=UNIT,
            units=lenders,
            lent=lent,
            disbursed_at=BEGAN,
        )
    )
    db.session.execute(
        sa.insert(LoanStake),
        [
            {"pledge_id": pledge, "loan_id": petition_id, "first": first, "units": 1}
            for first, pledge in enumerate(pledges)
        ],
    )
    plan_instalments(petition_id, lent)


def plan_instalments(petition_id: str, lent: int) -> None:
    """The duties of the borrower, and the action they belong to."""
    db.session.execute(sa.insert(Firing).values(petition_id=petition_id, at=BEGAN, tallies={}))
    db.session.execute(
        sa.insert(Action).values(
            id=new_id(),
            petition_id=petition_id,
            state="underway",
            kind="loan",
            currency="KRW",
            goal=lent,
            pledged=lent,
            started_at=BEGAN,
            collect_until=BEGAN,
        )
    )
    db.session.execute(
        sa.insert(Duty),
        [
            {
                "id": new_id(),
                "key": f"{petition_id}-{number}",
                "petition_id": petition_id,
                "kind": "loan",
                "name": f"instalment-{number}",
                "debtor": "organizer",
                "creditor": "crowd",
                "measure": "money",
                "amount": lent // INSTALMENTS,
                "state": "open",
                "due_at": BEGAN + timedelta(days=30 * number),
            }
            for number in range(1, INSTALMENTS + 1)
        ],
    )


def take(petition_id: str, amount: int, method_id: str) -> str:
    """The borrower pays and the gateway takes it; the charge that waits to be shared out."""
    borrower_id = db.session.get_one(Loan, petition_id).borrower_id
    repayment: Repayment = run_tx(
        lambda: begin_repayment(petition_id, borrower_id, amount, method_id, new_id())
    )
    charge_id = db.session.scalars(sa.select(Charge.id).where(Charge.subject_id == repayment.id)).one()
    db.session.rollback()
    if not run_charge(charge_id):
        raise SystemExit("the gateway did not take the repayment")
    return charge_id


def measure(lenders: int) -> dict[str, float | int]:
    with temporary_app(), clock.standing_at(BEGAN):
        petition_id = open_petition(UNIT * lenders, "KRW", BEGAN + timedelta(days=30))
        say(f"laying a loan with {lenders} lenders")
        run_tx(lambda: lay_loan(petition_id, lenders))
        borrower_id = db.session.get_one(Loan, petition_id).borrower_id
        saved = gateway().save_token("pm_ok")
        method_id = run_tx(lambda: remember(saved, borrower_id).id)
        seconds = []
        for amount in (lenders * UNIT // INSTALMENTS + 1, lenders * UNIT // INSTALMENTS):
            charge_id = take(petition_id, amount, method_id)
            say(f"sharing {amount} out")
            before = time.process_time()
            if not run_tx(lambda charge_id=charge_id: settle_repayment(charge_id)):  # type: ignore[misc]
                raise SystemExit("nothing was shared out")
            seconds.append(round(time.process_time() - before, 2))
        wrong = [*loans_add_up(), *lenders_got_their_parts()]
        if wrong:
            raise SystemExit("\n".join(wrong))
        postings = db.session.scalar(sa.select(sa.func.count()).select_from(Posting)) or 0
    return {"lenders": lenders, "first_s": seconds[0], "next_s": seconds[1], "postings": postings}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lenders", type=int, default=10_000)
    print(json.dumps(measure(parser.parse_args().lenders)))


if __name__ == "__main__":
    main()
