"""Letters to signers; each is written inside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.db import db
from app.mail.posting import Draft, post
from app.petitions import letters
from app.petitions.models import Petition, Signature

Write = Callable[[Signature, Petition], Draft]


def ask_to_confirm(*, signature_id: str, via: str = "") -> None:
    """The link that makes a new signature count; ``via`` is the site whose widget led to it."""
    write = partial(letters.confirm_signature, via=via)
    write_to_signer(signature_id, f"confirm-signature-{signature_id}", write)


def answer_again(*, signature_id: str, at: str, via: str = "") -> None:
    """The address signed again: the link once more, at most one letter a minute."""
    write = partial(letters.signature_repeated, via=via)
    write_to_signer(signature_id, f"signature-again-{signature_id}-{at[:16]}", write)


def write_to_signer(signature_id: str, cause: str, write: Write) -> None:
    signature = db.session.get(Signature, signature_id)
    if signature is None:
        return
    petition = db.session.get_one(Petition, signature.petition_id)
    post(signature.email, signature.locale, lambda: write(signature, petition), cause=cause)
