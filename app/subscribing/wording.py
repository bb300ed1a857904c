"""The words of a subscription that pages and letters share."""

from __future__ import annotations

from babel.dates import format_skeleton
from flask_babel import gettext as _

from app import clock
from app.clock import SEOUL
from app.pledges.kinds.months import MOST_TRIES, starts_at
from app.web.formatting import day
from app.web.languages import language

from .models import Bill


def month_name(month: int) -> str:
    """A month as people say it: December 2026, 2026년 12월."""
    return str(format_skeleton("yMMMM", starts_at(month), tzinfo=SEOUL, locale=language()))


def month_day(month: int) -> str:
    """The first day of a month."""
    return day(starts_at(month))


def why_failed(bill: Bill) -> str:
    """What the bank said, as far as it said anything."""
    reasons = {
        "insufficient_funds": _("Your bank says that there is not enough money on it."),
        "card_declined": _("Your bank declined it without giving a reason."),
        "authentication_required": _(
            "Your bank wants you to confirm each payment, and nobody is there on the first of a month. "
            "Choose another card."
        ),
    }
    return str(reasons.get(bill.failure or "", _("Your bank did not allow it.")))


def next_try_sentence(bill: Bill) -> str:
    """When a failed bill is tried again, and what happens if that fails too."""
    if bill.state != "due" or bill.next_try_at is None or not bill.failures:
        return ""
    if bill.next_try_at <= clock.now():
        return str(_("It is tried again at once."))
    if bill.failures == MOST_TRIES - 1:
        return str(
            _(
                "It is tried once more, on %(day)s; if that fails too, the subscription ends and you owe "
                "nothing.",
                day=day(bill.next_try_at),
            )
        )
    return str(
        _(
            "It is tried again on %(day)s; after the sixth failure it ends and you owe nothing.",
            day=day(bill.next_try_at),
        )
    )
