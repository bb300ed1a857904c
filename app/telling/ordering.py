"""Letters about deliveries, each written inside a transaction: to buyers, organizer and moderators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from app.actions.duties import DELIVERY
from app.actions.models import Duty
from app.db import db, run_tx
from app.mail.posting import Draft, post
from app.ordering import letters
from app.ordering.models import Shortage
from app.ordering.opening import window
from app.payments.models import Charge
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.web.formatting import moment


def order_delivered(*, pledge_id: str, at: str) -> None:
    """To the buyer: confirm, or say what is missing."""
    pledge, petition = read(pledge_id)
    delivery = db.session.scalars(
        sa.select(Duty).where(Duty.pledge_id == pledge_id, Duty.name == DELIVERY)
    ).one()
    until = datetime.fromisoformat(at) + window()
    write_to_buyer(
        pledge,
        f"order-delivered-{pledge_id}-{at}",
        lambda: letters.order_delivered(
            petition=petition, pledge=pledge, delivery=delivery, until=moment(until)
        ),
    )


def delivery_due(duty_id: str) -> None:
    """The day has come for an order that nobody marked: to the buyer, and once to the organizer."""
    delivery = db.session.get_one(Duty, duty_id)
    if delivery.name != DELIVERY or delivery.state != "open" or delivery.kept_by_debtor_at is not None:
        return
    pledge, petition = read(delivery.pledge_id or "")
    unmarked = sa.select(sa.func.count()).where(
        Duty.petition_id == petition.id,
        Duty.name == DELIVERY,
        Duty.state == "open",
        Duty.kept_by_debtor_at.is_(None),
    )
    waiting = int(db.session.scalar(unmarked) or 0)
    write_to_buyer(
        pledge,
        f"delivery-due-{duty_id}",
        lambda: letters.delivery_due_for_buyer(petition=petition, pledge=pledge, delivery=delivery),
    )
    write_to_people(
        [petition.organizer_id],
        f"deliveries-due-{petition.id}",
        lambda: letters.delivery_due_for_organizer(petition=petition, waiting=waiting),
    )


def missing_reported(shortage_id: str) -> None:
    """To the organizer: answer, or it is paid back."""
    shortage, pledge, petition = read_shortage(shortage_id)
    if shortage.state == "reported":
        write_to_people(
            [petition.organizer_id],
            f"missing-reported-{shortage_id}",
            lambda: letters.missing_reported(petition=petition, pledge=pledge, shortage=shortage),
        )


def missing_agreed(shortage_id: str) -> None:
    """To the buyer: this goes back; to the organizer: it is settled."""
    shortage, pledge, petition = read_shortage(shortage_id)
    write_to_buyer(
        pledge,
        f"missing-agreed-{shortage_id}",
        lambda: letters.missing_agreed(petition=petition, pledge=pledge, shortage=shortage),
    )
    if shortage.said_by == "buyer":
        tell_organizer(shortage, pledge, petition)


def missing_made_good(shortage_id: str) -> None:
    """To the buyer: the organizer paid the rest."""
    shortage, pledge, petition = read_shortage(shortage_id)
    write_to_buyer(
        pledge,
        f"missing-made-good-{shortage_id}",
        lambda: letters.missing_made_good(petition=petition, pledge=pledge, shortage=shortage),
    )


def pay_in_failed(charge_id: str) -> None:
    """To the organizer: the card was not charged. Commits by itself."""

    def write() -> None:
        charge = db.session.get_one(Charge, charge_id)
        petition = db.session.get_one(Petition, charge.owner)
        write_to_people(
            [charge.payer_id],
            f"pay-in-failed-{charge_id}",
            lambda: letters.pay_in_failed(petition=petition, charge=charge),
        )

    run_tx(write)


def missing_contested(shortage_id: str) -> None:
    """To the buyer: the organizer's answer; to the moderators: please decide."""
    shortage, pledge, petition = read_shortage(shortage_id)
    write_to_buyer(
        pledge,
        f"missing-contested-{shortage_id}",
        lambda: letters.missing_contested(petition=petition, pledge=pledge, shortage=shortage),
    )
    write_to_people(
        db.session.scalars(
            sa.select(Person.id).where(Person.moderator_since.is_not(None), Person.erased_at.is_(None))
        ).all(),
        f"missing-contested-{shortage_id}",
        lambda: letters.missing_contested_for_moderator(petition=petition, shortage=shortage),
    )


def missing_dismissed(shortage_id: str) -> None:
    """To both sides: nothing is paid back."""
    shortage, pledge, petition = read_shortage(shortage_id)
    write_to_buyer(
        pledge,
        f"missing-dismissed-{shortage_id}",
        lambda: letters.missing_dismissed(petition=petition, pledge=pledge, shortage=shortage),
    )
    tell_organizer(shortage, pledge, petition)


def missing_withdrawn(shortage_id: str) -> None:
    """To the organizer: it turned up."""
    tell_organizer(*read_shortage(shortage_id))


def tell_organizer(shortage: Shortage, pledge: Pledge, petition: Petition) -> None:
    write_to_people(
        [petition.organizer_id],
        f"missing-settled-{shortage.id}",
        lambda: letters.missing_decided_for_organizer(petition=petition, pledge=pledge, shortage=shortage),
    )


def read(pledge_id: str) -> tuple[Pledge, Petition]:
    pledge = db.session.get_one(Pledge, pledge_id)
    return pledge, db.session.get_one(Petition, pledge.petition_id)


def read_shortage(shortage_id: str) -> tuple[Shortage, Pledge, Petition]:
    shortage = db.session.get_one(Shortage, shortage_id)
    return shortage, *read(shortage.pledge_id)


def write_to_buyer(pledge: Pledge, cause: str, write: Callable[[], Draft]) -> None:
    post(pledge.email, pledge.locale, write, cause=cause)


def write_to_people(ids: Sequence[str | None], cause: str, write: Callable[[], Draft]) -> None:
    """One letter to each of these people, in their own language."""
    people = sa.select(Person).where(Person.id.in_(ids))
    for person in db.session.scalars(people).all():
        post(person.email, person.locale, write, cause=f"{cause}:{person.id}")
