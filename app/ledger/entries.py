"""What each event does to the books: pure double entry.

Debits are positive, credits negative. ``clearing`` is the money at the gateway; the others say whose it is:
``escrow`` the backers', ``payouts_due`` the organizer's once a payout is approved, ``refunds_due`` the
backers' who get it back, ``tips`` the platform's, ``pool`` what a sponsor laid by, ``returns_due`` and
``surplus_due`` what an organizer paid in for the crowd and is not shared out yet, ``purse`` a person's own.
An account belongs to a petition, a purse to its person; :data:`PURSES` owns the money behind all purses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

ACCOUNTS = (
    "clearing",
    "escrow",
    "payouts_due",
    "refunds_due",
    "tips",
    "pool",
    "returns_due",
    "surplus_due",
    "purse",
)
DEBIT_NORMAL = {"clearing"}
PURSES = str(UUID(int=1))
"""The owner of the clearing account behind every purse."""


class Line(NamedTuple):
    """One posting: an account's kind, the amount, and its owner where that is not the booking's."""

    account: str
    amount: int
    owner: str | None = None


@dataclass(frozen=True)
class Booking:
    """One journal. ``owner`` is the petition (or person), ``subject_id`` the pledge or payout it is about."""

    key: str
    cause: str
    owner: str
    subject_id: str
    currency: str
    lines: tuple[Line, ...]


class Unbalanced(ValueError):  # noqa: N818
    """The lines of a booking do not add up to zero, or one of them is zero."""


def move(
    key: str, cause: str, owner: str, subject_id: str, currency: str, *, debit: str, credit: str, amount: int
) -> Booking:
    """A booking of two lines.

    Raises:
        Unbalanced: ``amount`` is not positive or an account is unknown.
    """
    if amount <= 0 or debit not in ACCOUNTS or credit not in ACCOUNTS or debit == credit:
        raise Unbalanced(f"{cause}: {amount} from {credit} to {debit}")
    return Booking(key, cause, owner, subject_id, currency, (Line(debit, amount), Line(credit, -amount)))


def captured(owner: str, pledge_id: str, currency: str, amount: int) -> Booking:
    """A backer's money has been taken: it lies at the gateway and is the backers'."""
    return move(
        f"capture-{pledge_id}",
        "capture",
        owner,
        pledge_id,
        currency,
        debit="clearing",
        credit="escrow",
        amount=amount,
    )


def tipped(owner: str, pledge_id: str, currency: str, amount: int) -> Booking:
    """A backer's tip for the platform has been taken."""
    return move(
        f"tip-{pledge_id}", "tip", owner, pledge_id, currency, debit="clearing", credit="tips", amount=amount
    )


def tip_back(owner: str, pledge_id: str, currency: str, amount: int) -> Booking:
    """A backer is owed the tip back, once: nothing came of what it was given with."""
    return move(
        f"tip-back-{pledge_id}",
        "tip_back",
        owner,
        pledge_id,
        currency,
        debit="tips",
        credit="refunds_due",
        amount=amount,
    )


def tip_refunded(owner: str, pledge_id: str, currency: str, amount: int, *, part: str) -> Booking:
    """A backer has the tip back; ``part`` is the refund that it is in."""
    return move(
        f"tip-refund-{pledge_id}-{part}",
        "tip_refund",
        owner,
        pledge_id,
        currency,
        debit="refunds_due",
        credit="clearing",
        amount=amount,
    )


def charged(
    key: str, cause: str, owner: str, subject_id: str, currency: str, *, amount: int, credit: str
) -> Booking:
    """Somebody paid in after the firing, or before it into a pool; ``credit`` says whose the money is now."""
    return move(key, cause, owner, subject_id, currency, debit="clearing", credit=credit, amount=amount)


def payout_approved(owner: str, payout_id: str, currency: str, amount: int) -> Booking:
    """A milestone's money is now owed to the organizer."""
    return move(
        f"payout-due-{payout_id}",
        "payout_due",
        owner,
        payout_id,
        currency,
        debit="escrow",
        credit="payouts_due",
        amount=amount,
    )


def payout_called_off(owner: str, payout_id: str, currency: str, amount: int) -> Booking:
    """A payout that never left is the backers' money again."""
    return move(
        f"payout-called-off-{payout_id}",
        "payout_called_off",
        owner,
        payout_id,
        currency,
        debit="payouts_due",
        credit="escrow",
        amount=amount,
    )


def paid_out(owner: str, payout_id: str, currency: str, amount: int) -> Booking:
    """The organizer's money has left the gateway."""
    return move(
        f"payout-{payout_id}",
        "payout",
        owner,
        payout_id,
        currency,
        debit="payouts_due",
        credit="clearing",
        amount=amount,
    )


def refund_decided(owner: str, pledge_id: str, currency: str, amount: int, *, part: str = "") -> Booking:
    """A backer is owed something back; ``part`` tells several refunds of one pledge apart."""
    return move(
        f"refund-due-{pledge_id}{part and '-'}{part}",
        "refund_due",
        owner,
        pledge_id,
        currency,
        debit="escrow",
        credit="refunds_due",
        amount=amount,
    )


def refunded(owner: str, pledge_id: str, currency: str, amount: int, *, part: str = "") -> Booking:
    """A backer has money back; ``part`` tells several refunds of one pledge apart."""
    return move(
        f"refund-{pledge_id}{part and '-'}{part}",
        "refund",
        owner,
        pledge_id,
        currency,
        debit="refunds_due",
        credit="clearing",
        amount=amount,
    )


def check_balanced(booking: Booking) -> None:
    """Refuse a booking that would make or lose money.

    Raises:
        Unbalanced: see there.
    """
    accounts = {(line.owner or booking.owner, line.account) for line in booking.lines}
    amounts = [line.amount for line in booking.lines]
    known = all(line.account in ACCOUNTS for line in booking.lines)
    if sum(amounts) != 0 or not all(amounts) or len(accounts) < len(amounts) or not known:
        raise Unbalanced(booking.key)


def balance(kind: str, postings_sum: int) -> int:
    """What an account holds, as people say it: positive in its normal direction."""
    return postings_sum if kind in DEBIT_NORMAL else -postings_sum
