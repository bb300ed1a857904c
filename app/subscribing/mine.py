"""One patron's own subscription: what comes next, what has been, and receipts by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.clock import SEOUL
from app.db import db
from app.payments.models import PaymentMethod
from app.pledges.kinds.months import first_month, month_of, starts_at
from app.pledges.kinds.recurring import worth_charging
from app.pledges.models import Pledge
from app.web.formatting import day, format_money

from .models import Bill, Due, Subscription
from .reading import promised_by, state_of
from .standing import (
    carried,
    fee_of_a_charge,
    last_told,
    offer_to_subscribe,
    open_bill,
    owing,
    patrons_of,
    sum_of,
    unit_of,
    value_of,
)
from .wording import month_day, month_name, next_try_sentence


@dataclass(frozen=True)
class Receipt:
    """A bill that was paid; ``months`` are the words for what it pays for."""

    paid_at: datetime
    amount: int
    currency: str
    months: str
    method: str | None
    number: str


@dataclass(frozen=True)
class Line:
    """One month of the history: what was owed, and what became of it in words."""

    month: str
    owed: int
    became: str
    badge: str


@dataclass(frozen=True)
class Own:
    """A patron's page. ``promised`` is the own amount, or the limit (None: no limit), in minor units.

    ``value`` is what each would pay today where people pay for one another; ``next`` one sentence about the
    next charge; ``trouble`` says that the last one failed, and when it is tried again.
    """

    state: str
    currency: str
    unit: int | None
    promised: int | None
    value: int
    patrons: int
    next: str
    trouble: str
    carried: int
    method: str | None
    lines: Sequence[Line]
    years: Sequence[int]


def own_view(pledge: Pledge) -> Own:
    """Everything the patron's page says.

    Raises:
        LookupError: the pledge is no subscription yet.
    """
    subscription = db.session.get(Subscription, pledge.id)
    if subscription is None:
        raise LookupError(f"pledge {pledge.id} has not begun")
    offer = offer_to_subscribe(pledge.petition_id)
    unit, patrons = unit_of(offer), patrons_of(pledge.petition_id)
    value = value_of(patrons, unit)
    bill = open_bill(pledge.id)
    failed = bill if bill is not None and bill.failures and subscription.ended_at is None else None
    method = db.session.get(PaymentMethod, pledge.payment_method_id) if pledge.payment_method_id else None
    rest = owing(carried(pledge.id))
    return Own(
        state=state_of(subscription, failing=failed is not None),
        currency=offer.currency,
        unit=unit,
        promised=promised_by(subscription, unit),
        value=value * (unit or 0),
        patrons=len(patrons),
        next=next_sentence(subscription, sum_of(subscription, value, unit), rest, offer.currency),
        trouble=trouble_sentence(failed) if failed else "",
        carried=rest,
        method=method.label if method else None,
        lines=history(pledge.id, offer.currency),
        years=years_of(pledge.id),
    )


def trouble_sentence(bill: Bill) -> str:
    return str(
        _(
            "%(amount)s for %(month)s could not be charged. %(again)s",
            amount=format_money(bill.amount, bill.currency),
            month=month_name(bill.month),
            again=next_try_sentence(bill),
        )
    )


def next_sentence(subscription: Subscription, today: int, rest: int, currency: str) -> str:
    """What is charged next, and when: ``today`` is what a month costs now, ``rest`` what is carried on."""
    if subscription.ended_at is not None:
        return str(_("It ended on %(day)s. Nothing more is charged.", day=day(subscription.ended_at)))
    if subscription.paused_at is not None:
        return str(
            _("Paused since %(day)s: no month is charged until you resume.", day=day(subscription.paused_at))
        )
    month, told = next_month(subscription)
    amount = today if told is None else min(told, today)
    if not amount + rest:
        return str(
            _("On %(day)s nothing is charged: your limit is lower than what each pays.", day=month_day(month))
        )
    if not worth_charging(amount + rest, fee_of_a_charge(currency)):
        return str(
            _(
                "On %(day)s %(amount)s are added to what you owe. Sums this small are carried on until a "
                "charge is worth its fee.",
                day=month_day(month),
                amount=format_money(amount, currency),
            )
        )
    if told is None and subscription.amount is None:
        return str(
            _(
                "On %(day)s about %(amount)s is charged; the amount is fixed a week before and told to you "
                "if it grows.",
                day=month_day(month),
                amount=format_money(amount + rest, currency),
            )
        )
    return str(
        _(
            "On %(day)s %(amount)s is charged, and not more.",
            day=month_day(month),
            amount=format_money(amount + rest, currency),
        )
    )


def next_month(subscription: Subscription) -> tuple[int, int | None]:
    """The next month that is charged, and the most that was told for it, None before that."""
    due = db.session.scalar(
        sa.select(Due).where(Due.pledge_id == subscription.id, Due.owed.is_(None)).order_by(Due.month)
    )
    if due is not None:
        return due.month, due.told
    untold = last_told(subscription.petition_id) + 1
    return max(subscription.first_month, first_month(clock.now()), untold), None


def history(pledge_id: str, currency: str) -> list[Line]:
    """Month by month, the latest first."""
    rows = db.session.execute(
        sa.select(Due, Bill)
        .outerjoin(Bill, Bill.id == Due.bill_id)
        .where(Due.pledge_id == pledge_id, Due.owed.is_not(None))
        .order_by(Due.month.desc())
    ).all()
    return [Line(month_name(due.month), due.owed or 0, *became(due, bill, currency)) for due, bill in rows]


def became(due: Due, bill: Bill | None, currency: str) -> tuple[str, str]:
    """What became of a month, and the badge for it."""
    if bill is not None and bill.paid_at is not None:
        return paid_words(due, bill, currency)
    if due.waived_at is not None:
        return _("Not asked for any more"), "waived"
    if not due.owed:
        return _("Nothing to pay"), "nothing"
    if bill is None:
        return _("Carried on to the next charge"), "carried"
    if bill.state == "unpaid":
        return _("Not paid: the charge failed six times. You owe nothing."), "failing"
    return next_try_sentence(bill) or _("It is being charged."), "failing" if bill.failures else "charging"


def paid_words(due: Due, bill: Bill, currency: str) -> tuple[str, str]:
    """When a month was paid, and in what charge if that paid for others too."""
    if bill.given_back_at is not None:
        return _("Given back on %(day)s", day=day(bill.given_back_at)), "refunded"
    at = day(bill.paid_at) if bill.paid_at else ""
    if bill.amount == due.owed:
        return _("Paid on %(day)s", day=at), "captured"
    whole = format_money(bill.amount, currency)
    return _("Paid on %(day)s in one charge of %(amount)s", day=at, amount=whole), "captured"


def years_of(pledge_id: str) -> list[int]:
    """The years in Seoul in which something was paid, the latest first."""
    moments = db.session.scalars(
        sa.select(Bill.paid_at).where(
            Bill.pledge_id == pledge_id, Bill.state == "paid", Bill.paid_at.is_not(None)
        )
    )
    return sorted({moment.astimezone(SEOUL).year for moment in moments if moment}, reverse=True)


def receipts_of(pledge_id: str, year: int) -> list[Receipt]:
    """What was paid in a year (of Seoul), in order. What was given back is none of them."""
    start, end = starts_at(year * 12), starts_at(year * 12 + 12)
    bills = db.session.scalars(
        sa.select(Bill)
        .where(
            Bill.pledge_id == pledge_id,
            Bill.state == "paid",
            Bill.given_back_at.is_(None),
            Bill.paid_at >= start,
            Bill.paid_at < end,
        )
        .order_by(Bill.paid_at, Bill.id)
    ).all()
    months: dict[str | None, list[int]] = {}
    for bill_id, month in db.session.execute(
        sa.select(Due.bill_id, Due.month)
        .where(Due.bill_id.in_([bill.id for bill in bills]))
        .order_by(Due.month)
    ):
        months.setdefault(bill_id, []).append(month)
    return [
        Receipt(
            paid_at=bill.paid_at,
            amount=bill.amount,
            currency=bill.currency,
            months=", ".join(month_name(month) for month in months.get(bill.id, [bill.month])),
            method=bill.method_label,
            number=bill.id[-12:].upper(),
        )
        for bill in bills
        if bill.paid_at is not None
    ]


def this_year() -> int:
    return month_of(clock.now()) // 12
