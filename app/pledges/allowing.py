"""What a pledge must pass before it is made: each check refuses with the sentence for the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.db import db
from app.errors import Refusal
from app.petitions.models import Event, Petition
from app.petitions.signing import while_hidden
from app.petitions.thresholds import in_time
from app.web.formatting import day

from . import kinds
from .kinds.base import BadPromise, Kind, Others, Promise
from .models import COUNTING, Pledge
from .wording import SPEECH, offer_of

BEGUN = "underway"
ENDS = ("released", "stopped", "delivered")
"""Lines of a petition's history: its action began to work; it takes no money any more."""

UNCONFIRMED_AN_HOUR = 20
"""More unconfirmed pledges than this under one address, and it gets no further letters for a while."""


@dataclass(frozen=True)
class PledgeWish:
    """What somebody promises, checked by the form. ``amount`` is in the kind's measure (money: minor units).

    ``tip`` is for the platform, in minor units. ``currency`` is the one the person saw; None means the
    petition's. ``via`` is the site whose widget led here.
    """

    kind: str
    amount: int
    email: str
    name: str
    locale: str
    hide_name: bool = False
    currency: str | None = None
    tip: int = 0
    terms: Mapping[str, Any] = field(default_factory=dict)
    via: str = ""


def takes_pledges(petition: Petition, at: datetime, kind: str | None = None) -> bool:
    """Whether a pledge made at this moment, of this kind or of any, could count."""
    if petition.fired_at is not None:
        return any(kind in {None, each.name} for each in joinable(petition))
    return petition.state == "open" and petition.deadline is not None and in_time(at, petition.deadline)


def joinable(petition: Petition) -> list[Kind]:
    """The kinds in which people may join an action under way: those that last, until they are closed."""
    lasting = [
        kind
        for threshold in petition.pledge_thresholds
        if threshold.closed_at is None and (kind := kinds.find(threshold.kind)) is not None and kind.lasts
    ]
    return lasting if petition.is_public and lasting and is_underway(petition.id) else []


def is_underway(petition_id: str) -> bool:
    """Whether the petition's action works, as its history says."""
    lines = set(db.session.scalars(sa.select(Event.kind).where(Event.petition_id == petition_id)))
    return BEGUN in lines and lines.isdisjoint(ENDS)


def why_closed(petition: Petition, at: datetime, kind: str | None = None) -> str | None:
    """Why a pledge made at this moment, of this kind or of any, could not count; None when it could."""
    if takes_pledges(petition, at, kind):
        return None
    if petition.state == "hidden" and petition.closed_at is None:
        return while_hidden()
    if petition.fired_at is not None:
        return str(_("This petition has already become an action, so it takes no more pledges."))
    if petition.deadline is not None and not in_time(at, petition.deadline):
        return str(_("Pledging ended on %(day)s. Nothing was charged.", day=day(petition.deadline)))
    return str(_("This petition is not taking pledges now. Nothing was charged."))


def refuse_unless_open(petition: Petition, at: datetime, kind: str, *, status: int = 422) -> None:
    """Raises a Refusal when the petition takes no pledges of this kind at this moment."""
    sentence = why_closed(petition, at, kind)
    if sentence is not None:
        raise Refusal(sentence, status=status)


def refuse_unless_same(earlier: Pledge, wish: PledgeWish, email_key: str) -> Pledge:
    if (earlier.email_key, earlier.kind, earlier.amount) != (email_key, wish.kind, wish.amount):
        raise Refusal(
            _("This form was sent before with other contents. Send it once more to make another pledge."),
            field="key",
        )
    return earlier


def allowed_kind(petition: Petition, wish: PledgeWish, email_key: str) -> Kind:
    """The kind of the wish, once it is sure that this petition and the kind itself allow it."""
    kind = kinds.find(wish.kind)
    if kind is None or petition.threshold_of(wish.kind) is None:
        raise Refusal(_("Choose a kind of pledge that this petition takes."), field="kind")
    refuse_unless_offered(petition, kind)
    if wish.currency not in {None, petition.currency}:
        raise Refusal(
            _("This petition counts in %(currency)s.", currency=petition.currency or ""), field="amount"
        )
    if wish.tip < 0 or (wish.tip and not kind.takes_tips):
        raise Refusal(_("This kind of pledge takes no tip."), field="tip")
    refuse_bad_promise(petition, kind, Promise(wish.amount, petition.currency, wish.terms), email_key)
    return kind


def refuse_unless_offered(petition: Petition, kind: Kind) -> None:
    """Raises a Refusal while the operator or the organizer lacks what this kind needs."""
    if not is_licensed(kind):
        raise Refusal(why_unlicensed(kind), field="kind")
    if kind.name in unsigned(petition):
        raise Refusal(
            _("The organizer has not signed the terms yet. Nobody can pledge before that."), field="kind"
        )


def is_licensed(kind: Kind) -> bool:
    """Whether this kind may be offered here: with real money some need the operator's registration."""
    settings = current_app.config["DURE"]
    return not (kind.licence and settings.production and not getattr(settings, kind.licence))


def why_unlicensed(kind: Kind) -> str:
    """The sentence for those who would offer or pledge a kind that is not licensed here."""
    return str(
        _(
            "%(kind)s: this site is not registered for it, so nobody can offer or pledge it here.",
            kind=kind.label(SPEECH),
        )
    )


def unsigned(petition: Petition) -> list[str]:
    """The kinds of pledge whose terms the organizer still has to sign."""
    return [
        threshold.kind
        for threshold in petition.pledge_thresholds
        if threshold.accepted_at is None
        and (kind := kinds.find(threshold.kind)) is not None
        and kind.needs_signature
    ]


def refuse_bad_promise(
    petition: Petition, kind: Kind, promise: Promise, email_key: str, *, status: int = 422
) -> None:
    """Raises a Refusal when the kind, what is offered, or what others pledged does not allow the promise."""
    try:
        kind.check(promise, offer_of(petition, kind.name), others_of(petition.id, kind, email_key), SPEECH)
    except BadPromise as bad:
        raise Refusal(bad.sentence, field=bad.field, status=status) from bad


def others_of(petition_id: str, kind: Kind, email_key: str) -> Others:
    """What the kind wants to know of the pledges that count already."""
    if kind.minds == "nobody":
        return Others()
    counting = [Pledge.petition_id == petition_id, Pledge.kind == kind.name, Pledge.state.in_(COUNTING)]
    if kind.minds == "own":
        counting.append(Pledge.email_key == email_key)
    rows = db.session.execute(sa.select(Pledge.amount, Pledge.email_key, Pledge.terms).where(*counting)).all()
    own = sum(row.amount for row in rows if row.email_key == email_key)
    return Others(own, [row.terms for row in rows])


def refuse_letter_storm(email_key: str, at: datetime) -> None:
    """Nobody may fill a stranger's mailbox with letters about pledges they never made."""
    if current_app.config["DURE"].limits != "on":
        return
    waiting = sa.select(sa.func.count()).where(
        Pledge.email_key == email_key,
        Pledge.confirmed_at.is_(None),
        Pledge.created_at > at - timedelta(hours=1),
    )
    if (db.session.scalar(waiting) or 0) >= UNCONFIRMED_AN_HOUR:
        raise Refusal(
            _("Many letters are waiting at this address. Open one of them, or try again in an hour."),
            field="email",
        )
