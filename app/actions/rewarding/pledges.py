"""Points for pledges: kept, refunded, broken; each is given inside a transaction."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.actions.models import Action
from app.db import db
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.points import rules
from app.points.awarding import award, void
from app.points.models import PointRow
from app.points.standing import settle_level

from .efforts import GIVEN, effort_of, in_won, is_funded, work_won
from .milestones import reward_steps_before

THIRD_PARTY_DAYS = 180


def reward_capture(pledge_id: str) -> None:
    """Half of the effort when the money is taken; an organizer backing a third party earns a quarter more."""
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
    reward_steps_before(pledge)
    settle_level(pledge.person_id)


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
    pledge = db.session.get_one(Pledge, pledge_id)
    for prefix in (f"pledge:{pledge.id}:", f"third-party:{pledge.id}:"):
        causes = db.session.scalars(sa.select(PointRow.cause).where(PointRow.cause.startswith(prefix))).all()
        for cause in set(causes) - {f"{prefix}{pledge.refunded}"}:
            void(cause)
    reward_capture(pledge_id)


def penalize_broken(pledge_id: str) -> None:
    """After the days of grace a pledge that was not collected, or not done, costs twice its effort."""
    pledge = db.session.get_one(Pledge, pledge_id)
    if (
        pledge.state not in {"dropped", "broken"}
        or pledge.person_id is None
        or not is_funded(pledge.petition_id)
    ):
        return
    petition = db.session.get_one(Petition, pledge.petition_id)
    promised = in_won(pledge.amount, pledge.currency) if pledge.cost else work_won(pledge, pledge.amount)
    effort = rules.effort_mp(promised)
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
