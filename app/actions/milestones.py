"""Milestones: claimed with evidence, judged by the backers."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app import clock
from app.db import db, insert_unless_there, lock
from app.errors import Refusal
from app.outbox import announce
from app.petitions.models import Petition
from app.petitions.tallying import record
from app.pledges.models import Pledge

from .duties import deliveries_unmarked
from .locking import lock_action
from .models import Action, Milestone, Vote
from .paying import deliver_if_done, propose_payout
from .planning import plan_of
from .stopping import is_disbursed, stop

BACKING = ("captured", "part_refunded")
DECIDED = ("accepted", "rejected")


def backs(petition_id: str) -> sa.ColumnElement[bool]:
    """A pledge whose money is in the action of this petition."""
    return sa.and_(Pledge.petition_id == petition_id, Pledge.state.in_(BACKING), Pledge.left_at.is_(None))


def claim(
    milestone_id: str, organizer_id: str, *, text: str, link: str | None = None, image: str | None = None
) -> bool:
    """Say that a step is done and show it; the backers' vote begins. False when it is claimed already.

    Raises:
        Refusal: not the organizer's, the action is not underway, or an earlier step is not accepted yet.
    """
    action, milestone = locked_step(milestone_id)
    if action.state != "underway":
        raise Refusal(_("This works only while the action is underway."), status=409)
    petition = db.session.get_one(Petition, milestone.petition_id)
    if petition.organizer_id != organizer_id:
        raise Refusal(_("Only the organizer can claim a milestone."), status=404)
    if milestone.state != "planned":
        return False
    steps = plan_of(petition.id)
    if any(step.position < milestone.position and step.state not in DECIDED for step in steps):
        raise Refusal(_("The step before this one has not been accepted yet."), status=409)
    if milestone.position == steps[-1].position and action.settled_at is None:
        raise Refusal(
            _("Some pledges are still being collected. Claim the last step after that."), status=409
        )
    if milestone.position == steps[-1].position and deliveries_unmarked(petition.id):
        raise Refusal(
            _("Mark every order as handed over or missing before you claim the last step."), status=409
        )
    at = clock.now()
    milestone.state, milestone.claimed_at = "claimed", at
    milestone.evidence, milestone.evidence_link, milestone.evidence_image = text, link, image
    milestone.vote_ends_at = at + timedelta(seconds=current_app.config["DURE"].vote_seconds)
    record(
        action.petition_id,
        "milestone_claimed",
        at,
        cause=f"claimed-{milestone.id}",
        position=milestone.position,
    )
    announce("milestone_claimed", milestone_id=milestone.id)
    announce("vote_ended", due_at=milestone.vote_ends_at, milestone_id=milestone.id)
    return True


def locked_step(milestone_id: str) -> tuple[Action, Milestone]:
    """A step with its action, both locked, the action first.

    Raises:
        Refusal: the petition has not become an action.
    """
    action = lock_action(db.session.get_one(Milestone, milestone_id).petition_id)
    if action is None:
        raise Refusal(_("This works only while the action is underway."), status=409)
    return action, lock(Milestone, milestone_id)


def is_backer(petition_id: str, person_id: str) -> bool:
    """Whether this person's money is in the action."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(backs(petition_id), Pledge.person_id == person_id)))
    )


def vote(milestone_id: str, person_id: str, accepts: bool) -> None:
    """Record or change a backer's vote; the last one of all backers ends the vote at once.

    Raises:
        Refusal: not a backer, or the vote is over.
    """
    action, milestone = locked_step(milestone_id)
    at, ends_at = clock.now(), end_of_vote(action, milestone)
    if ends_at is None or at >= ends_at:
        raise Refusal(_("The vote on this step is over."), status=409)
    if not is_backer(milestone.petition_id, person_id):
        raise Refusal(_("Only people whose pledge was collected can vote."), status=403)
    key = {"milestone_id": milestone_id, "person_id": person_id}
    if not insert_unless_there(Vote, key | {"accepts": accepts, "at": at}):
        db.session.execute(
            sa.update(Vote)
            .where(Vote.milestone_id == milestone_id, Vote.person_id == person_id)
            .values(accepts=accepts, at=at)
        )
    accepted, rejected = count_votes(milestone_id)
    if accepted + rejected >= count_backers(milestone.petition_id):
        close_vote(action, milestone, accepted, rejected)


def end_of_vote(action: Action, milestone: Milestone) -> datetime | None:
    """When the vote on this step ends; None where none is on, or the action ended before it was counted."""
    return milestone.vote_ends_at if action.state == "underway" and milestone.state == "claimed" else None


def count_votes(milestone_id: str) -> tuple[int, int]:
    """(for, against); whoever left the action since has no vote any more."""
    left = sa.exists().where(Pledge.person_id == Vote.person_id, Pledge.left_at.is_not(None))
    rows = db.session.execute(
        sa.select(Vote.accepts, sa.func.count())
        .join(Milestone, Milestone.id == Vote.milestone_id)
        .where(Vote.milestone_id == milestone_id, ~left.where(Pledge.petition_id == Milestone.petition_id))
        .group_by(Vote.accepts)
    )
    votes = {bool(accepts): count for accepts, count in rows}
    return votes.get(True, 0), votes.get(False, 0)


def count_backers(petition_id: str) -> int:
    return (
        db.session.scalar(sa.select(sa.func.count(sa.distinct(Pledge.person_id))).where(backs(petition_id)))
        or 0
    )


def end_vote(milestone_id: str) -> bool:
    """Close a vote whose time is over; silence accepts. False when it was not time."""
    action, milestone = locked_step(milestone_id)
    ends_at = end_of_vote(action, milestone)
    if ends_at is None or clock.now() < ends_at:
        return False
    close_vote(action, milestone, *count_votes(milestone_id))
    return True


def close_vote(action: Action, milestone: Milestone, accepted: int, rejected: int) -> None:
    """More against than for rejects the step and stops the action; anything else accepts it.

    Money that went out all at once is owed whatever becomes of a step, so such an action goes on.
    """
    at = clock.now()
    milestone.decided_at = at
    if rejected > accepted:
        milestone.state = "rejected"
        record(
            action.petition_id,
            "milestone_rejected",
            at,
            cause=f"decided-{milestone.id}",
            position=milestone.position,
            accepted=accepted,
            rejected=rejected,
        )
        announce("milestone_rejected", milestone_id=milestone.id)
        end_or_go_on(action)
        return
    milestone.state = "accepted"
    record(
        action.petition_id,
        "milestone_accepted",
        at,
        cause=f"decided-{milestone.id}",
        position=milestone.position,
        accepted=accepted,
        rejected=rejected,
    )
    announce("milestone_accepted", milestone_id=milestone.id)
    if propose_payout(action, milestone) is None:
        db.session.flush()
        deliver_if_done(action.petition_id)


def end_or_go_on(action: Action) -> None:
    """What a rejected step makes of a locked action."""
    if is_disbursed(action.petition_id):
        db.session.flush()
        deliver_if_done(action.petition_id)
    else:
        stop(action, reason="milestone_rejected")
