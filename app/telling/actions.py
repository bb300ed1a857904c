"""Letters about an action: to its backers, its signers, its organizer and the moderators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa

from app.actions import letters
from app.actions.milestones import count_votes
from app.actions.models import Milestone, Payout
from app.actions.planning import is_awaited
from app.actions.stopping import is_disbursed
from app.db import db
from app.mail.posting import Draft, post
from app.outbox.sweeping import commit_batches, find_ids
from app.people.models import Person
from app.petitions.letters import petition_tipped
from app.petitions.models import Petition
from app.pledges.models import Pledge

from .posting import BATCH, backers_of, followers_of, moderators, organizer_of, tell

COLLECTING = ("frozen", "failing", "held", "captured")
GIVEN = ("captured", "part_refunded", "refunded")


def petition_of(petition_id: str) -> Petition:
    return db.session.get_one(Petition, petition_id)


def tell_organizer(petition_id: str, cause: str, write: Callable[[Petition], Draft]) -> None:
    tell(organizer_of(petition_id), f"{cause}-{petition_id}", lambda _person: write(petition_of(petition_id)))


def tell_signers(petition_id: str, cause: str, write: Callable[[Petition, Person], Draft]) -> None:
    """Followers whose money is not in it; backers get a letter about their pledge."""
    others = organizer_of(petition_id) + backers_of(petition_id, "ready", "released", *COLLECTING, *GIVEN)
    readers = followers_of(petition_id, but=others)
    tell(readers, f"{cause}-{petition_id}", lambda person: write(petition_of(petition_id), person))


def tell_backers(
    petition_id: str, states: Sequence[str], cause: str, write: Callable[[Petition, Pledge], Draft]
) -> None:
    """One letter for each pledge in one of these states."""
    pledges = find_ids(
        sa.select(Pledge.id)
        .where(Pledge.petition_id == petition_id, Pledge.state.in_(states))
        .order_by(Pledge.id)
    )

    def write_batch(batch: Sequence[str]) -> None:
        petition = petition_of(petition_id)
        for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.id.in_(batch))).all():
            post(pledge.email, pledge.locale, partial(write, petition, pledge), cause=f"{cause}-{pledge.id}")

    commit_batches(pledges, write_batch, BATCH)


def tipped(*, petition_id: str, at: str) -> None:
    """Both thresholds hold: the organizer may prepare, the supporters may look on."""
    cause = f"tipped-{at}"
    tell_organizer(
        petition_id, cause, lambda petition: letters.petition_tipped_for_organizer(petition=petition)
    )
    readers = followers_of(petition_id, but=organizer_of(petition_id))
    tell(readers, f"{cause}-{petition_id}", lambda person: petition_tipped(petition_of(petition_id), person))


def fired(petition_id: str) -> None:
    """To each backer: the card is about to be asked."""
    tell_backers(
        petition_id,
        COLLECTING,
        "fired",
        lambda petition, pledge: letters.petition_fired(petition=petition, pledge=pledge),
    )


def expired(petition_id: str) -> None:
    """The deadline passed without both thresholds; nobody pays."""
    tell_organizer(
        petition_id, "expired", lambda petition: letters.petition_expired_for_organizer(petition=petition)
    )
    tell_backers(
        petition_id,
        ("ready",),
        "expired",
        lambda petition, pledge: letters.petition_expired_for_backer(petition=petition, pledge=pledge),
    )
    tell_signers(
        petition_id,
        "expired",
        lambda petition, person: letters.petition_expired_for_signer(petition=petition, person=person),
    )


def underway(petition_id: str) -> None:
    """The money is there and work begins; backers have their receipts."""
    tell_organizer(
        petition_id, "underway", lambda petition: letters.action_underway_for_organizer(petition=petition)
    )
    tell_signers(
        petition_id,
        "underway",
        lambda petition, person: letters.action_underway_for_signer(petition=petition, person=person),
    )


def released(petition_id: str) -> None:
    """Too little could be held; backers hear it about their pledges."""
    tell_organizer(
        petition_id, "released", lambda petition: letters.action_released_for_organizer(petition=petition)
    )
    tell_signers(
        petition_id,
        "released",
        lambda petition, person: letters.action_released_for_signer(petition=petition, person=person),
    )


def stopped(petition_id: str) -> None:
    """The rest goes back; organizer and backers have heard it with the rejected step."""
    tell_signers(
        petition_id,
        "stopped",
        lambda petition, person: letters.action_stopped_for_signer(petition=petition, person=person),
    )


def delivered(petition_id: str) -> None:
    """It is done: thanks to everybody."""
    backers = len(backers_of(petition_id, *GIVEN))
    tell_organizer(
        petition_id, "delivered", lambda petition: letters.action_delivered_for_organizer(petition=petition)
    )
    tell_backers(
        petition_id,
        GIVEN,
        "delivered",
        lambda petition, pledge: letters.action_delivered_for_backer(
            petition=petition, pledge=pledge, backers=backers
        ),
    )
    tell_signers(
        petition_id,
        "delivered",
        lambda petition, person: letters.action_delivered_for_signer(petition=petition, person=person),
    )


def milestone_due(milestone_id: str) -> None:
    """On the promised day, to the organizer who has not shown the step yet."""
    if not is_awaited(milestone_id):
        return
    petition_id = db.session.get_one(Milestone, milestone_id).petition_id

    def write(_person: Person) -> Draft:
        milestone = db.session.get_one(Milestone, milestone_id)
        return letters.milestone_due(petition=petition_of(petition_id), milestone=milestone)

    tell(organizer_of(petition_id), f"step-due-{milestone_id}", write)


def milestone_claimed(milestone_id: str) -> None:
    """To each backer, once: look at the evidence and vote."""
    petition_id = db.session.get_one(Milestone, milestone_id).petition_id
    let_go = is_disbursed(petition_id)

    def write(person: Person) -> Draft:
        milestone = db.session.get_one(Milestone, milestone_id)
        return letters.milestone_claimed(
            petition=petition_of(petition_id), milestone=milestone, person=person, let_go=let_go
        )

    tell(backers_of(petition_id, "captured", "part_refunded"), f"claimed-{milestone_id}", write)


def milestone_accepted(milestone_id: str) -> None:
    """To the organizer and the backers."""
    petition_id = db.session.get_one(Milestone, milestone_id).petition_id
    votes = count_votes(milestone_id)

    def for_organizer(_person: Person) -> Draft:
        payout = db.session.scalar(sa.select(Payout).where(Payout.milestone_id == milestone_id))
        return letters.milestone_accepted_for_organizer(
            petition=petition_of(petition_id),
            milestone=db.session.get_one(Milestone, milestone_id),
            payout=payout,
            votes=votes,
        )

    def for_backer(_person: Person) -> Draft:
        milestone = db.session.get_one(Milestone, milestone_id)
        return letters.milestone_accepted_for_backer(
            petition=petition_of(petition_id), milestone=milestone, votes=votes
        )

    tell(organizer_of(petition_id), f"accepted-{milestone_id}", for_organizer)
    backers = backers_of(petition_id, "captured", "part_refunded")
    tell(backers, f"accepted-backer-{milestone_id}", for_backer)


def milestone_rejected(milestone_id: str) -> None:
    """To the organizer and the backers, whose money comes back."""
    petition_id = db.session.get_one(Milestone, milestone_id).petition_id
    votes, let_go = count_votes(milestone_id), is_disbursed(petition_id)

    def for_organizer(_person: Person) -> Draft:
        milestone = db.session.get_one(Milestone, milestone_id)
        return letters.milestone_rejected_for_organizer(
            petition=petition_of(petition_id), milestone=milestone, votes=votes, let_go=let_go
        )

    def for_backer(petition: Petition, pledge: Pledge) -> Draft:
        milestone = db.session.get_one(Milestone, milestone_id)
        return letters.milestone_rejected_for_backer(
            petition=petition, milestone=milestone, pledge=pledge, votes=votes, let_go=let_go
        )

    tell(organizer_of(petition_id), f"rejected-{milestone_id}", for_organizer)
    tell_backers(petition_id, GIVEN, f"rejected-{milestone_id}", for_backer)


def payout_proposed(payout_id: str) -> None:
    """To the moderators: somebody else must approve it."""
    tell(moderators(), f"payout-proposed-{payout_id}", about_payout(payout_id, letters.payout_proposed))


def payout_paid(payout_id: str) -> None:
    """To the organizer: the money is on its way."""
    petition_id = db.session.get_one(Payout, payout_id).petition_id
    tell(organizer_of(petition_id), f"payout-paid-{payout_id}", about_payout(payout_id, letters.payout_paid))


def payout_failed(payout_id: str) -> None:
    """To the organizer: the account did not take it."""
    petition_id = db.session.get_one(Payout, payout_id).petition_id
    tell(
        organizer_of(petition_id),
        f"payout-failed-{payout_id}",
        about_payout(payout_id, letters.payout_failed),
    )


def about_payout(payout_id: str, write: Callable[..., Draft]) -> Callable[[Person], Draft]:
    def draft(_person: Person) -> Draft:
        payout = db.session.get_one(Payout, payout_id)
        milestone = db.session.get_one(Milestone, payout.milestone_id) if payout.milestone_id else None
        return write(petition=petition_of(payout.petition_id), milestone=milestone, payout=payout)

    return draft
