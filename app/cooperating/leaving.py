"""Leaving: a member asks, and gets back at par what they paid in, once the fiscal year is over."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.actions.locking import lock_action
from app.actions.models import Action
from app.db import db, lock, new_id, run_tx
from app.errors import Refusal
from app.outbox import announce
from app.payments.charging import begin_charge
from app.payments.methods import own_method
from app.payments.models import Charge
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.purses.crediting import credit

from .models import Leaving
from .paying import next_key, owner_of
from .registering import KIND, PAID, WORKING, cooperative_of
from .years import year_end

PURPOSE = "exit"
RETURNED = "exit_returned"


def ask(petition_id: str, person_id: str) -> Leaving:
    """Say that a member leaves; the same one again is given what they said before.

    Raises:
        Refusal: no member, the co-operative is being wound up, or too few would stay.
    """
    petition = lock(Petition, petition_id)
    cooperative = cooperative_of(petition)
    member = cooperative.member(person_id) if cooperative else None
    if cooperative is None or member is None:
        raise Refusal(_("Only a member can leave."), status=404)
    if (said := standing(petition_id, person_id)) is not None:
        return said
    if not cooperative.works:
        raise Refusal(
            _("This co-operative has stopped; what was not spent has gone back already."), status=409
        )
    if len(cooperative.staying) - 1 < cooperative.rules.founders:
        raise Refusal(
            _(
                "At least %(founders)d members must stay, so nobody can leave now. No new members join here "
                "after the founding; whether and how to wind it up is for its members to agree.",
                founders=cooperative.rules.founders,
            ),
            status=409,
        )
    at = clock.now()
    leaving = Leaving(
        id=new_id(),
        petition_id=petition_id,
        person_id=person_id,
        units=member.units,
        amount=member.paid_in,
        currency=cooperative.currency,
        asked_at=at,
        due_at=year_end(at, cooperative.rules.year_ends),
    )
    db.session.add(leaving)
    db.session.flush()
    announce("exit_asked", leaving_id=leaving.id)
    announce("exit_due", due_at=leaving.due_at, leaving_id=leaving.id)
    return leaving


def standing(petition_id: str, person_id: str) -> Leaving | None:
    """What this person said about leaving and did not take back."""
    return db.session.scalar(
        sa.select(Leaving).where(
            Leaving.petition_id == petition_id,
            Leaving.person_id == person_id,
            Leaving.taken_back_at.is_(None),
        )
    )


def stay(leaving_id: str, person_id: str) -> bool:
    """Take it back before the money is on its way; False when that has been done.

    Raises:
        Refusal: somebody else's, or too late.
    """
    leaving = lock(Leaving, leaving_id)
    if leaving.person_id != person_id:
        raise Refusal(_("Only a member can take this back."), status=404)
    if leaving.taken_back_at is not None:
        return False
    if leaving.paid_at is not None or being_paid(leaving.id):
        raise Refusal(_("You are being paid back already, so this is final."), status=409)
    leaving.taken_back_at = clock.now()
    return True


def being_paid(leaving_id: str) -> bool:
    """Whether the organizer is paying this in, or has."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Charge.subject_id == leaving_id,
                    Charge.purpose == PURPOSE,
                    Charge.state.in_(("started", "done")),
                )
            )
        )
    )


def due(petition_id: str) -> list[Leaving]:
    """Who is to be paid back now, in the order they asked; nobody once the co-operative stopped."""
    return list(
        db.session.scalars(
            sa.select(Leaving)
            .join(Action, Action.petition_id == Leaving.petition_id)
            .where(
                Leaving.petition_id == petition_id,
                Action.state.in_(WORKING),
                Leaving.due_at <= clock.now(),
                Leaving.taken_back_at.is_(None),
                Leaving.paid_at.is_(None),
            )
            .order_by(Leaving.asked_at, Leaving.id)
        )
    )


