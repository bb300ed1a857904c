"""The letters of a subscription, each with the page where it is paused, changed and ended."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.mail.posting import Draft
from app.petitions.models import Petition
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from app.pledges.wording import describe
from app.web.formatting import day, format_money
from app.web.links import absolute

from .models import Bill, Due, Subscription
from .standing import offer_to_subscribe, unit_of
from .wording import month_day, month_name, next_try_sentence, why_failed

Link = tuple[str, str]


def own_page(pledge: Pledge) -> Link:
    return _("See, pause or end it"), absolute("subscribing.own", token=letter_token(pledge))


def method_page(pledge: Pledge) -> Link:
    return _("Choose another payment method"), absolute("subscribing.method", token=letter_token(pledge))


def public_page(petition: Petition) -> Link:
    return _("What came in and where it went"), absolute("subscribing.show", slug=petition.slug)


def subscription_began(*, petition: Petition, pledge: Pledge, subscription: Subscription) -> Draft:
    """The action is under way, or somebody joined it: what is paid from when, and how to get out."""
    crowd = unit_of(offer_to_subscribe(petition.id)) is not None
    named = {"title": petition.title, "promise": describe(pledge)}
    joined = petition.fired_at is not None and (pledge.ready_at or petition.fired_at) > petition.fired_at
    return Draft(
        subject=_("Your subscription begins: “%(title)s”", title=petition.title),
        lines=[
            _("You take part in “%(title)s” from now on (%(promise)s).", **named)
            if joined
            else _(
                "Enough people take part: “%(title)s” has begun, and so has your subscription (%(promise)s).",
                **named,
            ),
            _(
                "The first charge is on %(day)s, then one on the first of every month.",
                day=month_day(subscription.first_month),
            ),
            _("A week before, we tell you the amount: it follows from how many take part.")
            if crowd
            else _("Until then nothing is charged."),
        ],
        link=own_page(pledge),
        after=[_("You can pause or cancel at any time; what is cancelled before the first costs nothing.")],
        more_links=[public_page(petition)],
    )


def month_told(*, petition: Petition, pledge: Pledge, due: Due, before: int | None) -> Draft:
    """Before the first charge, and before one that is higher than the last."""
    currency = offer_to_subscribe(petition.id).currency
    amount, begins = format_money(due.told, currency), month_day(due.month)
    limit = unit_of(offer_to_subscribe(petition.id)) is not None
    if not before:
        subject = _("From %(day)s you pay %(amount)s a month", day=begins, amount=amount)
        line = _(
            "On %(day)s your subscription to “%(title)s” comes to %(amount)s, and not more.",
            day=begins,
            title=petition.title,
            amount=amount,
        )
    else:
        subject = _("Your amount grows on %(day)s to %(amount)s", day=begins, amount=amount)
        line = _(
            "From %(day)s your subscription to “%(title)s” comes to %(amount)s a month, "
            "instead of %(before)s.",
            day=begins,
            title=petition.title,
            amount=amount,
            before=format_money(before, currency),
        )
    return Draft(
        subject=subject,
        lines=[
            line,
            _("Is that too much? Until then you can set a lower limit, pause or cancel, and it is not taken.")
            if limit
            else _("Is that not right? Until then you can change it, pause or cancel, and it is not taken."),
        ],
        link=own_page(pledge),
        more_links=[public_page(petition)],
    )


def month_paid(*, petition: Petition, pledge: Pledge, bill: Bill, months: int) -> Draft:
    """A receipt."""
    amount = format_money(bill.amount, bill.currency)
    return Draft(
        subject=_("Receipt: %(amount)s for %(month)s", amount=amount, month=month_name(bill.month)),
        lines=[
            _(
                "%(amount)s was charged to %(method)s for “%(title)s”. Thank you.",
                amount=amount,
                method=bill.method_label or _("your payment method"),
                title=petition.title,
            ),
            ngettext(
                "It pays for %(num)d month.", "It pays for %(num)d months, carried on until now.", months
            ),
            _("The next charge is on %(day)s at the earliest.", day=month_day(bill.month + 1)),
        ],
        link=(_("All receipts"), absolute("subscribing.receipts", token=letter_token(pledge))),
        more_links=[own_page(pledge), public_page(petition)],
    )


def month_failing(*, petition: Petition, pledge: Pledge, bill: Bill) -> Draft:
    """A charge failed: why, when it is tried again, how to mend it."""
    return Draft(
        subject=_("A monthly charge failed: “%(title)s”", title=petition.title),
        lines=[
            _(
                "%(amount)s for %(month)s could not be charged. Nothing was taken.",
                amount=format_money(bill.amount, bill.currency),
                month=month_name(bill.month),
            ),
            why_failed(bill),
            _("Choose another payment method and it is tried at once."),
        ],
        link=method_page(pledge),
        after=[next_try_sentence(bill)],
        more_links=[own_page(pledge)],
    )


def subscription_ended(*, petition: Petition, pledge: Pledge, because: str, begun: bool = True) -> Draft:
    """Nothing more is charged, and why; without receipts where it never had ``begun``."""
    reasons = {
        "cancelled": _("You cancelled it."),
        "unpaid": _("The charge failed six times, so we stopped trying. You owe nothing."),
        "closed": _("No more money is collected for it."),
    }
    return Draft(
        subject=_("Your subscription has ended: “%(title)s”", title=petition.title),
        lines=[
            reasons[because],
            _("Nothing more is charged. What you paid stays paid, and your receipts stay where they are."),
        ],
        link=(_("All receipts"), absolute("subscribing.receipts", token=letter_token(pledge)))
        if begun
        else public_page(petition),
        more_links=[public_page(petition)] if begun else [],
    )


def subscription_stuck(*, petition: Petition, pledge_id: str, why: str, at: datetime) -> Draft:
    """To the moderators: something of ours went wrong with one subscription; the others went on."""
    return Draft(
        subject=_("A subscription is stuck: “%(title)s”", title=petition.title),
        lines=[
            _(
                "Subscription %(id)s could not be handled: %(why)s. It is tried again every hour; "
                "everybody else's went on.",
                id=pledge_id,
                why=why,
            ),
            _("Look into the log of the worker at that moment; the books can be checked with “dure books”."),
        ],
        link=public_page(petition),
        after=[_("Noted on %(day)s.", day=day(at))],
    )
