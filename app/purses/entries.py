"""What a purse does to the books: pure double entry.

The money of all purses lies in the clearing account of one common owner; whose it is says the purse of each
person. So that account always holds exactly the sum of the purses.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.ledger.entries import PURSES, Booking, Line, Unbalanced


def credited(
    owner: str,
    *,
    debit: str,
    cause: str,
    key: str,
    subject_id: str,
    parts: Mapping[str, int],
    currency: str,
    given_up: int = 0,
) -> Booking:
    """Money that a petition's account owed goes into these people's purses; ``parts`` in minor units.

    ``given_up`` is what erased people would have got: it stays where it lies and is the platform's.

    Raises:
        Unbalanced: there is nothing to give, or a part is not positive.
    """
    amounts = [*parts.values(), *([given_up] if given_up else [])]
    if not amounts or min(amounts) <= 0:
        raise Unbalanced(f"{cause}: {key}")
    lines = [Line(debit, sum(amounts))]
    if total := sum(parts.values()):
        lines += [Line("clearing", -total), Line("clearing", total, PURSES)]
    lines += [Line("purse", -part, person_id) for person_id, part in parts.items()]
    if given_up:
        lines.append(Line("tips", -given_up))
    return Booking(key, cause, owner, subject_id, currency, tuple(lines))


def spent(hold_id: str, person_id: str, currency: str, amount: int) -> Booking:
    """A pledge was paid from a purse: the money has left what lies behind the purses."""
    lines = (Line("purse", amount, person_id), Line("clearing", -amount))
    return Booking(f"purse-capture-{hold_id}", "purse_capture", PURSES, hold_id, currency, lines)


def given_back(refund_id: str, hold_id: str, person_id: str, currency: str, amount: int) -> Booking:
    """What a purse had paid came back into it."""
    lines = (Line("clearing", amount), Line("purse", -amount, person_id))
    return Booking(f"purse-refund-{refund_id}", "purse_refund", PURSES, hold_id, currency, lines)


def sent_out(payout_id: str, person_id: str, currency: str, amount: int) -> Booking:
    """Money went from a purse to its person's own account."""
    lines = (Line("purse", amount, person_id), Line("clearing", -amount))
    return Booking(f"purse-payout-{payout_id}", "purse_payout", PURSES, payout_id, currency, lines)
