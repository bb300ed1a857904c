"""Confirming: the one press that makes a signature count, and the signer's number."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db
from app.web.tokens import make_token, read_token

from .arriving import carried, carry
from .models import Petition, Signature
from .signing import validate


def signature_token(signature_id: str, via: str = "") -> str:
    """What the link in the signer's letter carries; it serves to confirm, to look again and to withdraw.

    ``via`` is the site whose widget led to the signature.
    """
    return make_token("signature", carry(signature_id, via))


def signature_of(token: str) -> tuple[Signature | None, str]:
    """The signature a link speaks of, None when the link is not ours, and the site that led to it."""
    signature_id, via = carried(read_token("signature", token))
    return (db.session.get(Signature, signature_id) if signature_id else None), via


def confirm(signature_id: str, via: str = "") -> int | None:
    """Count a pending signature; returns the signer's number, or None when it was not pending.

    The number is the tally while the petition's row is locked, so no two signers share one; ``via`` is
    the site whose widget led to the signature. Call inside a transaction.

    Raises:
        Refusal: the petition closed before the link was used.
    """
    if not validate(signature_id, via):
        return None
    signature = db.session.get_one(Signature, signature_id)
    return db.session.get_one(Petition, signature.petition_id).signatures.tally


def number_of(signature: Signature) -> int:
    """The signer's number when the page is looked at again: how many count that came no later."""
    counted = sa.select(sa.func.count()).where(
        Signature.petition_id == signature.petition_id,
        Signature.state == "validated",
        Signature.validated_at <= signature.validated_at,
    )
    return db.session.scalar(counted) or 0
