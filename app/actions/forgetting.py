"""What an erased person leaves in actions: nothing that runs, and no account once every payout is out."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db
from app.payments.models import Payee, PaymentMethod
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.purses.gateway import NAME as PURSE
from app.purses.models import PursePayout

from .models import Action, Duty, Payout
from .stopping import is_disbursed

RUNNING = ("collecting", "underway")
AT_STAKE = ("frozen", "failing", "held", "captured", "part_refunded")
"""States of a pledge whose money may still be let go or given back."""


def running_actions(person_id: str) -> list[Petition]:
    """The petitions of this organizer whose action others rely on at this moment.

    Money that the organizer owes, such as a loan not paid back, outlasts the action.
    """
    owes = sa.exists().where(
        Duty.petition_id == Petition.id,
        Duty.debtor == "organizer",
        Duty.measure == "money",
        Duty.state.in_(("open", "broken")),
        Duty.done < Duty.amount,
    )
    return list(
        db.session.scalars(
            sa.select(Petition)
            .join(Action, Action.petition_id == Petition.id)
            .where(Petition.organizer_id == person_id, sa.or_(Action.state.in_(RUNNING), owes))
            .order_by(Action.started_at)
        )
    )


def backed_from_purse(person_id: str) -> list[Petition]:
    """Petitions that somebody pays from their purse, and whose money could still go back there."""
    paid = sa.exists().where(
        Pledge.petition_id == Petition.id,
        Pledge.person_id == person_id,
        Pledge.state.in_(AT_STAKE),
        PaymentMethod.id == Pledge.payment_method_id,
        PaymentMethod.gateway == PURSE,
    )
    petitions = db.session.scalars(
        sa.select(Petition)
        .join(Action, Action.petition_id == Petition.id)
        .where(Action.state.in_(RUNNING), paid)
        .order_by(Action.started_at)
    )
    return [petition for petition in petitions if not is_disbursed(petition.id)]


def forget_payee(person_id: str) -> bool:
    """Delete the account that payouts went to; False while one is still to go there, or there is none.

    Call inside a transaction.
    """
    owed = sa.exists().where(
        Payout.petition_id == Petition.id, Petition.organizer_id == person_id, Payout.state != "paid"
    )
    asked = sa.exists().where(PursePayout.person_id == person_id, PursePayout.state == "asked")
    payee = db.session.get(Payee, person_id)
    if payee is None or db.session.scalar(sa.select(sa.or_(owed, asked))):
        return False
    db.session.delete(payee)
    return True


def forget_payee_if_erased(petition_id: str) -> None:
    """A payout is out: if its organizer was erased meanwhile, and it was the last, the account goes too."""
    organizer_id = db.session.get_one(Petition, petition_id).organizer_id
    person = db.session.get(Person, organizer_id) if organizer_id else None
    if person is not None and person.erased_at is not None:
        db.session.flush()
        forget_payee(person.id)
