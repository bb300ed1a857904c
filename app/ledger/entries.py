"""What each event does to the books: pure double entry.

Debits are positive, credits negative. ``clearing`` is the money at the gateway; the others say whose it is:
``escrow`` the backers', ``payouts_due`` the organizer's once a payout is approved, ``refunds_due`` the
backers' who get it back.
"""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNTS = ("clearing", "escrow", "payouts_due", "refunds_due")
DEBIT_NORMAL = {"clearing"}


@dataclass(frozen=True)
class Booking:
    """One journal. ``owner`` is the petition, ``subject_id`` the pledge or payout it is about."""

    key: str
    cause: str
    owner: str
    subject_id: str
    currency: str
    lines: tuple[tuple[str, int], ...]


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
    return Booking(key, cause, owner, subject_id, currency, ((debit, amount), (credit, -amount)))


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


def refund_decided(owner: str, pledge_id: str, currency: str, amount: int) -> Booking:
    """A backer's part of what is left is owed back to them."""
    return move(
        f"refund-due-{pledge_id}",
        "refund_due",
        owner,
        pledge_id,
        currency,
        debit="escrow",
        credit="refunds_due",
        amount=amount,
    )


def refunded(owner: str, pledge_id: str, currency: str, amount: int) -> Booking:
    """A backer has their money back."""
    return move(
        f"refund-{pledge_id}",
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
    amounts = [amount for _, amount in booking.lines]
    if sum(amounts) != 0 or not all(amounts) or len({kind for kind, _ in booking.lines}) < len(amounts):
        raise Unbalanced(booking.key)


def balance(kind: str, postings_sum: int) -> int:
    """What an account holds, as people say it: positive in its normal direction."""
    return postings_sum if kind in DEBIT_NORMAL else -postings_sum
