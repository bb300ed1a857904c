"""Points for what people did: the table of the points rules, as small functions that run once per cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock, money
from app.db import db, run_tx
from app.petitions.models import Petition, Signature
from app.pledges.models import Pledge
from app.points import rules
from app.points.awarding import award, void
from app.points.models import PointRow
from app.points.standing import settle_level

from .models import Action, Milestone

BATCH = 200
WON_PER_MAJOR = {"KRW": 1, "JPY": 9, "USD": 1350, "EUR": 1500, "GBP": 1750}
"""What a pledge counts in won for points alone; fixed, so that scores never depend on a market."""
GIVEN = ("captured", "part_refunded")
THIRD_PARTY_DAYS = 180


def in_won(minor: int, currency: str | None) -> int:
    """An amount as points count it."""
    if currency is None:
        return 0
    return int(money.to_major(minor, currency) * WON_PER_MAJOR[currency])


def net_won(pledge: Pledge) -> int:
    return in_won(pledge.captured - pledge.refunded, pledge.currency)


def effort_of(pledge: Pledge) -> int:
    """What this pledge adds to its giver's effort in this action, in mp: pledges add up before the root."""
    before = db.session.scalars(
        sa.select(Pledge).where(
            Pledge.petition_id == pledge.petition_id,
            Pledge.person_id == pledge.person_id,
            Pledge.state.in_(GIVEN),
            Pledge.id < pledge.id,
        )
    )
    return rules.effort_increment(sum(net_won(other) for other in before), net_won(pledge))


def reward_signature(signature_id: str) -> None:
    """One light point for the signer; 0.2 for the organizer, once the action is funded."""

    def write() -> None:
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

    run_tx(write)


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


def is_funded(petition_id: str) -> bool:
    state = db.session.scalar(sa.select(Action.state).where(Action.petition_id == petition_id))
    return state in {"underway", "delivered"}


def void_signature(signature_id: str) -> None:
    """A signature withdrawn or struck earned nobody anything."""

    def write() -> None:
        causes = db.session.scalars(
            sa.select(PointRow.cause).where(PointRow.cause.startswith(f"signature:{signature_id}:"))
        ).all()
        for cause in set(causes):
            void(cause)

    run_tx(write)


def reward_organizer_for_signatures(petition_id: str) -> None:
    """At the funding, the signatures that brought it about."""
    for batch in in_batches(validated_signatures(petition_id)):

        def write(batch: Sequence[str] = batch) -> None:
            petition = db.session.get_one(Petition, petition_id)
            for signature in db.session.scalars(sa.select(Signature).where(Signature.id.in_(batch))):
                reward_organizer_for(petition, signature)

        run_tx(write)
    settle_organizer(petition_id)


def validated_signatures(petition_id: str, limit: int | None = None) -> list[str]:
    found = list(
        db.session.scalars(
            sa.select(Signature.id)
            .where(Signature.petition_id == petition_id, Signature.state == "validated")
            .order_by(Signature.validated_at, Signature.id)
            .limit(limit)
        )
    )
    db.session.rollback()
    return found


def in_batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def reward_capture(pledge_id: str) -> None:
    """Half of the effort when the money is taken; an organizer backing a third party earns a quarter more."""

    def write() -> None:
        pledge = db.session.get_one(Pledge, pledge_id)
        if pledge.state not in GIVEN or pledge.person_id is None:
            return
        void(f"broken:{pledge.id}")
        petition = db.session.get_one(Petition, pledge.petition_id)
        effort = effort_of(pledge)
        award(
            pledge.person_id,
            reason="pledge_kept",
            cause=f"pledge:{pledge.id}:{pledge.refunded}",
            class_="support",
            mp=rules.capture_half(effort),
            counterparty_id=petition.organizer_id,
            petition_id=petition.id,
            at=pledge.captured_at,
        )
        if passes_support_on(pledge, petition):
            award(
                pledge.person_id,
                reason="third_party",
                cause=f"third-party:{pledge.id}:{pledge.refunded}",
                class_="support",
                mp=rules.third_party_bonus(effort),
                counterparty_id=petition.organizer_id,
                petition_id=petition.id,
                at=pledge.captured_at,
            )
        settle_level(pledge.person_id)

    run_tx(write)


def passes_support_on(pledge: Pledge, petition: Petition) -> bool:
    """Whether the giver's own action was funded within the 180 days before, and this is somebody else's."""
    if pledge.person_id == petition.organizer_id or pledge.captured_at is None:
        return False
    own = (
        sa.select(sa.func.count())
        .select_from(Action)
        .join(Petition, Petition.id == Action.petition_id)
        .where(
            Petition.organizer_id == pledge.person_id,
            Action.underway_at >= pledge.captured_at - timedelta(days=THIRD_PARTY_DAYS),
            Action.underway_at <= pledge.captured_at,
        )
    )
    return bool(db.session.scalar(own))


def reward_refund(pledge_id: str) -> None:
    """A refund takes its points back; what was not refunded keeps its share."""

    def write() -> None:
        pledge = db.session.get_one(Pledge, pledge_id)
        for prefix in (f"pledge:{pledge.id}:", f"third-party:{pledge.id}:"):
            causes = db.session.scalars(
                sa.select(PointRow.cause).where(PointRow.cause.startswith(prefix))
            ).all()
            for cause in set(causes) - {f"{prefix}{pledge.refunded}"}:
                void(cause)

    run_tx(write)
    reward_capture(pledge_id)


