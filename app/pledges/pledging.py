"""The verbs of a pledge. Each locks the petition first; none commits, so call them inside ``run_tx``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id
from app.errors import Refusal
from app.outbox import announce
from app.payments.door import SavedMethod
from app.payments.methods import own, remember
from app.people.models import Person, key_of, welcome
from app.petitions.arriving import count_arrival
from app.petitions.models import Petition
from app.petitions.signing import follow
from app.petitions.tallying import count
from app.purses.gateway import NAME as PURSE
from app.web.languages import speaking

from . import kinds
from .allowing import (
    PledgeWish,
    allowed_kind,
    refuse_bad_promise,
    refuse_letter_storm,
    refuse_unless_open,
    refuse_unless_same,
)
from .from_purse import refuse_unless_in_purse
from .kinds.base import Contribution, Kind, Promise
from .models import Pledge
from .wording import explain, offer_of

UNDER_WAY = {"frozen", "failing", "held", "captured", "part_refunded", "disputed", "active", "kept"}


def make(
    petition_id: str,
    wish: PledgeWish,
    *,
    idempotency_key: str,
    saved: SavedMethod | None = None,
    person: Person | None = None,
) -> Pledge:
    """Record a pledge once per ``idempotency_key``; the same key again returns the same pledge.

    A signed-in ``person`` needs no letter, and the pledge is theirs whatever address the wish names. With
    ``saved`` the method is there already. With both the pledge counts at once.

    Raises:
        Refusal: the petition takes no pledges, the kind forbids it, or the key belongs to another pledge.
    """
    petition = lock(Petition, petition_id)
    at = clock.now()
    email, email_key = identity(wish, person)
    earlier = db.session.scalar(
        sa.select(Pledge).where(Pledge.petition_id == petition_id, Pledge.idempotency_key == idempotency_key)
    )
    if earlier is not None:
        return refuse_unless_same(earlier, wish, email_key)
    refuse_unless_open(petition, at, wish.kind)
    kind = allowed_kind(petition, wish, email_key)
    offer, promise = offer_of(petition, kind.name), Promise(wish.amount, petition.currency, wish.terms)
    if person is None:
        refuse_letter_storm(email_key, at)
    cost = kind.cost(promise, offer) + wish.tip
    if saved is not None and saved.gateway == PURSE:
        refuse_unless_in_purse(person, cost, offer.currency)
    with speaking(wish.locale):
        mandate = explain(kind, petition, promise, wish.tip)
    pledge = Pledge(
        id=new_id(),
        petition_id=petition_id,
        kind=kind.name,
        measure=kind.measure(offer.terms),
        amount=wish.amount,
        currency=petition.currency if kind.needs_method else None,
        cost=cost,
        tip=wish.tip,
        terms=dict(wish.terms),
        mandate=mandate,
        state="draft",
        email=email,
        email_key=email_key,
        name=wish.name,
        hide_name=wish.hide_name,
        locale=wish.locale,
        person_id=person.id if person else None,
        payment_method_id=remember(saved).id if saved else None,
        idempotency_key=idempotency_key,
        created_at=at,
        confirmed_at=at if person else None,
    )
    db.session.add(pledge)
    db.session.flush()
    if person is None:
        announce("pledge_made", pledge_id=pledge.id, via=wish.via)
    count_when_complete(petition, pledge, at, wish.via)
    return pledge


def identity(wish: PledgeWish, person: Person | None) -> tuple[str, str]:
    """The address the pledge belongs to, and its key."""
    if person is None:
        return wish.email, key_of(wish.email)
    if person.email is None or person.email_key is None:
        raise Refusal(_("This account has been erased."), status=409)
    return person.email, person.email_key


def confirm(pledge_id: str, via: str = "") -> bool:
    """The letter's button was pressed: the address is theirs. False when that was known or came too late.

    ``via`` is the site whose widget led to the pledge.

    Raises:
        Refusal: the petition stopped taking pledges before.
    """
    petition, pledge = lock_both(pledge_id)
    at = clock.now()
    if pledge.state != "draft" or pledge.confirmed_at is not None or pledge.email is None:
        return False
    refuse_unless_open(petition, at, pledge.kind, status=409)
    person = welcome(pledge.email, name=pledge.name, locale=pledge.locale)
    pledge.confirmed_at, pledge.person_id = at, person.id
    db.session.flush()
    count_when_complete(petition, pledge, at, via)
    return True


def save_method(pledge_id: str, saved: SavedMethod, via: str = "") -> bool:
    """Keep the method a draft will be collected with; False when the pledge is no draft or has this one.

    ``via`` as for :func:`confirm`.

    Raises:
        Refusal: the petition stopped taking pledges before.
    """
    petition, pledge = lock_both(pledge_id)
    at = clock.now()
    if pledge.state != "draft":
        return False
    refuse_unless_open(petition, at, pledge.kind, status=409)
    return replace_method(petition, pledge, saved, at, via)


def change_method(pledge_id: str, saved: SavedMethod) -> bool:
    """Another method for a pledge that counts, fails or was dropped; the latter two are tried again at once.

    False when the pledge has this method already, or is in no state to change it.
    """
    petition, pledge = lock_both(pledge_id)
    at = clock.now()
    if pledge.state not in {"ready", "failing", "dropped"} or not replace_method(petition, pledge, saved, at):
        return False
    if pledge.state != "ready":
        pledge.state, pledge.next_try_at = "failing", at
        announce("pledge_repaired", pledge_id=pledge.id)
    return True


def replace_method(
    petition: Petition, pledge: Pledge, saved: SavedMethod, at: datetime, via: str = ""
) -> bool:
    """Put another method on a pledge; False when it is the one that is there."""
    method = remember(saved, pledge.person_id)
    if pledge.payment_method_id == method.id:
        return False
    pledge.payment_method_id = method.id
    db.session.flush()
    count_when_complete(petition, pledge, at, via)
    return True


def count_when_complete(petition: Petition, pledge: Pledge, at: datetime, via: str) -> None:
    """Make a draft ``ready`` and count it, once, when its address and its method are both known.

    Of whoever joins an action that is under way it is ``active`` at once.
    """
    if pledge.confirmed_at is None:
        return
    joins = petition.fired_at is not None
    reached = {"state": "active", "frozen_at": at} if joins else {"state": "ready"}
    kind = kind_of(pledge)
    complete = [Pledge.id == pledge.id, Pledge.state == "draft", Pledge.confirmed_at.is_not(None)]
    if kind.needs_method:
        complete.append(Pledge.payment_method_id.is_not(None))
    if kind.minds != "nobody" and pledge.state == "draft":
        promise = Promise(pledge.amount, pledge.currency, pledge.terms)
        refuse_bad_promise(petition, kind, promise, pledge.email_key, status=409)
    changed: Any = db.session.execute(
        sa.update(Pledge).where(*complete).values(ready_at=at, **reached).returning(Pledge.person_id)
    )
    person_id = changed.scalar()
    if person_id is None:
        return
    db.session.refresh(pledge)
    if pledge.payment_method_id is not None:
        own(pledge.payment_method_id, person_id)
    follow(petition.id, person_id)
    adds = contribution(petition, pledge)
    count(petition, pledge.kind, adds.amount, contributors=+1, at=at)
    count_arrival(petition.id, "pledged", via)
    if joins:
        announce("pledge_joined", pledge_id=pledge.id)
    else:
        announce("pledge_ready", pledge_id=pledge.id)


def contribution(petition: Petition, pledge: Pledge) -> Contribution:
    """What a pledge adds to which threshold of its petition while it counts."""
    promise = Promise(pledge.amount, pledge.currency, pledge.terms)
    return kind_of(pledge).contribution(promise, offer_of(petition, pledge.kind))


def kind_of(pledge: Pledge) -> Kind:
    """The rules of a pledge.

    Raises:
        LookupError: nobody knows its kind any more.
    """
    kind = kinds.find(pledge.kind)
    if kind is None:
        raise LookupError(f"no kind of pledge called {pledge.kind}")
    return kind


def withdraw(pledge_id: str) -> bool:
    """Take a pledge back before the firing; False when there is nothing left to take back.

    Raises:
        Refusal: the petition has fired, and others rely on the pledge.
    """
    petition, pledge = lock_both(pledge_id)
    at = clock.now()
    if pledge.state in UNDER_WAY:
        raise Refusal(
            _(
                "This petition has already become an action, so the pledge stays: others count on it. "
                "If the action falls short of its goal, nobody pays."
            ),
            status=409,
        )
    if pledge.state not in {"draft", "ready"}:
        return False
    counted = pledge.state == "ready"
    pledge.state, pledge.withdrawn_at = "withdrawn", at
    db.session.flush()
    if counted:
        lost = contribution(petition, pledge)
        count(petition, pledge.kind, -lost.amount, contributors=-1, at=at)
    announce("pledge_withdrawn", pledge_id=pledge.id)
    return True


def freeze(petition: Petition, kind: str | None) -> tuple[int, int]:
    """Fix the set of pledges of a petition that is locked and firing.

    Returns how many they are, and the sum of those of ``kind`` in its measure.

    Every ready pledge becomes frozen in one statement; nobody can join or leave after it.
    """
    at = clock.now()
    db.session.execute(
        sa.update(Pledge)
        .where(Pledge.petition_id == petition.id, Pledge.state == "ready")
        .values(state="frozen", frozen_at=at)
    )
    number, total = db.session.execute(
        sa.select(
            sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((Pledge.kind == kind, Pledge.amount))), 0)
        ).where(Pledge.petition_id == petition.id, Pledge.state == "frozen")
    ).one()
    return int(number), int(total)


def lock_both(pledge_id: str) -> tuple[Petition, Pledge]:
    """The petition, then the pledge, both locked and fresh.

    Raises:
        LookupError: there is no such pledge.
    """
    petition_id = db.session.scalar(sa.select(Pledge.petition_id).where(Pledge.id == pledge_id))
    if petition_id is None:
        raise LookupError(f"no pledge {pledge_id}")
    petition = lock(Petition, petition_id)
    return petition, lock(Pledge, pledge_id)
