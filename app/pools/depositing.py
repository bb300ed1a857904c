"""Depositing: a sponsor says how much, saves a method, and pays in; nothing comes back before the end."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id, run_tx
from app.errors import Refusal
from app.outbox import announce
from app.payments.charging import begin_charge
from app.payments.door import SavedMethod
from app.payments.methods import remember
from app.payments.models import Charge
from app.people.models import Person
from app.petitions.models import Petition
from app.petitions.thresholds import in_time
from app.pledges.from_purse import refuse_unless_in_purse
from app.purses.gateway import NAME as PURSE

from .ending import is_over, send_back
from .models import Pool

PURPOSES = {"gift": "bonus", "loan": "reserve"}
"""What a pool is for, by the kind of pledge it stands behind."""
WAITING_STATES = ("sponsoring", "moderation", "open")


@dataclass(frozen=True)
class PoolWish:
    """What a sponsor lays by, checked by the form; ``amount`` in minor units of the petition's currency."""

    amount: int
    name: str
    form_key: str


def purpose_of(petition: Petition) -> str | None:
    """What a pool for this petition would be for; None where it stands behind nothing."""
    return next((PURPOSES[t.kind] for t in petition.pledge_thresholds if t.kind in PURPOSES), None)


def why_closed(petition: Petition) -> str | None:
    """Why nobody can pay into a pool for this petition now; None when they can."""
    if purpose_of(petition) is None or petition.currency is None:
        return str(_("This petition collects no gifts and no loan, so there is nothing to lay money by for."))
    if petition.fired_at is not None:
        return str(_("This petition has already become an action, so it takes no more deposits."))
    late = petition.deadline is not None and not in_time(clock.now(), petition.deadline)
    if petition.state not in WAITING_STATES or late:
        return str(_("This petition is not open, so it takes no deposits. Nothing was charged."))
    return None


def draw_up(petition_id: str, sponsor: Person, wish: PoolWish, saved: SavedMethod | None = None) -> Pool:
    """Write down what a sponsor wants to lay by, once per form; nothing is charged. In a transaction.

    Raises:
        Refusal: the petition takes no deposits now, or a purse has too little.
    """
    petition = lock(Petition, petition_id)
    earlier = db.session.scalar(
        sa.select(Pool).where(Pool.petition_id == petition_id, Pool.form_key == wish.form_key)
    )
    purpose = open_for(petition)
    if saved is not None and saved.gateway == PURSE:
        refuse_unless_in_purse(sponsor, wish.amount, petition.currency or "")
    if earlier is not None and earlier.sponsor_id == sponsor.id:
        return redraw(earlier, wish, saved)
    pool = Pool(
        id=new_id(),
        petition_id=petition_id,
        sponsor_id=sponsor.id,
        purpose=purpose,
        name=wish.name,
        amount=wish.amount,
        currency=petition.currency or "",
        method_id=remember(saved, sponsor.id).id if saved else None,
        form_key=wish.form_key if earlier is None else new_id(),
        state="draft",
        created_at=clock.now(),
    )
    db.session.add(pool)
    db.session.flush()
    return pool


def redraw(pool: Pool, wish: PoolWish, saved: SavedMethod | None) -> Pool:
    """The same form again: a draft takes what it says now, everything else stays as it is."""
    if pool.state == "draft":
        pool.amount, pool.name = wish.amount, wish.name
        pool.method_id = remember(saved, pool.sponsor_id).id if saved else pool.method_id
    return pool


def open_for(petition: Petition) -> str:
    """The purpose of a pool paid in now.

    Raises:
        Refusal: none can be.
    """
    sentence, purpose = why_closed(petition), purpose_of(petition)
    if sentence is not None or purpose is None:
        raise Refusal(sentence or "", status=409)
    return purpose


def save_method(pool_id: str, saved: SavedMethod) -> bool:
    """Keep the method a draft will be paid with; False when it is no draft any more."""
    pool = lock(Pool, pool_id)
    if pool.state not in {"draft", "failed"}:
        return False
    pool.method_id = remember(saved, pool.sponsor_id).id
    return True


def pay_in(pool_id: str) -> bool:
    """The sponsor pressed the button: charge the amount at once; False when that was done before.

    Raises:
        Refusal: there is no method yet, or the petition takes no deposits any more.
    """
    petition = lock(Petition, db.session.get_one(Pool, pool_id).petition_id)
    pool = lock(Pool, pool_id)
    if pool.state not in {"draft", "failed"}:
        return False
    open_for(petition)
    if pool.method_id is None:
        raise Refusal(_("Save a payment method first."), status=409)
    charges = db.session.scalar(
        sa.select(sa.func.count()).select_from(Charge).where(Charge.subject_id == pool_id)
    )
    begin_charge(
        key=f"pool-{pool_id}-{(charges or 0) + 1}",
        purpose="deposit",
        method_id=pool.method_id,
        payer_id=pool.sponsor_id,
        owner=pool.petition_id,
        subject_id=pool_id,
        amount=pool.amount,
        currency=pool.currency,
        credit="pool",
    )
    pool.state, pool.failure = "asked", None
    return True


def deposit_paid(charge_id: str) -> bool:
    """What follows when the gateway took a deposit; commits by itself."""
    return run_tx(lambda: deposit_done(charge_id))


def deposit_refused(charge_id: str) -> bool:
    """What follows when it did not; commits by itself."""
    return run_tx(lambda: deposit_failed(charge_id))


def deposit_done(charge_id: str) -> bool:
    """The money is there: it lies until the end, or goes straight back where that has come already."""
    charge = db.session.get_one(Charge, charge_id)
    petition = lock(Petition, charge.owner)
    pool = lock(Pool, charge.subject_id)
    if pool.state != "asked":
        return False
    pool.deposited_at = clock.now()
    if is_over(petition):
        send_back(pool)
        return True
    pool.state = "lying"
    announce("pool_deposited", pool_id=pool.id)
    return True


def deposit_failed(charge_id: str) -> bool:
    """The card refused: nothing was taken, and the sponsor may try another."""
    charge = db.session.get_one(Charge, charge_id)
    pool = lock(Pool, charge.subject_id)
    if pool.state != "asked":
        return False
    pool.state, pool.failure = "failed", charge.outcome
    announce("pool_failed", pool_id=pool.id)
    return True
