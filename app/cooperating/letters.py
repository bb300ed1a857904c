"""Letters to members and the organizer of a co-operative; every one says what happens next."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.petitions.models import Petition
from app.web.formatting import day, format_money, number
from app.web.links import absolute

from .models import Leaving, Surplus, SurplusPart
from .years import last_day

Link = tuple[str, str]


def desk_link(petition: Petition) -> Link:
    return _("Open the co-operative's desk"), absolute("cooperating.desk", slug=petition.slug)


def membership_link(petition: Petition) -> Link:
    return _("My membership"), absolute("cooperating.membership", slug=petition.slug)


def surplus_link(petition: Petition, surplus: Surplus) -> Link:
    address = absolute("cooperating.surplus", slug=petition.slug, surplus_id=surplus.id)
    return _("Open the surplus"), address


def amount_of(leaving: Leaving) -> str:
    return format_money(leaving.amount, leaving.currency)


def exit_asked(*, petition: Petition, leaving: Leaving) -> Draft:
    """To the member: when the money comes, and that it can be taken back."""
    return Draft(
        subject=_("You are leaving “%(title)s”", title=petition.title),
        lines=[
            _(
                "You asked to leave the co-operative “%(title)s”. You get back %(amount)s, what you paid for "
                "your shares, after the fiscal year ends on %(day)s.",
                title=petition.title,
                amount=amount_of(leaving),
                day=day(last_day(leaving.due_at)),
            ),
            _("Until you have it you stay a member: you vote, and you have your part in the surplus."),
        ],
        link=membership_link(petition),
        after=[_("You can take this back until the money is on its way.")],
    )


def exit_asked_for_organizer(*, petition: Petition, leaving: Leaving) -> Draft:
    """To the organizer: how much has to be there, and when."""
    return Draft(
        subject=_("A member leaves: “%(title)s”", title=petition.title),
        lines=[
            _(
                "A member of “%(title)s” leaves after the fiscal year that ends on %(day)s. Then %(amount)s "
                "for %(units)s shares are to be paid back.",
                title=petition.title,
                day=day(last_day(leaving.due_at)),
                amount=amount_of(leaving),
                units=number(leaving.units),
            )
        ],
        link=desk_link(petition),
        after=[_("You need not do anything now. You get a letter when it is time.")],
    )


def exit_due(*, petition: Petition, leaving: Leaving) -> Draft:
    """To the organizer: the year is over, pay it in."""
    return Draft(
        subject=_("To be paid back now: %(amount)s", amount=amount_of(leaving)),
        lines=[
            _(
                "The fiscal year of “%(title)s” is over. A member who leaves is to get back %(amount)s.",
                title=petition.title,
                amount=amount_of(leaving),
            ),
            _(
                "Pay it in from the co-operative's desk: it is charged to your payment method and goes on "
                "to the member at once."
            ),
        ],
        link=desk_link(petition),
    )


def exit_paid(*, petition: Petition, leaving: Leaving) -> Draft:
    """To the member: the money is there, the membership over."""
    return Draft(
        subject=_("%(amount)s is yours again: “%(title)s”", amount=amount_of(leaving), title=petition.title),
        lines=[
            _(
                "You have left the co-operative “%(title)s”. The %(amount)s that you paid for your shares "
                "lie in your purse.",
                title=petition.title,
                amount=amount_of(leaving),
            ),
            _("From there you can have it paid out to your account, or pledge it to something else."),
        ],
        link=(_("Open my purse"), absolute("purses.purse")),
    )


def exit_called_off(*, petition: Petition, leaving: Leaving) -> Draft:
    """To the member: the co-operative stopped before, so they share in what is left instead."""
    return Draft(
        subject=_("Your shares are not paid back in full: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The co-operative “%(title)s” has stopped before you were paid back %(amount)s. Leaving it "
                "has come to nothing.",
                title=petition.title,
                amount=amount_of(leaving),
            ),
            _("What was not spent goes back to all members in proportion, to you as well."),
        ],
        link=membership_link(petition),
    )


def charge_failed(*, petition: Petition, amount: str) -> Draft:
    """To the organizer: the card did not pay."""
    return Draft(
        subject=_("%(amount)s could not be charged", amount=amount),
        lines=[
            _(
                "You wanted to pay in %(amount)s for the co-operative “%(title)s”. Your payment method was "
                "declined, so nothing was charged and nobody has been paid.",
                amount=amount,
                title=petition.title,
            ),
            _("Try again with another method."),
        ],
        link=desk_link(petition),
    )


def surplus_decided(*, petition: Petition, surplus: Surplus) -> Draft:
    """To the organizer: pay it in, or put another split to the vote."""
    if surplus.accepted_at is None:
        lines = [
            _(
                "The members of “%(title)s” did not accept the split of the surplus of %(amount)s.",
                title=petition.title,
                amount=format_money(surplus.amount, surplus.currency),
            ),
            _("Nothing was paid. You can put another split to the vote."),
        ]
        return Draft(
            subject=_("The surplus is not shared out: “%(title)s”", title=petition.title),
            lines=lines,
            link=desk_link(petition),
        )
    return Draft(
        subject=_("Accepted: pay in %(amount)s", amount=format_money(surplus.distributed, surplus.currency)),
        lines=[
            _(
                "The members of “%(title)s” accepted the split of the surplus of %(amount)s.",
                title=petition.title,
                amount=format_money(surplus.amount, surplus.currency),
            ),
            _(
                "%(amount)s go to the members. Pay them in: they are charged to your payment method and go "
                "into the members' purses at once. The reserve and the rest stay with the co-operative.",
                amount=format_money(surplus.distributed, surplus.currency),
            ),
        ],
        link=surplus_link(petition, surplus),
    )


def surplus_shared(*, petition: Petition, surplus: Surplus, part: SurplusPart) -> Draft:
    """To a member: what the year brought."""
    money = surplus.currency
    return Draft(
        subject=_(
            "%(amount)s from “%(title)s”",
            amount=format_money(part.patronage + part.dividend, money),
            title=petition.title,
        ),
        lines=[
            _(
                "The surplus of “%(title)s” in the fiscal year to %(day)s has been shared out.",
                title=petition.title,
                day=day(last_day(surplus.year_ends_at)),
            ),
            _(
                "You get %(patronage)s for what you used and %(dividend)s for your %(units)s shares. "
                "It lies in your purse.",
                patronage=format_money(part.patronage, money),
                dividend=format_money(part.dividend, money),
                units=number(part.units),
            ),
        ],
        link=(_("Open my purse"), absolute("purses.purse")),
        more_links=[membership_link(petition)],
    )
