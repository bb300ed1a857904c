"""Letters about deliveries: handed over, due, missing, answered."""

from __future__ import annotations

from flask_babel import gettext as _

from app.actions.models import Duty
from app.mail.posting import Draft
from app.payments.models import Charge
from app.petitions.models import Petition
from app.pledges.kinds.order import units as in_units
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from app.pledges.wording import SPEECH
from app.web.formatting import day, format_money, moment
from app.web.links import absolute

from .models import Shortage
from .packing import code_of


def order_link(pledge: Pledge, label: str) -> tuple[str, str]:
    """The buyer's own page, which the letter's key opens."""
    return label, absolute("ordering.order_link", token=letter_token(pledge))


def pack_link(petition: Petition) -> tuple[str, str]:
    return _("Open the pack list"), absolute("ordering.packing", slug=petition.slug)


def words(count: int) -> str:
    return str(in_units(count, SPEECH))


def back_to(shortage: Shortage, pledge: Pledge) -> list[str]:
    """How much goes back, and what the organizer still owes."""
    currency = pledge.currency or ""
    said = [
        _(
            "%(amount)s goes back to your payment method. Some banks take a few days to show it.",
            amount=format_money(shortage.given, currency),
        )
    ]
    if lacking := shortage.refund - shortage.given:
        said.append(
            _(
                "The other %(rest)s had been paid out already; the organizer owes it to you.",
                rest=format_money(lacking, currency),
            )
        )
    return said


def order_delivered(*, petition: Petition, pledge: Pledge, delivery: Duty, until: str) -> Draft:
    """To the buyer: the organizer says it was handed over."""
    return Draft(
        subject=_("Did you get your order? “%(title)s”", title=petition.title),
        lines=[
            _("The organizer says that your %(units)s were handed over.", units=words(delivery.amount)),
            _(
                "Confirm it, or say what is missing, by %(until)s. Silence counts as received.",
                until=until,
            ),
        ],
        link=order_link(pledge, _("Confirm, or report what is missing")),
        after=[_("Your pick-up code is %(code)s.", code=code_of(pledge.id))],
    )


def delivery_due_for_buyer(*, petition: Petition, pledge: Pledge, delivery: Duty) -> Draft:
    """To the buyer: the promised day is over, and the organizer has marked nothing."""
    return Draft(
        subject=_("Has your order come? “%(title)s”", title=petition.title),
        lines=[
            _(
                "Your %(units)s were to be delivered by %(day)s, and the organizer has not marked them as "
                "handed over.",
                units=words(delivery.amount),
                day=day(delivery.due_at),
            ),
            _("If they came, confirm it. If not, say so: what is missing is paid back to you."),
        ],
        link=order_link(pledge, _("Confirm, or report what is missing")),
    )


def delivery_due_for_organizer(*, petition: Petition, waiting: int) -> Draft:
    """To the organizer, once: the day has come."""
    return Draft(
        subject=_("Deliveries are due today: “%(title)s”", title=petition.title),
        lines=[
            _("%(count)s orders are not marked as handed over.", count=SPEECH.number(waiting)),
            _(
                "Mark what was handed over, and what is missing. The last step of your plan can be claimed "
                "only when every order is marked."
            ),
        ],
        link=pack_link(petition),
    )


def missing_reported(*, petition: Petition, pledge: Pledge, shortage: Shortage) -> Draft:
    """To the organizer: a buyer misses something; silence agrees."""
    lines = [
        _(
            "The buyer with the code %(code)s reports %(units)s missing.",
            code=code_of(pledge.id),
            units=words(shortage.units),
        ),
        _(
            "Answer by %(until)s. If you say nothing, the units count as missing and are paid back.",
            until=moment(shortage.answer_due_at) if shortage.answer_due_at else "",
        ),
    ]
    if shortage.note:
        lines.insert(1, f"“{shortage.note}”")
    return Draft(
        subject=_("Missing units reported: “%(title)s”", title=petition.title),
        lines=lines,
        link=(_("Answer the report"), absolute("ordering.packed", slug=petition.slug, pledge_id=pledge.id)),
    )


