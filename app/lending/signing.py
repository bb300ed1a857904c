"""Signing: the borrower accepts the schedule, word for word, before anybody can lend."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id
from app.errors import Refusal
from app.outbox import announce
from app.petitions.models import Petition, Threshold
from app.pledges.kinds.base import Offer
from app.pledges.kinds.repaying import schedule
from app.pledges.wording import offer_of
from app.web.formatting import format_money, number
from app.web.languages import language

from .models import Agreement

SIGNABLE = ("draft", "sponsoring", "moderation", "open")


def agreement_text(petition: Petition, offer: Offer) -> list[str]:
    """The schedule in the language being spoken: one sentence a line, every instalment named."""
    unit, first = int(offer.terms["unit"]), int(offer.terms["first_after"])
    amounts = schedule(offer.target, int(offer.terms["instalments"]))
    money = {"sum": format_money(offer.target, offer.currency), "unit": format_money(unit, offer.currency)}
    return [
        _(
            "For “%(title)s” I borrow %(sum)s from everybody who lends, in %(units)s units of %(unit)s.",
            title=petition.title,
            units=number(offer.target // unit),
            **money,
        ),
        _("I pay all of it back, without interest and without any fee for being late."),
        *(
            _(
                "Instalment %(number)s: %(amount)s, %(months)s months after the money is paid to me.",
                number=number(index + 1),
                amount=format_money(amount, offer.currency),
                months=number(first + index),
            )
            for index, amount in enumerate(amounts)
        ),
        _(
            "If I am late, I am reminded, and after 30 days the public record says so. After 180 days in "
            "which I pay nothing it says that I have defaulted. I still owe the rest then."
        ),
        _("Only a vote of the lenders can change this schedule."),
        _("If the money is not paid to me within 30 days, everybody gets it back and I owe nothing."),
    ]


def sign(petition_id: str, person_id: str) -> bool:
    """Keep the borrower's word to the schedule; False when it was signed already. Call in a transaction.

    Raises:
        Refusal: it is somebody else's loan, or too late.
    """
    petition = lock(Petition, petition_id)
    threshold = petition.threshold_of("loan")
    if threshold is None or petition.organizer_id != person_id:
        raise Refusal(_("Only the borrower can sign this schedule."), status=404)
    if threshold.accepted_at is not None:
        return False
    if petition.state not in SIGNABLE:
        raise Refusal(_("This petition is closed, so there is nothing to sign any more."), status=409)
    at = clock.now()
    text = "\n".join(agreement_text(petition, offer_of(petition, "loan")))
    agreement = Agreement(
        id=new_id(),
        petition_id=petition_id,
        borrower_id=person_id,
        text=text,
        locale=language(),
        signed_at=at,
    )
    db.session.add(agreement)
    threshold.accepted_at = at
    announce("schedule_signed", petition_id=petition_id, agreement_id=agreement.id)
    return True


def agreement_of(petition_id: str) -> Agreement | None:
    """The schedule as it was signed last; None while nobody has."""
    return db.session.scalar(
        sa.select(Agreement)
        .where(Agreement.petition_id == petition_id)
        .order_by(Agreement.signed_at.desc())
        .limit(1)
    )


def is_signed(petition: Petition) -> bool:
    """Whether the schedule that stands in the petition now has been signed."""
    threshold: Threshold | None = petition.threshold_of("loan")
    return threshold is not None and threshold.accepted_at is not None
