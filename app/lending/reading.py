"""What pages show of a loan: the public record, and one lender's part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Literal

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app import clock
from app.actions.duties import duties_of
from app.actions.models import Duty
from app.db import db
from app.ledger.booking import balances
from app.pledges.kinds.repaying import Stake, received_by
from app.pledges.models import Pledge
from app.web.formatting import day, format_money

from .disbursing import plan_of
from .drawing import draw_stairs
from .models import Loan, LoanStake, Repayment
from .standing import Standing, stand

Kept = Literal["in_time", "late", "open", "overdue", "broken", "replaced"]


@dataclass(frozen=True)
class InstalmentRow:
    """One instalment of the schedule; ``total`` is what was due in all by its day, in minor units."""

    number: int
    due: datetime
    amount: int
    done: int
    total: int
    kept: Kept


@dataclass(frozen=True)
class PaymentRow:
    """Something that came in; ``lenders_have`` is what they had received in all after it."""

    at: datetime
    purpose: str
    amount: int
    to_lenders: int
    to_reserve: int
    lenders_had: int

    @property
    def lenders_have(self) -> int:
        return self.lenders_had + self.to_lenders


@dataclass(frozen=True)
class LoanView:
    """A running or finished loan as everybody may see it; amounts in minor units of ``currency``."""

    id: str
    currency: str
    unit: int
    units: int
    lent: int
    paid: int
    to_lenders: int
    reserve_left: int
    written_off: int
    lenders: int
    disbursed_at: datetime
    rescheduled_at: datetime | None
    defaulted_at: datetime | None
    repaid_at: datetime | None
    standing: Standing
    state: str
    instalments: tuple[InstalmentRow, ...]
    payments: tuple[PaymentRow, ...]

    @property
    def owed(self) -> int:
        return self.lent - self.paid

    @property
    def paid_in_time(self) -> int:
        return sum(row.kept == "in_time" for row in self.instalments)

    @property
    def version(self) -> str:
        """Changes with everything that a page about it shows."""
        kept = ",".join(row.kept for row in self.instalments)
        return (
            f"{self.state}-{self.paid}-{self.to_lenders}-{self.reserve_left}-{kept}-{self.standing.arrears}"
        )


def view_of(loan: Loan) -> LoanView:
    """Everything the public record says, from the rows and the books."""
    at = clock.now()
    duties = duties_of(loan.id, "loan")
    plan = plan_of(duties)
    now = stand(plan, loan.paid, loan.last_paid_at, at)
    lenders = db.session.scalar(
        sa.select(sa.func.count(sa.distinct(Pledge.person_id)))
        .join(LoanStake, LoanStake.pledge_id == Pledge.id)
        .where(LoanStake.loan_id == loan.id)
    )
    return LoanView(
        id=loan.id,
        currency=loan.currency,
        unit=loan.unit,
        units=loan.units,
        lent=loan.lent,
        paid=loan.paid,
        to_lenders=loan.to_lenders,
        reserve_left=balances(loan.id)["pool"],
        written_off=loan.lent - loan.to_lenders if loan.defaulted_at is not None else 0,
        lenders=int(lenders or 0),
        disbursed_at=loan.disbursed_at,
        rescheduled_at=loan.rescheduled_at,
        defaulted_at=loan.defaulted_at,
        repaid_at=loan.repaid_at,
        standing=now,
        state=state_of(loan, now),
        instalments=rows_of(duties, at),
        payments=payments_of(loan.id),
    )


def state_of(loan: Loan, now: Standing) -> str:
    """What the loan is called on every page: in default from its stamp until the last unit is back."""
    if loan.repaid_at is not None:
        return "repaid"
    if loan.defaulted_at is not None:
        return "defaulted"
    return "delinquent" if now.state == "defaulted" else now.state


def rows_of(duties: Sequence[Duty], at: datetime) -> tuple[InstalmentRow, ...]:
    """The schedule as it stands; of instalments a vote replaced, only those that were paid in part."""
    shown = [duty for duty in duties if duty.state != "waived" or duty.done]
    amounts = [duty.done if duty.state == "waived" else duty.amount for duty in shown]
    return tuple(
        InstalmentRow(number, duty.due_at, amount, duty.done, total, kept_of(duty, at))
        for number, (duty, amount, total) in enumerate(
            zip(shown, amounts, accumulate(amounts), strict=True), start=1
        )
    )


def kept_of(duty: Duty, at: datetime) -> Kept:
    """How an instalment was kept, or how it stands."""
    if duty.state == "kept":
        return "in_time" if duty.settled_at is None or duty.settled_at <= duty.due_at else "late"
    if duty.state == "waived":
        return "replaced"
    if duty.state == "broken":
        return "late" if duty.done >= duty.amount else "broken"
    return "overdue" if duty.due_at < at else "open"


def payments_of(loan_id: str) -> tuple[PaymentRow, ...]:
    rows = db.session.execute(
        sa.select(
            Repayment.settled_at,
            Repayment.purpose,
            Repayment.amount,
            Repayment.to_lenders,
            Repayment.to_reserve,
            Repayment.lenders_had,
        )
        .where(Repayment.loan_id == loan_id, Repayment.state == "done")
        .order_by(Repayment.settled_at, Repayment.lenders_had, Repayment.id)
    )
    return tuple(
        PaymentRow(at, purpose, amount, to_lenders, to_reserve, had)
        for at, purpose, amount, to_lenders, to_reserve, had in rows
        if at is not None
    )


@dataclass(frozen=True)
class Part:
    """One lender's units in a loan: what was lent, has come and is to come, in minor units."""

    loan: LoanView
    stakes: tuple[Stake, ...]

    @property
    def units(self) -> int:
        return sum(stake.units for stake in self.stakes)

    @property
    def lent(self) -> int:
        return self.units * self.loan.unit

    @property
    def received(self) -> int:
        return self.of(self.loan.to_lenders)

    @property
    def due(self) -> int:
        """What should have come by now and has not."""
        return max(0, self.of(min(self.loan.standing.due, self.loan.lent)) - self.received)

    @property
    def lost(self) -> int:
        return self.lent - self.received if self.loan.defaulted_at is not None else 0

    @property
    def next_amount(self) -> int:
        """What the next open instalment brings, once it is paid."""
        return self.of(min(self.loan.to_lenders + self.loan.standing.missing, self.loan.lent)) - self.received

    def of(self, total: int) -> int:
        """What is this lender's of ``total`` that came to all."""
        return sum(received_by(stake, total, self.loan.units) for stake in self.stakes)


