"""The signed schedule, the loan that runs by it, who lends which units, and what was paid."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

REPAYMENT_STATES = ("started", "done", "failed")
REPAYMENT_PURPOSES = ("instalment", "recovery", "reserve")


class Agreement(Model):
    """The schedule as the borrower signed it: the words, in their language, and the moment.

    A schedule that is changed before anybody signed the petition is signed anew; the latest one counts.
    """

    __tablename__ = "loan_agreement"
    __table_args__ = (sa.Index("ix_loan_agreement_petition", "petition_id", "signed_at"),)

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    borrower_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    locale: Mapped[str] = mapped_column(sa.String(2))
    signed_at: Mapped[datetime] = moment_column()


class Loan(Model):
    """A loan that was paid out. ``id`` is the petition's; amounts are minor units of ``currency``.

    ``paid`` is all the borrower paid, ``to_lenders`` all that went on to the lenders from whatever source,
    ``drawn`` what the reserve covered at the default and ``restored`` what recoveries gave back to it.
    ``look_at`` is when the calendar alone may change
    how it stands; None once it cannot.
    """

    __tablename__ = "loan"
    __table_args__ = (
        sa.CheckConstraint("paid >= 0 AND paid <= lent", name="paid"),
        sa.CheckConstraint("to_lenders >= 0 AND to_lenders <= lent", name="to_lenders"),
        sa.CheckConstraint("paid + drawn = to_lenders + restored", name="waterfall"),
        sa.CheckConstraint("restored >= 0 AND restored <= drawn", name="restored"),
        sa.CheckConstraint("lent = unit * units", name="lent"),
    )

    id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), primary_key=True)
    borrower_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), index=True)
    currency: Mapped[str] = mapped_column(sa.String(3))
    unit: Mapped[int] = mapped_column(sa.BigInteger)
    units: Mapped[int]
    lent: Mapped[int] = mapped_column(sa.BigInteger)
    paid: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    to_lenders: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    drawn: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    restored: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    method_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("payment_method.id"))
    disbursed_at: Mapped[datetime] = moment_column()
    last_paid_at: Mapped[datetime | None] = moment_column()
    look_at: Mapped[datetime | None] = moment_column(index=True)
    rescheduled_at: Mapped[datetime | None] = moment_column()
    delinquent_at: Mapped[datetime | None] = moment_column()
    defaulted_at: Mapped[datetime | None] = moment_column()
    repaid_at: Mapped[datetime | None] = moment_column()


class LoanStake(Model):
    """What one pledge lends: ``units`` units, numbered from ``first`` on in the order of the pledges."""

    __tablename__ = "loan_stake"
    __table_args__ = (
        sa.UniqueConstraint("loan_id", "first"),
        sa.CheckConstraint("units > 0", name="units"),
    )

    pledge_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("pledge.id"), primary_key=True)
    loan_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("loan.id"), index=True)
    first: Mapped[int]
    units: Mapped[int]


class Repayment(Model):
    """Money that came in for a loan: an instalment, a recovery after the default, or the reserve's cover.

    ``to_lenders`` and ``to_reserve`` say where it went; ``lenders_had`` is what they had received before.
    ``key`` is the form's, so that a payment sent twice is made once.
    """

    __tablename__ = "loan_repayment"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {REPAYMENT_STATES!r}", name="state"),
        sa.CheckConstraint(f"purpose IN {REPAYMENT_PURPOSES!r}", name="purpose"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("loan_id", "key"),
    )

    id: Mapped[str] = id_column()
    loan_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("loan.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    purpose: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(8))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    to_lenders: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    to_reserve: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    lenders_had: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    failure: Mapped[str | None] = mapped_column(sa.String(40))
    begun_at: Mapped[datetime] = moment_column()
    settled_at: Mapped[datetime | None] = moment_column()
