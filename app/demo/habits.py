"""What the demo's people and the worker do again and again, whatever the campaign."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa

from app import clock
from app.actions import payouts
from app.actions.milestones import BACKING
from app.actions.models import Payout
from app.db import db, run_tx
from app.outbox import drain
from app.payments.door import gateway
from app.payments.methods import remember
from app.payments.models import Payee
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.reactions import MOVING, REACTIONS


def name_payee(organizer: Person) -> None:
    """The organizer's account, named once."""
    if db.session.get(Payee, organizer.id) is not None:
        return
    reference, label = gateway().save_payee(label="두레은행", number="110-123-456789")
    payee = Payee(
        person_id=organizer.id, gateway="sandbox", reference=reference, label=label, saved_at=clock.now()
    )
    run_tx(lambda: db.session.add(payee))


def pay_out(petition: Petition, moderator: Person) -> None:
    """Approve whatever waits for a second person, and send it."""
    for payout_id in db.session.scalars(
        sa.select(Payout.id).where(Payout.petition_id == petition.id, Payout.state == "proposed")
    ).all():
        run_tx(partial(payouts.approve, payout_id, moderator.id))
    payouts.pay_due()


def work() -> None:
    """What the worker would have carried on at this moment."""
    drain(REACTIONS)
    for sweep in MOVING:
        sweep()
    drain(REACTIONS)


def person_called(name: str) -> Person:
    return db.session.scalars(sa.select(Person).where(Person.email == f"{name}@example.org")).one()


def pledges_of(petition: Petition, kind: str, *states: str) -> Sequence[Pledge]:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Pledge)
        .where(Pledge.petition_id == petition.id, Pledge.kind == kind, Pledge.state.in_(states))
        .order_by(Pledge.ready_at, Pledge.id)
    ).all()


def backers(petition: Petition) -> Sequence[str]:
    """The people who vote on a step."""
    db.session.rollback()
    people = sa.select(Pledge.person_id).where(
        Pledge.petition_id == petition.id, Pledge.state.in_(BACKING), Pledge.person_id.is_not(None)
    )
    return [person_id for person_id in db.session.scalars(people.distinct()) if person_id]


def card_of(person: Person) -> str:
    """A working card of this person's, saved at the gateway."""
    saved = gateway().save_token("pm_ok")
    return run_tx(lambda: remember(saved, person.id).id)
