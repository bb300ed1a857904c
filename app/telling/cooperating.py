"""Letters to the members of a co-operative and its organizer."""

from __future__ import annotations

from collections.abc import Callable

from app.cooperating import letters
from app.cooperating.models import Leaving, Surplus, SurplusPart
from app.cooperating.registering import cooperative_of
from app.cooperating.sharing import parts_of
from app.db import db
from app.mail.posting import Draft
from app.payments.models import Charge
from app.people.models import Person
from app.petitions.models import Petition
from app.web.formatting import format_money

from .posting import organizer_of, tell


def about(leaving_id: str) -> tuple[Petition, Leaving]:
    leaving = db.session.get_one(Leaving, leaving_id)
    return db.session.get_one(Petition, leaving.petition_id), leaving


def write_exit(readers: list[str], leaving_id: str, cause: str, write: Callable[..., Draft]) -> None:
    def draft(_person: Person) -> Draft:
        petition, leaving = about(leaving_id)
        return write(petition=petition, leaving=leaving)

    tell(readers, f"{cause}-{leaving_id}", draft)


def exit_asked(leaving_id: str) -> None:
    """Both sides have it in writing."""
    petition, leaving = about(leaving_id)
    write_exit([leaving.person_id], leaving_id, "exit-asked", letters.exit_asked)
    write_exit(
        organizer_of(petition.id), leaving_id, "exit-asked-organizer", letters.exit_asked_for_organizer
    )


def exit_due(leaving_id: str) -> None:
    """The fiscal year is over: the organizer is asked to pay, unless the member stays or all has stopped."""
    petition, leaving = about(leaving_id)
    cooperative = cooperative_of(petition)
    works = cooperative is not None and cooperative.works
    if works and leaving.taken_back_at is None and leaving.paid_at is None:
        write_exit(organizer_of(petition.id), leaving_id, "exit-due", letters.exit_due)


def exit_paid(leaving_id: str) -> None:
    """The member has left, with their money."""
    _petition, leaving = about(leaving_id)
    write_exit([leaving.person_id], leaving_id, "exit-paid", letters.exit_paid)


def exit_called_off(leaving_id: str) -> None:
    """The co-operative stopped before the member was paid back."""
    _petition, leaving = about(leaving_id)
    write_exit([leaving.person_id], leaving_id, "exit-called-off", letters.exit_called_off)


def charge_failed(charge_id: str) -> None:
    """The organizer's method was declined."""
    charge = db.session.get_one(Charge, charge_id)
    payer, petition_id = charge.payer_id, charge.owner
    amount, currency = charge.amount, charge.currency

    def draft(_person: Person) -> Draft:
        petition = db.session.get_one(Petition, petition_id)
        return letters.charge_failed(petition=petition, amount=format_money(amount, currency))

    tell([payer], f"charge-failed-{charge_id}", draft)


def surplus_decided(surplus_id: str) -> None:
    """What follows from the vote, for the organizer."""
    surplus = db.session.get_one(Surplus, surplus_id)

    def draft(_person: Person) -> Draft:
        found = db.session.get_one(Surplus, surplus_id)
        petition = db.session.get_one(Petition, found.petition_id)
        return letters.surplus_decided(petition=petition, surplus=found)

    tell(organizer_of(surplus.petition_id), f"surplus-decided-{surplus_id}", draft)


def surplus_shared(surplus_id: str) -> None:
    """To each member who got something: how much, and for what."""
    readers = [part.person_id for part in parts_of(surplus_id) if part.patronage + part.dividend]
    db.session.rollback()

    def draft(person: Person) -> Draft:
        surplus = db.session.get_one(Surplus, surplus_id)
        return letters.surplus_shared(
            petition=db.session.get_one(Petition, surplus.petition_id),
            surplus=surplus,
            part=db.session.get_one(SurplusPart, (surplus_id, person.id)),
        )

    tell(readers, f"surplus-shared-{surplus_id}", draft)
