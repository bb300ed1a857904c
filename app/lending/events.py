"""A loan's events on the timeline of its action, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from app.actions.history import WORDS, Detail, Words
from app.web.formatting import format_money, number


def amount_of(detail: Detail, currency: str) -> str:
    return format_money(int(detail.get("amount", 0)), currency)


def disbursed(detail: Detail, currency: str) -> Words:
    text = _("%(amount)s; the instalments are counted from here.", amount=amount_of(detail, currency))
    return _("The borrower got the money"), text, "done"


def repayment(detail: Detail, currency: str) -> Words:
    paid = format_money(int(detail.get("paid", 0)), currency)
    text = _("Shared among the lenders at once; %(paid)s in all so far.", paid=paid)
    return _("%(amount)s paid back", amount=amount_of(detail, currency)), text, "done"


def delinquent(detail: Detail, currency: str) -> Words:
    text = _("%(amount)s were overdue for more than 30 days.", amount=amount_of(detail, currency))
    return _("Delinquent"), text, "missed"


def defaulted(detail: Detail, currency: str) -> Words:
    text = _(
        "Nothing was paid for 180 days. %(amount)s were written off for now.",
        amount=amount_of(detail, currency),
    )
    return _("In default"), text, "missed"


def rescheduled(detail: Detail, _currency: str) -> Words:
    text = _(
        "The lenders voted for it: %(number)s instalments for the rest.",
        number=number(int(detail.get("instalments", 0))),
    )
    return _("Another schedule"), text, "done"


def repaid(detail: Detail, currency: str) -> Words:
    return _("Paid back to the last unit"), amount_of(detail, currency), "done"


WORDS.update(
    {
        "loan_disbursed": disbursed,
        "loan_repayment": repayment,
        "loan_delinquent": delinquent,
        "loan_defaulted": defaulted,
        "loan_rescheduled": rescheduled,
        "loan_repaid": repaid,
    }
)