def all_of(petition_id: str) -> list[Leaving]:
    """Everybody who asked to leave and did not take it back, in order."""
    return list(
        db.session.scalars(
            sa.select(Leaving)
            .where(Leaving.petition_id == petition_id, Leaving.taken_back_at.is_(None))
            .order_by(Leaving.asked_at, Leaving.id)
        )
    )


def pay_in(petition_id: str, organizer_id: str, method_id: str) -> int:
    """Charge the organizer for everybody who is to be paid back now; how many that are.

    Pressed twice it is one charge each: a charge that was begun keeps its key until it fails.

    Raises:
        Refusal: somebody else's co-operative or method, it has stopped, or nobody is due.
    """
    action = lock_action(petition_id)
    petition = owner_of(petition_id, organizer_id)
    own_method(method_id, organizer_id)
    if action is None or action.state not in WORKING:
        raise Refusal(
            _("This co-operative has stopped; what was not spent has gone back already."), status=409
        )
    waiting = due(petition.id)
    if not waiting:
        raise Refusal(_("Nobody is to be paid back now."), status=409)
    for each in waiting:
        leaving = lock(Leaving, each.id)
        begin_charge(
            key=next_key(PURPOSE, leaving.id),
            purpose=PURPOSE,
            method_id=method_id,
            payer_id=organizer_id,
            owner=petition_id,
            subject_id=leaving.id,
            amount=leaving.amount,
            currency=leaving.currency,
            credit="returns_due",
        )
    return len(waiting)


def settle(charge_id: str) -> bool:
    """The organizer's money is there: it goes to the purse of the member, who leaves the register."""
    return run_tx(lambda: pay_back(charge_id))


def pay_back(charge_id: str) -> bool:
    """Credit what was charged, once; False when that has been done. Call inside a transaction.

    Where the co-operative stopped meanwhile, the member has had their part of the rest like everybody else,
    and the organizer gets back what they paid in.
    """
    charge = db.session.get_one(Charge, charge_id)
    action = lock_action(charge.owner)
    lock(Petition, charge.owner)
    leaving = lock(Leaving, charge.subject_id)
    if charge.state != "done" or leaving.paid_at is not None or leaving.returned_at is not None:
        return False
    if leaving.taken_back_at is not None or action is None or action.state not in WORKING:
        call_off(leaving)
        leaving.returned_at = clock.now()
        hand_on(charge, leaving, charge.payer_id, RETURNED)
        return True
    leaving.paid_at = clock.now()
    hand_on(charge, leaving, leaving.person_id, PURPOSE)
    db.session.execute(
        sa.update(Pledge)
        .where(
            Pledge.petition_id == leaving.petition_id,
            Pledge.person_id == leaving.person_id,
            Pledge.kind == KIND,
            Pledge.state.in_(PAID),
        )
        .values(left_at=leaving.paid_at)
    )
    announce("exit_paid", leaving_id=leaving.id)
    return True


def hand_on(charge: Charge, leaving: Leaving, person_id: str, cause: str) -> None:
    """What was charged goes into somebody's purse."""
    credit(
        owner=charge.owner,
        debit=charge.credit,
        cause=cause,
        key=f"exit-{leaving.id}",
        subject_id=leaving.id,
        parts={person_id: leaving.amount},
        currency=leaving.currency,
    )


def call_off_all(petition_id: str) -> None:
    """The co-operative stopped: whoever was leaving gets their part of the rest instead of the whole.

    Call inside a transaction.
    """
    lock_action(petition_id)
    for leaving in db.session.scalars(
        sa.select(Leaving).where(
            Leaving.petition_id == petition_id, Leaving.taken_back_at.is_(None), Leaving.paid_at.is_(None)
        )
    ).all():
        call_off(lock(Leaving, leaving.id))


def call_off(leaving: Leaving) -> None:
    """End a locked exit that is not paid; one that has ended stays as it is."""
    if leaving.taken_back_at is None and leaving.paid_at is None:
        leaving.taken_back_at = clock.now()
        announce("exit_called_off", leaving_id=leaving.id)
