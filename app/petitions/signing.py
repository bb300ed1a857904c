"""Signing: pending, counted, withdrawn, struck; one address counts once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, insert_unless_there, lock, new_id, run_tx
from app.errors import Refusal
from app.outbox import announce
from app.outbox.queue import wake_worker
from app.people.models import Person, key_of, welcome

from .arriving import count_arrival
from .inserting import INSERT, came_by, insert_quickly
from .models import Follow, Petition, Signature
from .tallying import count

SAID = ("name", "email", "region", "reason", "hide_name", "locale")
"""What a signer says about themselves; the rest of a signature is ours."""


@dataclass(frozen=True)
class SignatureWish:
    """What the signer wrote, checked by the form.

    ``network`` is where it came from, ``via`` the site whose widget led here.
    """

    name: str
    email: str
    region: str
    locale: str
    reason: str = ""
    hide_name: bool = False
    network: str | None = None
    suspicious: bool = False
    via: str = ""


def sign_now(petition_id: str, wish: SignatureWish) -> None:
    """As :func:`sign`, in a transaction of its own and the short way, as long as all is usual.

    Raises:
        Refusal: the petition is not taking signatures.
    """
    usual = not wish.suspicious
    if usual and insert_quickly(values_of(petition_id, wish, new_id(), clock.now()), wish.via):
        wake_worker()
    else:
        run_tx(lambda: sign(petition_id, wish))


def sign(petition_id: str, wish: SignatureWish) -> None:
    """Record a pending signature and ask for its letter; the same address again only asks again.

    Says nothing about whether the address had signed before: the answer to both is the same letter
    box. Call inside a transaction.

    Raises:
        Refusal: the petition is not taking signatures.
    """
    signature_id = new_id()
    at = clock.now()
    values = values_of(petition_id, wish, signature_id, at)
    inserted: Any = db.session.execute(INSERT, values)
    if inserted.rowcount == 1:
        if not wish.suspicious:
            announce("signature_received", **came_by(signature_id, wish.via))
        return
    sign_again(petition_id, values, at, wish.via)


def values_of(petition_id: str, wish: SignatureWish, signature_id: str, at: datetime) -> dict[str, Any]:
    return {
        "id": signature_id,
        "petition_id": petition_id,
        "email": wish.email,
        "email_key": key_of(wish.email),
        "name": wish.name,
        "region": wish.region,
        "reason": wish.reason,
        "hide_name": wish.hide_name,
        "locale": wish.locale,
        "state": "fraudulent" if wish.suspicious else "pending",
        "network": wish.network,
        "at": at,
    }


def sign_again(petition_id: str, values: dict[str, Any], at: datetime, via: str = "") -> None:
    """The address is known here: pending and withdrawn ones get the link, signed ones a reminder."""
    petition = db.session.get(Petition, petition_id)
    if petition is None or not takes_signatures(petition, at):
        raise Refusal(_("This petition is no longer taking signatures."), status=409)
    signature = db.session.scalars(
        sa.select(Signature)
        .where(Signature.petition_id == petition_id, Signature.email_key == values["email_key"])
        .with_for_update()
    ).one()
    if signature.state in {"fraudulent", "invalidated"}:
        return
    if signature.state == "withdrawn":
        for field in SAID:
            setattr(signature, field, values[field])
        signature.state, signature.created_at, signature.withdrawn_at = "pending", at, None
    if values["state"] == "pending":
        announce("signature_repeated", at=at.isoformat(), **came_by(signature.id, via))


def takes_signatures(petition: Petition, at: datetime) -> bool:
    if petition.state == "sponsoring":
        return True
    return petition.state == "open" and petition.deadline is not None and at <= petition.deadline


def sign_as(
    petition: Petition,
    person: Person,
    *,
    region: str,
    name: str = "",
    reason: str = "",
    hide_name: bool = False,
    via: str = "",
) -> bool:
    """Sign with one press: the person's address is confirmed already.

    ``name`` is how they sign, where that is not the name they go by here; ``via`` is the site whose
    widget led here. Returns False when they had signed before. Call inside a transaction.

    Raises:
        Refusal: as :func:`sign`.
    """
    if person.email is None:
        raise Refusal(_("This account has been erased."), status=409)
    wish = SignatureWish(
        name=name or person.name,
        email=person.email,
        region=region,
        locale=person.locale,
        reason=reason,
        hide_name=hide_name,
    )
    sign_quietly(petition.id, wish)
    signature = db.session.scalars(
        sa.select(Signature).where(
            Signature.petition_id == petition.id, Signature.email_key == key_of(person.email)
        )
    ).one()
    return validate(signature.id, via)


def sign_quietly(petition_id: str, wish: SignatureWish) -> None:
    """As :func:`sign`, for addresses that need no letter: what their owner says now is what counts."""
    at = clock.now()
    values = values_of(petition_id, wish, new_id(), at)
    inserted: Any = db.session.execute(INSERT, values)
    if inserted.rowcount == 1:
        return
    petition = db.session.get(Petition, petition_id)
    if petition is None or not takes_signatures(petition, at):
        raise Refusal(_("This petition is no longer taking signatures."), status=409)
    said = {field: values[field] for field in SAID}
    db.session.execute(
        sa.update(Signature)
        .where(
            Signature.petition_id == petition_id,
            Signature.email_key == values["email_key"],
            Signature.state.in_(("pending", "withdrawn")),
        )
        .values(state="pending", withdrawn_at=None, created_at=at, **said)
    )


def validate(signature_id: str, via: str = "") -> bool:
    """Count a pending signature, once; returns False when it is not pending (any more).

    The petition's row is locked first; the clock is read after the lock. ``via`` is the site whose widget
    led to it. Call inside a transaction.

    Raises:
        Refusal: the petition closed before the link was used.
    """
    signature = db.session.get(Signature, signature_id)
    if signature is None or signature.email is None:
        return False
    petition = lock(Petition, signature.petition_id)
    at = clock.now()
    if signature.state == "pending" and petition.state == "hidden":
        raise Refusal(while_hidden(), status=409)
    if signature.state == "pending" and not takes_signatures(petition, at):
        raise Refusal(
            _("This petition closed before you confirmed, so the signature does not count."), status=409
        )
    changed: Any = db.session.execute(
        sa.update(Signature)
        .where(Signature.id == signature_id, Signature.state == "pending")
        .values(state="validated", validated_at=at)
    )
    if changed.rowcount == 0:
        return False
    db.session.refresh(signature)
    person = welcome(signature.email, name=signature.name, locale=signature.locale, region=signature.region)
    signature.person_id = person.id
    follow(petition.id, person.id)
    count(petition, "signatures", +1, contributors=+1, at=at)
    count_arrival(petition.id, "signed", via)
    announce("signature_validated", signature_id=signature_id)
    return True


def while_hidden() -> str:
    """What to say to those who would confirm something of a petition that moderators look into."""
    return str(
        _(
            "A moderator is looking into this petition, so nothing can be confirmed now. Keep the letter: "
            "its link works again if the petition comes back before its deadline."
        )
    )


def follow(petition_id: str, person_id: str) -> None:
    """Letters about this petition from now on; one that was ended before stays ended."""
    insert_unless_there(
        Follow, {"petition_id": petition_id, "person_id": person_id, "started_at": clock.now()}
    )


def withdraw(signature_id: str) -> bool:
    """Take a signature back; returns False when there was nothing to take back.

    Raises:
        Refusal: the petition has fired; a signature can then no longer be withdrawn.
    """
    signature = db.session.get(Signature, signature_id)
    if signature is None:
        return False
    petition = lock(Petition, signature.petition_id)
    if petition.fired_at is not None:
        raise Refusal(
            _(
                "This petition has already become an action, so the signature stays. "
                "You can still ask us to erase your data."
            ),
            status=409,
        )
    return uncount(petition, signature_id, state="withdrawn", stamp="withdrawn_at")


def invalidate(signature_id: str, reason: str) -> bool:
    """A moderator's verb: strike one signature; returns False when it was struck or withdrawn already."""
    signature = db.session.get(Signature, signature_id)
    if signature is None:
        return False
    petition = lock(Petition, signature.petition_id)
    if not uncount(petition, signature_id, state="invalidated", stamp="invalidated_at"):
        return False
    db.session.execute(
        sa.update(Signature).where(Signature.id == signature_id).values(invalidation_reason=reason)
    )
    return True


def uncount(petition: Petition, signature_id: str, *, state: str, stamp: str) -> bool:
    at = clock.now()
    before = db.session.scalars(
        sa.select(Signature.state).where(Signature.id == signature_id).with_for_update()
    ).one()
    if before not in {"pending", "validated"}:
        return False
    db.session.execute(
        sa.update(Signature).where(Signature.id == signature_id).values({"state": state, stamp: at})
    )
    if before == "validated":
        count(petition, "signatures", -1, contributors=-1, at=at)
        announce("signature_lost", signature_id=signature_id)
    return True