def part_of(loan: Loan, person_id: str) -> Part | None:
    """What a person lends in a loan, over all their pledges; None when nothing."""
    rows = db.session.execute(
        sa.select(LoanStake.pledge_id, LoanStake.first, LoanStake.units)
        .join(Pledge, Pledge.id == LoanStake.pledge_id)
        .where(LoanStake.loan_id == loan.id, Pledge.person_id == person_id)
        .order_by(LoanStake.first)
    ).all()
    return Part(view_of(loan), tuple(Stake(*row) for row in rows)) if rows else None


def drawing_of(loan: LoanView, part: Part | None = None) -> Markup:
    """The stairs of the whole loan, or of one lender's part."""
    share = part.of if part else lambda total: total
    lent = part.lent if part else loan.lent
    due = [(row.due, share(min(row.total, loan.lent))) for row in loan.instalments]
    came = [(row.at, share(row.lenders_have)) for row in loan.payments if row.to_lenders]
    now, money = clock.now(), loan.currency
    return draw_stairs(
        due,
        came,
        start=loan.disbursed_at,
        now=min(now, loan.repaid_at) if loan.repaid_at else now,
        total=lent,
        words={
            "title": _("What was due, and what came back"),
            "told": _(
                "%(came)s of %(lent)s have come back; %(due)s were due by now.",
                came=format_money(share(loan.to_lenders), money),
                lent=format_money(lent, money),
                due=format_money(share(min(loan.standing.due, loan.lent)), money),
            ),
            "most": format_money(lent, money),
            "first": day(loan.disbursed_at),
            "last": day(max([now, *(row.due for row in loan.instalments)])),
            "due_name": _("Due by the schedule"),
            "came_name": _("Came back"),
        },
    )
