"""Letters about a purse."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.web.formatting import format_money
from app.web.links import absolute

from .models import PursePayout


def purse_link() -> tuple[str, str]:
    return _("Open my purse"), absolute("purses.purse")


def payout_paid(*, payout: PursePayout) -> Draft:
    """The money is on its way to the person's account."""
    amount = format_money(payout.amount, payout.currency)
    return Draft(
        subject=_("%(amount)s left your purse", amount=amount),
        lines=[
            _("%(amount)s went from your purse to %(label)s.", amount=amount, label=payout.label),
            _("The bank usually shows it within a working day."),
        ],
        link=purse_link(),
        after=[_("If you did not ask for this, write to us at once.")],
    )


def payout_failed(*, payout: PursePayout) -> Draft:
    """The bank refused; the money is still there."""
    amount = format_money(payout.amount, payout.currency)
    return Draft(
        subject=_("%(amount)s could not be paid out", amount=amount),
        lines=[
            _("The bank refused the payment of %(amount)s to %(label)s.", amount=amount, label=payout.label),
            _("The money is in your purse as before. Check the account, and ask for it once more."),
        ],
        link=purse_link(),
    )