def missing_agreed(*, petition: Petition, pledge: Pledge, shortage: Shortage) -> Draft:
    """To the buyer: units are missing, and this goes back."""
    if shortage.said_by == "organizer":
        first = _("The organizer says that %(units)s of your order are missing.", units=words(shortage.units))
    else:
        first = _("Your report of %(units)s missing was accepted.", units=words(shortage.units))
    return Draft(
        subject=_(
            "%(amount)s comes back to you: “%(title)s”",
            amount=format_money(shortage.given, pledge.currency or ""),
            title=petition.title,
        ),
        lines=[
            first,
            *([f"“{shortage.note}”"] if shortage.said_by == "organizer" and shortage.note else []),
            *back_to(shortage, pledge),
        ],
        link=order_link(pledge, _("See your order")),
    )


def missing_made_good(*, petition: Petition, pledge: Pledge, shortage: Shortage) -> Draft:
    """To the buyer: the organizer has paid the rest."""
    return Draft(
        subject=_("The rest comes back to you: “%(title)s”", title=petition.title),
        lines=[
            _(
                "The organizer has paid the rest of what %(units)s missing cost.",
                units=words(shortage.units),
            ),
            _(
                "%(amount)s in all goes back to your payment method. Some banks take a few days to show it.",
                amount=format_money(shortage.given, pledge.currency or ""),
            ),
        ],
        link=order_link(pledge, _("See your order")),
    )


def pay_in_failed(*, petition: Petition, charge: Charge) -> Draft:
    """To the organizer: the card was not charged, the buyers still wait."""
    return Draft(
        subject=_("Your payment to the buyers failed: “%(title)s”", title=petition.title),
        lines=[
            _(
                "%(amount)s could not be charged. Nothing was taken, and the buyers still wait for it.",
                amount=format_money(charge.amount, charge.currency),
            ),
            _("Save another payment method, or try again."),
        ],
        link=(_("Try again"), absolute("ordering.debt", slug=petition.slug)),
    )


def missing_contested(*, petition: Petition, pledge: Pledge, shortage: Shortage) -> Draft:
    """To the buyer: the organizer sees it otherwise, and a moderator decides."""
    return Draft(
        subject=_("The organizer answered your report: “%(title)s”", title=petition.title),
        lines=[
            _("The organizer does not agree that %(units)s are missing:", units=words(shortage.units)),
            f"“{shortage.answer}”",
            _("A moderator reads both sides and decides. You get a letter with the decision."),
        ],
        link=order_link(pledge, _("See your order")),
        after=[_("If the units turned up, take your report back there.")],
    )


def missing_contested_for_moderator(*, petition: Petition, shortage: Shortage) -> Draft:
    """To the moderators: two sides say different things."""
    return Draft(
        subject=_("Please decide: missing units in “%(title)s”", title=petition.title),
        lines=[
            _(
                "A buyer reports %(units)s missing; the organizer says they were handed over.",
                units=words(shortage.units),
            )
        ],
        link=(_("Read both sides"), absolute("ordering.disputes")),
    )


def missing_dismissed(*, petition: Petition, pledge: Pledge, shortage: Shortage) -> Draft:
    """To the buyer: a moderator found for the organizer."""
    return Draft(
        subject=_("Your report was not upheld: “%(title)s”", title=petition.title),
        lines=[
            _(
                "A moderator read both sides about the %(units)s you reported missing, and found that they "
                "were handed over. Nothing is paid back for them.",
                units=words(shortage.units),
            )
        ],
        link=order_link(pledge, _("See your order")),
    )


def missing_decided_for_organizer(*, petition: Petition, pledge: Pledge, shortage: Shortage) -> Draft:
    """To the organizer: what became of a report."""
    said = {
        "agreed": _("The units count as missing; they are paid back to the buyer."),
        "dismissed": _("A moderator found that the units were handed over. Nothing is paid back."),
        "withdrawn": _("The buyer took the report back: the units turned up."),
    }
    return Draft(
        subject=_(
            "Settled: the report of code %(code)s, “%(title)s”", code=code_of(pledge.id), title=petition.title
        ),
        lines=[
            _("It was about %(units)s.", units=words(shortage.units)),
            said.get(shortage.state, ""),
        ],
        link=pack_link(petition),
    )
