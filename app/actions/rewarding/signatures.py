"""Points for signatures: the signer at once, the organizer once the action is funded."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.db import db
from app.outbox.sweeping import commit_batches, find_ids
from app.petitions.models import Petition, Signature
from app.points import rules
from app.points.awarding import award, void
from app.points.models import PointRow
from app.points.standing import settle_level

from .efforts import BATCH, is_funded, settle_organizer


def reward_signature(signature_id: str) -> None:
    """One light point for the signer; 0.2 for the organizer, once the action is funded."""
    signature = db.session.get(Signature, signature_id)
    if signature is None or signature.state != "validated" or signature.person_id is None:
        return
    petition = db.session.get_one(Petition, signature.petition_id)
    award(
        signature.person_id,
        reason="signature",
        cause=signature_cause(signature),
        class_="support",
        mp=rules.SIGNATURE_MP,
        counterparty_id=petition.organizer_id,
        petition_id=petition.id,
        light=True,
        at=signature.validated_at,
    )
    if is_funded(petition.id):
        reward_organizer_for(petition, signature)
    settle_level(signature.person_id)


def signature_cause(signature: Signature) -> str:
    stamp = signature.validated_at.isoformat() if signature.validated_at else ""
    return f"signature:{signature.id}:{stamp}"


def reward_organizer_for(petition: Petition, signature: Signature) -> None:
    if petition.organizer_id and signature.person_id:
        award(
            petition.organizer_id,
            reason="signature_received",
            cause=f"{signature_cause(signature)}:organizer",
            class_="organise",
            mp=rules.SIGNATURE_FOR_ORGANIZER_MP,
            counterparty_id=signature.person_id,
            petition_id=petition.id,
            light=True,
        )


def void_signature(signature_id: str) -> None:
    """A signature withdrawn or struck earned nobody anything."""
    causes = db.session.scalars(
        sa.select(PointRow.cause).where(PointRow.cause.startswith(f"signature:{signature_id}:"))
    ).all()
    for cause in {*causes, f"early:{signature_id}"}:
        void(cause)


def reward_organizer_for_signatures(petition_id: str) -> None:
    """At the funding, the signatures that brought it about."""

    def write(batch: Sequence[str]) -> None:
        petition = db.session.get_one(Petition, petition_id)
        for signature in db.session.scalars(sa.select(Signature).where(Signature.id.in_(batch))):
            reward_organizer_for(petition, signature)

    commit_batches(validated_signatures(petition_id), write, BATCH)
    settle_organizer(petition_id)


def validated_signatures(petition_id: str, limit: int | None = None) -> list[str]:
    return find_ids(
        sa.select(Signature.id)
        .where(Signature.petition_id == petition_id, Signature.state == "validated")
        .order_by(Signature.validated_at, Signature.id)
        .limit(limit)
    )


def reward_early_signers(petition_id: str) -> None:
    """At the delivery: the bonus of the first T signers, T being the signature target."""
    petition = db.session.get_one(Petition, petition_id)
    target, organizer_id = petition.signatures.target, petition.organizer_id
    ranked = validated_signatures(petition_id, limit=target)
    ranks = {signature_id: rank for rank, signature_id in enumerate(ranked, 1)}

    def write(batch: Sequence[str]) -> None:
        for signature in db.session.scalars(sa.select(Signature).where(Signature.id.in_(batch))):
            if signature.person_id is not None:
                award(
                    signature.person_id,
                    reason="early",
                    cause=f"early:{signature.id}",
                    class_="support",
                    mp=rules.early_bonus(ranks[signature.id], target),
                    counterparty_id=organizer_id,
                    petition_id=petition_id,
                )

    commit_batches(ranked, write, BATCH)
