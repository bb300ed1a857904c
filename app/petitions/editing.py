"""Editing: terms may change until somebody has agreed to them, wording until the petition opens."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.db import db, lock
from app.errors import Refusal

from .launching import OfferWish, PetitionWish, pledge_thresholds
from .models import Petition, Signature
from .searching import index

BEFORE_OPENING = ("draft", "sponsoring", "moderation")
WORDING = ("summary", "text", "locale", "topic")


def edit(petition_id: str, wish: PetitionWish) -> bool:
    """Change a petition that is not open yet; False when nothing differs. Call inside a transaction.

    Title, addressee, targets, currency and deadline are terms: they are locked with the first signature,
    a sponsor's included. Summary, text and topic stay open to corrections until the petition opens.

    Raises:
        Refusal: it is open already, or a locked term would change; ``field`` names which.
    """
    petition = lock(Petition, petition_id)
    if petition.state not in BEFORE_OPENING:
        raise Refusal(_("This petition is public now, so its words stay as people signed them."), status=409)
    changed = changed_terms(petition, wish)
    if changed and has_been_signed(petition.id):
        raise Refusal(
            _("Somebody has signed, so this is locked. You can still correct the summary and the text."),
            field="goal" if changed[0] == "offers" else changed[0],
        )
    reworded = [name for name in WORDING if getattr(petition, name) != getattr(wish, name)]
    if not changed and not reworded:
        return False
    for name in ("title", "addressee", "currency", "deadline", *WORDING):
        setattr(petition, name, getattr(wish, name))
    petition.signatures.target = wish.signature_target
    if "offers" in changed or "currency" in changed:
        petition.thresholds = [petition.signatures]
        db.session.flush()
        petition.thresholds.extend(pledge_thresholds(wish))
    index(petition)
    return True


def has_been_signed(petition_id: str) -> bool:
    """Whether anybody, a sponsor included, has put their name under the terms."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Signature.petition_id == petition_id))))


def changed_terms(petition: Petition, wish: PetitionWish) -> list[str]:
    """The names of the terms that ``wish`` would change."""
    now = {
        "title": petition.title,
        "addressee": petition.addressee,
        "signature_target": petition.signatures.target,
        "offers": offers_of(petition),
        "currency": petition.currency,
        "deadline": petition.deadline,
    }
    return [name for name, value in now.items() if getattr(wish, name) != value]


def offers_of(petition: Petition) -> tuple[OfferWish, ...]:
    """What the petition offers, as somebody would ask for it."""
    return tuple(OfferWish(t.kind, t.measure, t.target, t.terms) for t in petition.pledge_thresholds)
