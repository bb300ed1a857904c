"""Ending: who gets a pool once its petition has succeeded or failed. Each pool is given away once.

A bonus is shared among the backers when a gift fails and goes back to its sponsors when it succeeds. A
reserve stays while the loan runs; whoever looks after the loan calls :func:`return_rest` at its end.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app import clock
from app.actions.models import Action, Payout
from app.actions.stopping import is_disbursed
from app.db import db, lock
from app.ledger.booking import balances
from app.ledger.models import Account, Journal, Posting
from app.money import split_in_proportion
from app.outbox import announce
from app.outbox.sweeping import commit_each, find_ids
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.kinds.base import Held, Promise
from app.pledges.kinds.gift import by_person, shared
from app.pledges.models import Pledge
from app.purses.crediting import credit

from .models import Pool

OVER = ("closed", "rejected", "removed", "stopped")
"""States in which a petition that has not fired never will."""
UNDISBURSED = (None, "released", "stopped")
"""States of the action in which a reserve has no loan to stand behind, unless the money went out before."""


def is_over(petition: Petition) -> bool:
    """Whether what a pool waited for has been decided: it fired and collected, or never will."""
    if petition.fired_at is not None:
        return action_state(petition.id) != "collecting"
    return petition.state in OVER or petition.closed_at is not None


def action_state(petition_id: str) -> str | None:
    return db.session.scalar(sa.select(Action.state).where(Action.petition_id == petition_id))


def end_pools(petition_id: str) -> bool:
    """Give the pools of a petition to whom they belong now; False when it is too early or nothing is there.

    Call inside a transaction.
    """
    petition = lock(Petition, petition_id)
    pools = lying(petition_id)
    if not pools or not is_over(petition):
        return False
    state = action_state(petition_id)
    if pools[0].purpose == "reserve" and (state not in UNDISBURSED or is_disbursed(petition_id)):
        return False
    failed = petition.state == "closed" if state is None else state == "released"
    backers = waiting_backers(petition_id) if failed and pools[0].purpose == "bonus" else []
    if backers:
        pay_bonus(petition_id, pools, backers)
    else:
        return_rest(petition_id)
    return True


def return_reserve(petition_id: str) -> int:
    """The loan is over, or in default with its losses covered: what is left of the reserve goes back.

    Call inside a transaction.
    """
    lock(Petition, petition_id)
    return return_rest(petition_id)


def lying(petition_id: str) -> list[Pool]:
    """The pools of a petition that lie there, locked, the oldest first."""
    return list(
        db.session.scalars(
            sa.select(Pool)
            .where(Pool.petition_id == petition_id, Pool.state == "lying")
            .order_by(Pool.deposited_at, Pool.id)
            .with_for_update()
        )
    )


def waiting_backers(petition_id: str) -> list[Held]:
    """The gifts of confirmed people whose method was saved and did not fail, in the order they were made."""
    rows = db.session.execute(
        sa.select(Pledge.id, Pledge.person_id, Pledge.amount)
        .join(Person, Person.id == Pledge.person_id)
        .where(
            Pledge.petition_id == petition_id,
            Pledge.kind == "gift",
            Pledge.state.in_(("ready", "held", "released")),
            Pledge.payment_method_id.is_not(None),
            Person.erased_at.is_(None),
        )
        .order_by(Pledge.ready_at, Pledge.id)
    )
    return [Held(row.id, row.person_id, Promise(row.amount)) for row in rows]


def pay_bonus(petition_id: str, pools: list[Pool], backers: list[Held]) -> None:
    """Share everything that lies there by what each pledged, into the backers' purses."""
    total = balances(petition_id)["pool"]
    credit(
        owner=petition_id,
        debit="pool",
        cause="bonus",
        key=f"bonus-{petition_id}",
        subject_id=petition_id,
        parts=shared(total, backers),
        currency=pools[0].currency,
    )
    for pool in pools:
        pool.state, pool.ended_at = "given", clock.now()
    announce("bonus_paid", petition_id=petition_id)


def return_rest(petition_id: str) -> int:
    """What is left of a petition's pools goes back to the sponsors, in proportion; returns how much it was.

    What comes in later, recovered from a loan, may be returned by calling it again. Call inside a
    transaction, the petition locked.
    """
    pools = [
        *lying(petition_id),
        *db.session.scalars(
            sa.select(Pool)
            .where(Pool.petition_id == petition_id, Pool.state == "returned", Pool.purpose == "reserve")
            .order_by(Pool.deposited_at, Pool.id)
        ),
    ]
    rest = balances(petition_id)["pool"]
    if not pools:
        return 0
    for pool in pools:
        if pool.state == "lying":
            pool.state, pool.ended_at = "returned", clock.now()
    if rest:
        earlier = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Journal)
            .where(Journal.owner == petition_id, Journal.cause == "pool_return")
        )
        parts = split_in_proportion(rest, [pool.amount for pool in pools])
        credit(
            owner=petition_id,
            debit="pool",
            cause="pool_return",
            key=f"pool-return-{petition_id}-{(earlier or 0) + 1}",
            subject_id=petition_id,
            parts=by_person(zip((pool.sponsor_id for pool in pools), parts, strict=True)),
            currency=pools[0].currency,
        )
    for pool in pools:
        announce("pool_returned", pool_id=pool.id)
    return rest


def send_back(pool: Pool) -> None:
    """A deposit that arrived after the end goes back whole, to its own sponsor."""
    credit(
        owner=pool.petition_id,
        debit="pool",
        cause="pool_return",
        key=f"pool-return-{pool.id}",
        subject_id=pool.id,
        parts={pool.sponsor_id: pool.amount},
        currency=pool.currency,
    )
    pool.state, pool.ended_at = "returned", clock.now()
    announce("pool_returned", pool_id=pool.id)


def end_due() -> int:
    """Look after every petition whose pools lie there although it is over; how many were ended."""
    disbursed = sa.exists().where(
        Payout.petition_id == Pool.petition_id,
        Payout.cause.startswith("disbursement-"),
        Payout.state != "proposed",
    )
    over = (
        sa.select(Pool.petition_id)
        .join(Petition, Petition.id == Pool.petition_id)
        .outerjoin(Action, Action.petition_id == Pool.petition_id)
        .where(
            Pool.state == "lying",
            sa.or_(
                sa.and_(
                    Petition.fired_at.is_(None),
                    sa.or_(Petition.state.in_(OVER), Petition.closed_at.is_not(None)),
                ),
                sa.and_(Action.state.in_(("released", "stopped")), ~disbursed),
                sa.and_(Pool.purpose == "bonus", Action.state != "collecting"),
            ),
        )
        .distinct()
    )
    return commit_each(find_ids(over.union(recovered())), end_or_return)


def recovered() -> sa.Select[Any]:
    """Petitions whose reserve went back, and to which more has come back since."""
    return (
        sa.select(Account.owner)
        .join(Posting, Posting.account_id == Account.id)
        .where(
            Account.kind == "pool",
            sa.exists().where(
                Pool.petition_id == Account.owner, Pool.purpose == "reserve", Pool.state == "returned"
            ),
        )
        .group_by(Account.owner)
        .having(sa.func.sum(Posting.amount) < 0)
    )


def end_or_return(petition_id: str) -> bool:
    return end_pools(petition_id) or (not lying(petition_id) and return_reserve(petition_id) > 0)
