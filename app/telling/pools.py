"""Letters about pools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from app.db import db, run_tx
from app.ledger.models import Account, Journal, Posting
from app.mail.posting import Draft, post
from app.outbox.sweeping import commit_batches
from app.people.models import Person
from app.petitions.models import Petition
from app.pools import letters
from app.pools.models import Pool

from .posting import BATCH


def deposited(pool_id: str) -> None:
    """To the sponsor, and to the organizer; call inside a transaction."""
    pool = db.session.get_one(Pool, pool_id)
    petition = db.session.get_one(Petition, pool.petition_id)
    write_to(pool.sponsor_id, f"pool-in-{pool_id}", lambda: letters.deposited(pool=pool, petition=petition))
    if petition.organizer_id not in {None, pool.sponsor_id}:
        write_to(
            petition.organizer_id or "",
            f"pool-behind-{pool_id}",
            lambda: letters.deposited_for_organizer(pool=pool, petition=petition),
        )


def refused(pool_id: str) -> None:
    """To the sponsor, each time anew; call inside a transaction."""
    pool = db.session.get_one(Pool, pool_id)
    petition = db.session.get_one(Petition, pool.petition_id)
    write_to(pool.sponsor_id, f"pool-no-{pool_id}", lambda: letters.refused(pool=pool, petition=petition))


def returned(pool_id: str) -> None:
    """To the sponsor; call inside a transaction."""
    pool = db.session.get_one(Pool, pool_id)
    petition = db.session.get_one(Petition, pool.petition_id)
    write_to(pool.sponsor_id, f"pool-back-{pool_id}", lambda: letters.returned(pool=pool, petition=petition))


def bonus_paid(petition_id: str) -> None:
    """To everybody who got a part of it, and to the sponsors."""
    shares = db.session.execute(
        sa.select(Account.owner, Account.currency, Posting.amount)
        .join(Posting, Posting.account_id == Account.id)
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Journal.key == f"bonus-{petition_id}", Account.kind == "purse")
        .order_by(Account.owner)
    ).all()
    pools = db.session.scalars(
        sa.select(Pool.id).where(Pool.petition_id == petition_id, Pool.state == "given")
    ).all()
    db.session.rollback()
    commit_batches(shares, partial(tell_backers, petition_id), BATCH)
    for pool_id in pools:
        run_tx(partial(tell_giver, pool_id))


def tell_backers(petition_id: str, shares: Sequence[Any]) -> None:
    petition = db.session.get_one(Petition, petition_id)
    for person_id, currency, posted in shares:
        write_to(
            person_id,
            f"bonus-{petition_id}:{person_id}",
            partial(letters.bonus, petition=petition, amount=-posted, currency=currency),
        )


def tell_giver(pool_id: str) -> None:
    pool = db.session.get_one(Pool, pool_id)
    petition = db.session.get_one(Petition, pool.petition_id)
    write_to(pool.sponsor_id, f"pool-given-{pool_id}", lambda: letters.given(pool=pool, petition=petition))


def write_to(person_id: str, cause: str, write: Callable[[], Draft]) -> None:
    person = db.session.get_one(Person, person_id)
    post(person.email, person.locale, write, cause=cause)
