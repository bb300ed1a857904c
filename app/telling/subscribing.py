"""Letters about subscriptions: to the patron, and to the moderators when one is stuck.

Each is called inside a transaction; the stuck ones have their own.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app import clock
from app.db import db
from app.mail.posting import Draft, post
from app.petitions.models import Petition
from app.pledges.kinds.months import month_of, written
from app.pledges.models import Pledge
from app.subscribing import letters
from app.subscribing.models import Bill, Due, Subscription

from .posting import moderators, tell

Write = Callable[[Petition, Pledge], Draft]


def to_patron(pledge_id: str, cause: str, write: Write) -> None:
    pledge = db.session.get_one(Pledge, pledge_id)
    petition = db.session.get_one(Petition, pledge.petition_id)
    post(pledge.email, pledge.locale, lambda: write(petition, pledge), cause=cause)


def began(pledge_id: str) -> None:
    """What is paid from when."""
    subscription = db.session.get_one(Subscription, pledge_id)
    to_patron(
        pledge_id,
        f"subscription-began-{pledge_id}",
        lambda petition, pledge: letters.subscription_began(
            petition=petition, pledge=pledge, subscription=subscription
        ),
    )


def told(*, due_id: str, before: int | None) -> None:
    """Before the first charge, and before one that is higher than the last."""
    due = db.session.get_one(Due, due_id)
    if db.session.get_one(Subscription, due.pledge_id).runs:
        to_patron(
            due.pledge_id,
            f"month-told-{due_id}",
            lambda petition, pledge: letters.month_told(
                petition=petition, pledge=pledge, due=due, before=before
            ),
        )


def paid(bill_id: str) -> None:
    """The receipt."""
    bill = db.session.get_one(Bill, bill_id)
    months = db.session.scalar(sa.select(sa.func.count()).where(Due.bill_id == bill_id)) or 1
    to_patron(
        bill.pledge_id,
        f"month-paid-{bill_id}",
        lambda petition, pledge: letters.month_paid(
            petition=petition, pledge=pledge, bill=bill, months=months
        ),
    )


def failing(*, bill_id: str, failures: int) -> None:
    """Why it failed and how to mend it; not any more once it is mended."""
    bill = db.session.get_one(Bill, bill_id)
    if bill.state == "due" and bill.failures == failures:
        to_patron(
            bill.pledge_id,
            f"month-failing-{bill_id}-{failures}",
            lambda petition, pledge: letters.month_failing(petition=petition, pledge=pledge, bill=bill),
        )


def ended(*, pledge_id: str, because: str) -> None:
    """Nothing more is charged, and why."""
    begun = db.session.get(Subscription, pledge_id) is not None
    if because != "erased":
        to_patron(
            pledge_id,
            f"subscription-ended-{pledge_id}",
            lambda petition, pledge: letters.subscription_ended(
                petition=petition, pledge=pledge, because=because, begun=begun
            ),
        )


def stuck(*, pledge_id: str, why: str) -> None:
    """To the moderators, once a month for each, begun or not; commits by itself."""
    petition = db.session.get_one(Petition, db.session.get_one(Pledge, pledge_id).petition_id)
    at = clock.now()
    tell(
        moderators(),
        f"subscription-stuck-{pledge_id}-{written(month_of(at))}",
        lambda _person: letters.subscription_stuck(petition=petition, pledge_id=pledge_id, why=why, at=at),
    )
