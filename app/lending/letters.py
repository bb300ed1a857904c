"""The letters of a loan: to the borrower, and to each lender about their own units."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.petitions.models import Petition
from app.web.formatting import day, format_money, number
from app.web.links import absolute

from .models import Loan, Repayment

Link = tuple[str, str]


def borrower_link(petition: Petition) -> Link:
    return _("Open my loan"), absolute("lending.borrower", slug=petition.slug)


def lender_link(pledge_id: str) -> Link:
    return _("See what has come back"), absolute("lending.lender", pledge_id=pledge_id)


def record_link(petition: Petition) -> Link:
    return _("The public repayment record"), absolute("lending.record", slug=petition.slug)


def purse_link() -> Link:
    return _("Open my purse"), absolute("purses.purse")


def sign_schedule(*, petition: Petition) -> Draft:
    """To the borrower, at the launch: sign before anybody can lend."""
    return Draft(
        subject=_("Sign the schedule of your loan: “%(title)s”", title=petition.title),
        lines=[
            _("Before “%(title)s” can open, you sign the schedule you pay back by.", title=petition.title),
            _("Read it, and press the button below it. Until then nobody can lend."),
        ],
        link=(_("Read and sign the schedule"), absolute("lending.borrower", slug=petition.slug)),
    )


def schedule_signed(*, petition: Petition, text: str) -> Draft:
    """To the borrower: what was signed, word for word."""
    return Draft(
        subject=_("You signed the schedule of “%(title)s”", title=petition.title),
        lines=[_("This is what you signed:"), *text.splitlines()],
        link=borrower_link(petition),
        after=[_("Keep this letter. The same words stand on the public page of the loan.")],
    )


def disbursed_to_borrower(*, petition: Petition, loan: Loan, amount: int, due: datetime) -> Draft:
    """To the borrower: the money has left, and when the first instalment is due."""
    return Draft(
        subject=_("Your loan has been paid out: “%(title)s”", title=petition.title),
        lines=[
            _("%(sum)s are on the way to your account.", sum=format_money(loan.lent, loan.currency)),
            _(
                "The first instalment, %(amount)s, is due on %(day)s. We remind you a week before.",
                amount=format_money(amount, loan.currency),
                day=day(due),
            ),
            _("You can pay more, or earlier, at any time."),
        ],
        link=borrower_link(petition),
        more_links=[record_link(petition)],
    )


def disbursed_to_lender(*, petition: Petition, lent: str, due: datetime, pledge_id: str) -> Draft:
    """To a lender: the loan runs."""
    return Draft(
        subject=_("Your loan runs: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The money of “%(title)s” has been paid to the borrower. %(lent)s of it are yours.",
                lent=lent,
                title=petition.title,
            ),
            _("The first instalment is due on %(day)s. What comes back lands in your purse.", day=day(due)),
            _("If the borrower is late, the public record says so, and a letter tells you."),
        ],
        link=lender_link(pledge_id),
        more_links=[record_link(petition)],
    )


def instalment_reminder(
    *, petition: Petition, currency: str, offset: int, missing: int, due: datetime
) -> Draft:
    """To the borrower, a week before an instalment, on its day, and 3 and 14 days after it."""
    words = {"amount": format_money(missing, currency), "day": day(due), "title": petition.title}
    subject, line, after = {
        -7: (
            _("In a week: %(amount)s for “%(title)s”", **words),
            _("%(amount)s are due on %(day)s.", **words),
            _(
                "Paying earlier is fine. If you see that you cannot, ask the lenders for another schedule "
                "now."
            ),
        ),
        0: (
            _("Today: %(amount)s for “%(title)s”", **words),
            _("%(amount)s are due today, %(day)s.", **words),
            _("Tomorrow the public record would say that you are late."),
        ),
        3: (
            _("Three days late: %(amount)s for “%(title)s”", **words),
            _("%(amount)s were due on %(day)s.", **words),
            _("There is no fee for being late, but the public record shows it until you pay."),
        ),
        14: (
            _("Two weeks late: %(amount)s for “%(title)s”", **words),
            _("%(amount)s were due on %(day)s.", **words),
            _(
                "After 30 days the record says “delinquent” and the lenders hear of it. They can vote on "
                "another schedule."
            ),
        ),
    }[offset]
    return Draft(
        subject=subject, lines=[line], link=(_("Pay now"), borrower_link(petition)[1]), after=[after]
    )


def repayment_received(*, petition: Petition, loan: Loan, repayment: Repayment) -> Draft:
    """To the borrower: the receipt."""
    rest = loan.lent - loan.paid
    return Draft(
        subject=_(
            "Received: %(amount)s for “%(title)s”",
            amount=format_money(repayment.amount, loan.currency),
            title=petition.title,
        ),
        lines=[
            _(
                "%(amount)s were taken from your payment method and passed on to the lenders.",
                amount=format_money(repayment.amount, loan.currency),
            ),
            _("You still owe %(rest)s.", rest=format_money(rest, loan.currency))
            if rest
            else _("You owe nothing any more."),
        ],
        link=borrower_link(petition),
        more_links=[record_link(petition)],
    )


def repayment_failed(*, petition: Petition, loan: Loan, repayment: Repayment) -> Draft:
    """To the borrower: the card was declined."""
    return Draft(
        subject=_("Your payment did not go through: “%(title)s”", title=petition.title),
        lines=[
            _(
                "%(amount)s could not be taken from your payment method. Nothing was paid.",
                amount=format_money(repayment.amount, loan.currency),
            ),
            _("Save another one and pay again; the instalment stays due until then."),
        ],
        link=borrower_link(petition),
    )


def part_returned(*, petition: Petition, part: str, received: str, purpose: str, pledge_id: str) -> Draft:
    """To a lender: this much has come back."""
    sources = {
        "instalment": _(
            "The borrower of “%(title)s” paid. %(part)s of it are yours.", part=part, title=petition.title
        ),
        "recovery": _(
            "The borrower of “%(title)s”, who had defaulted, paid after all. %(part)s of it are yours.",
            part=part,
            title=petition.title,
        ),
    }
    return Draft(
        subject=_("%(part)s came back: “%(title)s”", part=part, title=petition.title),
        lines=[
            sources[purpose],
            _(
                "That makes %(received)s in all. It lies in your purse: lend it again, give it, or take "
                "it out.",
                received=received,
            ),
        ],
        link=purse_link(),
        more_links=[lender_link(pledge_id)],
    )


def delinquent_for_borrower(*, petition: Petition, arrears: str) -> Draft:
    """To the borrower: a month late."""
    return Draft(
        subject=_("Your loan is delinquent: “%(title)s”", title=petition.title),
        lines=[
            _(
                "%(arrears)s have been due for more than 30 days. The public record says so now, and the "
                "lenders know.",
                arrears=arrears,
            ),
            _("Pay what you can; every payment counts. Or ask the lenders for another schedule."),
            _("If nothing comes for 180 days the loan is in default."),
        ],
        link=borrower_link(petition),
    )


def delinquent_for_lender(*, petition: Petition, arrears: str, pledge_id: str) -> Draft:
    """To a lender: the borrower is a month late."""
    return Draft(
        subject=_("The borrower is 30 days late: “%(title)s”", title=petition.title),
        lines=[
            _(
                "%(arrears)s of “%(title)s” have been due for more than 30 days. The borrower has been "
                "reminded four times.",
                arrears=arrears,
                title=petition.title,
            ),
            _("You need not do anything. If the borrower asks for another schedule, you vote on it."),
        ],
        link=lender_link(pledge_id),
        more_links=[record_link(petition)],
    )


def defaulted_for_borrower(*, petition: Petition, rest: str) -> Draft:
    """To the borrower: the loan is in default, and still owed."""
    return Draft(
        subject=_("Your loan is in default: “%(title)s”", title=petition.title),
        lines=[
            _("Nothing was paid for 180 days, so the public record says that you have defaulted."),
            _(
                "You still owe %(rest)s. Whatever you pay now goes to the lenders, then to the reserve "
                "that stood in for you.",
                rest=rest,
            ),
        ],
        link=borrower_link(petition),
    )


def defaulted_for_lender(*, petition: Petition, received: str, lost: str, pledge_id: str) -> Draft:
    """To a lender: what came back, and what is written off for now."""
    return Draft(
        subject=_("The loan is in default: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The borrower of “%(title)s” paid nothing for 180 days. With what the reserve covered, "
                "%(received)s came back to you.",
                received=received,
                title=petition.title,
            ),
            _(
                "%(lost)s of yours are written off for now. If the borrower pays later, it still comes to "
                "you.",
                lost=lost,
            ),
        ],
        link=lender_link(pledge_id),
        more_links=[record_link(petition)],
    )


def repaid_for_borrower(*, petition: Petition, loan: Loan) -> Draft:
    """To the borrower: done."""
    return Draft(
        subject=_("Paid back to the last unit: “%(title)s”", title=petition.title),
        lines=[
            _(
                "You have paid back all of %(sum)s. Thank you: everybody who trusted you has their money "
                "back.",
                sum=format_money(loan.lent, loan.currency),
            ),
            _("The public record keeps it, with every payment you made."),
        ],
        link=record_link(petition),
    )


def repaid_for_lender(*, petition: Petition, lent: str) -> Draft:
    """To a lender: everything is back."""
    return Draft(
        subject=_("All of it came back: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The borrower of “%(title)s” has paid back everything, and %(lent)s of it are yours.",
                lent=lent,
                title=petition.title,
            ),
            _("It lies in your purse: lend it again, give it, or take it out."),
        ],
        link=purse_link(),
        more_links=[record_link(petition)],
    )


def rescheduled(*, petition: Petition, instalments: int, link: Link) -> Draft:
    """To borrower and lenders: the new schedule stands."""
    return Draft(
        subject=_("The schedule has changed: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The lenders accepted it: what is left of “%(title)s” is paid back in %(number)s "
                "instalments from now on.",
                title=petition.title,
                number=number(instalments),
            ),
        ],
        link=link,
        more_links=[record_link(petition)],
    )


def not_disbursed_for_borrower(*, petition: Petition) -> Draft:
    """To the borrower: the thirty days are over."""
    return Draft(
        subject=_("The loan was not paid out: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The money could not be paid to you within 30 days, so everybody gets it back. You owe "
                "nothing."
            ),
            _("Most often no account had been named. You can try again with a new petition."),
        ],
        link=record_link(petition),
    )


def not_disbursed_for_lender(*, petition: Petition) -> Draft:
    """To a lender: the money comes back, unlent."""
    return Draft(
        subject=_("Your money comes back: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The money of “%(title)s” could not be paid to the borrower within 30 days, so nothing "
                "was lent.",
                title=petition.title,
            ),
            _("What you paid goes back to your payment method; a letter confirms it."),
        ],
        link=record_link(petition),
    )