def reward_milestone(milestone_id: str) -> None:
    """The accepted step's share of the other half to each backer, and of the whole to the organizer."""
    milestone = db.session.get_one(Milestone, milestone_id)
    petition_id = milestone.petition_id
    plan = db.session.scalars(
        sa.select(Milestone).where(Milestone.petition_id == petition_id).order_by(Milestone.position)
    ).all()
    shares = [step.share for step in plan]
    index = [step.id for step in plan].index(milestone_id)
    at = milestone.decided_at
    for batch in in_batches(given_pledges(petition_id)):
        run_tx(lambda batch=batch: reward_step(batch, milestone_id, shares, index, at))  # type: ignore[misc]
    settle_organizer(petition_id)


def given_pledges(petition_id: str) -> list[str]:
    found = list(
        db.session.scalars(
            sa.select(Pledge.id)
            .where(Pledge.petition_id == petition_id, Pledge.state.in_(GIVEN), Pledge.person_id.is_not(None))
            .order_by(Pledge.id)
        )
    )
    db.session.rollback()
    return found


def reward_step(
    pledge_ids: Sequence[str], milestone_id: str, shares: Sequence[int], index: int, at: datetime | None
) -> None:
    for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.id.in_(pledge_ids))).all():
        organizer_id = db.session.get_one(Petition, pledge.petition_id).organizer_id
        effort = effort_of(pledge)
        if pledge.person_id is None:
            continue
        cause = f"milestone:{milestone_id}:{pledge.id}"
        award(
            pledge.person_id,
            reason="milestone_supported",
            cause=cause,
            class_="support",
            mp=rules.supporter_delivery_mp(effort, shares)[index],
            counterparty_id=organizer_id,
            petition_id=pledge.petition_id,
            at=at,
        )
        if organizer_id is not None:
            award(
                organizer_id,
                reason="milestone_organized",
                cause=f"{cause}:organizer",
                class_="organise",
                mp=rules.organizer_delivery_mp(effort, shares)[index],
                counterparty_id=pledge.person_id,
                petition_id=pledge.petition_id,
                at=at,
            )


def reward_early_signers(petition_id: str) -> None:
    """At the delivery: the bonus of the first T signers, T being the signature target."""
    petition = db.session.get_one(Petition, petition_id)
    target, organizer_id = petition.signatures.target, petition.organizer_id
    ranked = validated_signatures(petition_id, limit=target)
    for start in range(0, len(ranked), BATCH):
        ranks = {signature_id: start + i + 1 for i, signature_id in enumerate(ranked[start : start + BATCH])}

        def write(ranks: dict[str, int] = ranks) -> None:
            for signature in db.session.scalars(sa.select(Signature).where(Signature.id.in_(ranks))):
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

        run_tx(write)


def console_early_backers(petition_id: str) -> None:
    """A campaign failed: half a point for pledging in its first quarter, at most thrice a quarter year."""
    for batch in in_batches(early_pledges(petition_id)):

        def write(batch: Sequence[str] = batch) -> None:
            petition = db.session.get_one(Petition, petition_id)
            for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.id.in_(batch))).all():
                if pledge.person_id and count_consolations(pledge.person_id) < rules.CONSOLATIONS_A_QUARTER:
                    award(
                        pledge.person_id,
                        reason="consolation",
                        cause=f"consolation:{petition_id}",
                        class_="support",
                        mp=rules.CONSOLATION_MP,
                        counterparty_id=petition.organizer_id,
                        petition_id=petition_id,
                    )

        run_tx(write)


def early_pledges(petition_id: str) -> list[str]:
    petition = db.session.get_one(Petition, petition_id)
    if petition.opened_at is None or petition.deadline is None:
        return []
    early = petition.opened_at + (petition.deadline - petition.opened_at) / 4
    found = list(
        db.session.scalars(
            sa.select(Pledge.id).where(
                Pledge.petition_id == petition_id,
                Pledge.ready_at <= early,
                Pledge.state.in_(("ready", "released", "held")),
            )
        )
    )
    db.session.rollback()
    return found


def count_consolations(person_id: str) -> int:
    from app.points.standing import day_of

    at = clock.now()
    quarter_start = at - timedelta(days=day_of(at) % rules.QUARTER_DAYS)
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                PointRow.person_id == person_id,
                PointRow.reason == "consolation",
                PointRow.at >= quarter_start.replace(hour=0, minute=0),
            )
        )
        or 0
    )


def penalize_broken(pledge_id: str) -> None:
    """After the days of grace a pledge that could not be collected costs twice its effort."""

    def write() -> None:
        pledge = db.session.get_one(Pledge, pledge_id)
        if pledge.state != "dropped" or pledge.person_id is None or not is_funded(pledge.petition_id):
            return
        petition = db.session.get_one(Petition, pledge.petition_id)
        effort = rules.effort_mp(in_won(pledge.amount, pledge.currency))
        award(
            pledge.person_id,
            reason="pledge_broken",
            cause=f"broken:{pledge.id}",
            class_="penalty",
            mp=rules.broken_pledge_loss(effort),
            counterparty_id=petition.organizer_id,
            petition_id=petition.id,
        )
        settle_level(pledge.person_id)

    run_tx(write)


def penalize_missed(milestone_id: str) -> None:
    """A rejected step costs the organizer."""

    def write() -> None:
        milestone = db.session.get_one(Milestone, milestone_id)
        petition = db.session.get_one(Petition, milestone.petition_id)
        if petition.organizer_id is not None:
            award(
                petition.organizer_id,
                reason="milestone_missed",
                cause=f"missed:{milestone_id}",
                class_="penalty",
                mp=rules.MISSED_MILESTONE_LOSS_MP,
                petition_id=petition.id,
            )
            settle_level(petition.organizer_id)

    run_tx(write)


def settle_organizer(petition_id: str) -> None:
    def write() -> None:
        organizer_id = db.session.get_one(Petition, petition_id).organizer_id
        if organizer_id is not None:
            settle_level(organizer_id)

    run_tx(write)
