"""What the letters of an action share: links, amounts, the rows they look up."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from app.actions.models import Action
from app.db import db
from app.payments.models import Payee, PaymentMethod
from app.petitions.models import Petition, Threshold
from app.pledges import kinds
from app.pledges.models import Pledge
from app.pledges.wording import counted, counted_as, takes_money
from app.points.models import PointRow
from app.purses.gateway import label_of
from app.web.formatting import format_money
from app.web.links import absolute

Link = tuple[str, str]


def account_link(petition: Petition) -> Link:
    return _("See the public account"), absolute("actions.show", slug=petition.slug)


def desk_link(petition: Petition) -> Link:
    return _("Open the desk"), absolute("organizing.petition", slug=petition.slug)


def payee_link() -> Link:
    return _("Name the account for payouts"), absolute("organizing.payee")


def points_link() -> Link:
    """Where everybody sees their own points."""
    base: str = current_app.config["DURE"].base_url
    return _("See your points"), f"{base}/me"


def amount_of(pledge: Pledge) -> str:
    """The most the pledge may cost, which is what is reserved, in the letter's language."""
    return money_of(pledge.cost, pledge)


def money_of(minor: int, pledge: Pledge) -> str:
    """``minor`` units in the pledge's currency.

    Raises:
        ValueError: the pledge is not in money.
    """
    if pledge.currency is None:
        raise ValueError(f"pledge {pledge.id} is not in money")
    return format_money(minor, pledge.currency)


def tip_in(pledge: Pledge) -> list[str]:
    """One line about the tip that is part of what is reserved or taken; none where there is none."""
    if not pledge.tip:
        return []
    return [_("Of it, %(tip)s is your tip for Dure.", tip=money_of(pledge.tip, pledge))]


def amount_in(threshold: Threshold, amount: int) -> str:
    """An amount in the measure of a threshold: ₩30,000, 200 hours, 40 shares."""
    return counted(threshold, amount)


def collects(kind: str) -> bool:
    """Whether money is held for pledges of this kind when the petition fires."""
    found = kinds.find(kind)
    return found is not None and found.collects


def action_of(petition: Petition) -> Action:
    """The petition's action.

    Raises:
        NoResultFound: it has not become one.
    """
    return db.session.scalars(sa.select(Action).where(Action.petition_id == petition.id)).one()


def goal_of(petition: Petition) -> str:
    """What had to be reserved, in the measure of what is collected."""
    action = action_of(petition)
    return counted_as(action.kind, action.goal, action.currency)


def held_of(petition: Petition) -> str:
    """What was reserved when that was decided."""
    action = action_of(petition)
    return counted_as(action.kind, action.held_at_decision or 0, action.currency)


def has_many(petition: Petition) -> bool:
    """Whether there are more thresholds than the two that “both” names."""
    return len(petition.thresholds) > 2


def costs(petition: Petition) -> bool:
    """Whether anybody who pledged here may have to pay."""
    return takes_money(petition.pledge_thresholds)


def method_of(pledge: Pledge) -> str:
    """The label of the payment method, such as the card's last digits."""
    method = db.session.get(PaymentMethod, pledge.payment_method_id) if pledge.payment_method_id else None
    return label_of(method) if method else str(_("your payment method"))


def has_earned(person_id: str | None, petition: Petition) -> bool:
    """Whether a petition brought somebody points that still stand."""
    voiding = aliased(PointRow)
    voided = sa.exists().where(voiding.person_id == person_id, voiding.voids == PointRow.id)
    earned = sa.exists().where(
        PointRow.person_id == person_id,
        PointRow.petition_id == petition.id,
        PointRow.mp > 0,
        ~voided,
    )
    return person_id is not None and bool(db.session.scalar(sa.select(earned)))


def has_payee(petition: Petition) -> bool:
    """Whether the organizer has named an account to pay to."""
    return petition.organizer_id is not None and db.session.get(Payee, petition.organizer_id) is not None
