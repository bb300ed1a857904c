"""Loading the demo through the same verbs that people use, with the clock standing in the past."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.actions import collecting, firing, milestones, planning
from app.actions.locking import lock_action
from app.clock import SEOUL
from app.db import db, lock, run_tx
from app.lending.signing import sign as sign_schedule
from app.mail.posting import unwritten
from app.outbox import drain
from app.payments.door import gateway
from app.people.models import Person
from app.petitions import arriving
from app.petitions.launching import (
    OfferWish,
    PetitionWish,
    close_if_expired,
    launch,
    publish,
    submit_when_sponsored,
)
from app.petitions.models import Petition
from app.petitions.signing import sign_as
from app.petitions.updating import publish_update
from app.pledges import kinds
from app.pledges.allowing import PledgeWish
from app.pledges.pledging import make
from app.pledges.wording import SPEECH, offer_of
from app.reactions import REACTIONS
from app.web.languages import speaking

from . import lives
from .begun import BEGUN
from .campaigns import CAMPAIGNS, Beside, Campaign
from .ended import ENDED
from .habits import name_payee, pay_out
from .kinds import OF_EVERY_KIND, resolved
from .passing import PASSING
from .people import PEOPLE, make_crowd, make_people

EVERYTHING = (*ENDED, *BEGUN, *OF_EVERY_KIND, *PASSING, *CAMPAIGNS)
FIRED = {"collecting", "released", "underway", "delivered", "stopped"}
A_LOOK = timedelta(days=2)
"""How long the states that pass are held for visitors."""
A_STEP = 28
"""The days from one step of a plan to the next, where a campaign names none."""


def load() -> list[tuple[str, str]]:
    """Make whatever of the demo is not there yet; returns who is who and their addresses.

    A campaign bears its key once it is complete. One that a broken-off load left half made is taken out of
    sight and made again.
    """
    people = {person.email.partition("@")[0]: person for person in make_people() if person.email}
    there = set(db.session.scalars(sa.select(Petition.idempotency_key).where(Petition.source.is_(None))))
    missing = [campaign for campaign in EVERYTHING if key_of(campaign) not in there]
    if missing and (not there or has_demo(there)):
        crowd = make_crowd()
        for campaign in missing:
            run_tx(partial(clear_away, campaign.title))
            with speaking(campaign.locale), unwritten():
                petition = stage(campaign, people[campaign.by], crowd, people["mira"])
            run_tx(partial(seal, petition.id, key_of(campaign)))
    return [(f"{person.name}, {person.role}", person.email) for person in PEOPLE]


def key_of(campaign: Campaign) -> str:
    return hashlib.sha256(f"demo\0{campaign.title}".encode()).hexdigest()


def has_demo(keys: set[str | None]) -> bool:
    """Whether these petitions are the demo's, or what a broken-off load left of them."""
    known = {key_of(campaign) for campaign in EVERYTHING}
    return bool(known & keys) or keys == {None}


def clear_away(title: str) -> None:
    """Take what a broken-off load left of a campaign out of sight."""
    db.session.execute(
        sa.update(Petition)
        .where(Petition.title == title, Petition.idempotency_key.is_(None), Petition.source.is_(None))
        .values(state="removed")
    )


def seal(petition_id: str, key: str) -> None:
    db.session.get_one(Petition, petition_id).idempotency_key = key


def stage(campaign: Campaign, organizer: Person, crowd: Sequence[str], moderator: Person) -> Petition:
    """Take one campaign as far as it goes, each step at its time."""
    today = clock.now()
    opened = today - timedelta(days=campaign.age)
    petition = start(campaign, organizer, opened - timedelta(days=2), today + timedelta(days=campaign.left))
    if campaign.ends in {"sponsoring", "moderation"}:
        with clock.standing_at(opened):
            if campaign.signed:
                sign(petition, crowd[:1], campaign)
                run_tx(partial(submit_when_sponsored, petition.id))
            drain(REACTIONS)
        return petition
    gather(
        campaign, petition, crowd, opened, min(today, opened + timedelta(days=campaign.age + campaign.left))
    )
    if campaign.ends == "tipped":
        when_tipped(campaign, petition)
        run_tx(lambda: setattr(lock(Petition, petition.id), "window_ends_at", today + A_LOOK))
    elif campaign.ends in FIRED:
        act(campaign, petition, organizer, moderator, today)
    elif campaign.ends == "expired":
        run_tx(partial(close_if_expired, petition.id))
    drain(REACTIONS)
    return petition


def start(campaign: Campaign, organizer: Person, at: datetime, deadline: datetime) -> Petition:
    wish = PetitionWish(
        title=campaign.title,
        addressee=campaign.addressee,
        summary=campaign.summary,
        text=campaign.text,
        locale=campaign.locale,
        topic=campaign.topic,
        signature_target=campaign.target,
        offers=tuple(offer_wish(ask, campaign.currency, deadline) for ask in campaign.asks),
        currency=campaign.currency,
        deadline=deadline.replace(minute=0, second=0, microsecond=0),
    )

    def write() -> Petition:
        petition = launch(organizer, wish)
        planning.plan(petition.id, promised(campaign, deadline))
        return petition

    with clock.standing_at(at):
        petition = run_tx(write)
        if petition.threshold_of("loan"):
            run_tx(lambda: sign_schedule(petition.id, organizer.id))
        return petition


def promised(campaign: Campaign, deadline: datetime) -> list[planning.Step]:
    """The plan with its days, counted from the last day of signing, or from today while it goes on."""
    today = (deadline - timedelta(days=campaign.left)).astimezone(clock.SEOUL).date()
    begins = max(0, campaign.left) if campaign.ends == "underway" else campaign.left
    days = campaign.days or [begins + A_STEP * number for number in range(1, len(campaign.plan) + 1)]
    return [
        planning.Step(title, share, today + timedelta(days=day))
        for (title, share), day in zip(campaign.plan, days, strict=True)
    ]


def offer_wish(ask: Beside, currency: str, deadline: datetime) -> OfferWish:
    """What the campaign offers under one threshold, as the launch form would have read it."""
    kind = kinds.find(ask.kind)
    if kind is None:
        raise LookupError(f"no kind of pledge called {ask.kind}")
    terms = kind.read_offer(ask.goal, currency, resolved(ask.answers, deadline), SPEECH)
    return OfferWish(ask.kind, kind.measure(terms), ask.goal, terms)


def gather(
    campaign: Campaign, petition: Petition, crowd: Sequence[str], opened: datetime, until: datetime
) -> None:
    """Signatures and pledges, spread over the days, more of them at the beginning and near the end."""
    signers = crowd[: campaign.signed]
    with clock.standing_at(opened - timedelta(hours=3)):
        sign(petition, signers[:1], campaign)
        run_tx(partial(submit_when_sponsored, petition.id))
    with clock.standing_at(opened):
        run_tx(partial(publish, petition.id))
        if campaign.featured:
            run_tx(lambda: setattr(db.session.get(Petition, petition.id), "featured_at", opened))
    lives.BEFORE.get(campaign.life, lives.wait)(petition)
    for number, person_id in enumerate(signers[1:], start=1):
        with clock.standing_at(opened + (until - opened) * number / (len(signers) + 1)):
            for ask in campaign.asks:
                if number >= campaign.signed - ask.backers:
                    pledge(petition, person_id, campaign, ask, number)
            if campaign.signing is None or number < campaign.signing:
                sign(petition, [person_id], campaign, number)
    for number, (site, *counts) in enumerate(campaign.sites):
        day = (until - timedelta(days=number)).astimezone(SEOUL).date()
        deeds = dict(zip(("shown", "signed", "pledged"), counts, strict=True))
        run_tx(partial(arriving.add, [arriving.row_of((petition.id, site), day, **deeds)]))
    organizer_id = petition.organizer_id
    if campaign.news and organizer_id:
        with clock.standing_at(opened + (until - opened) * 2 / 3):
            title, text = campaign.news
            run_tx(
                lambda: publish_update(
                    petition.id,
                    organizer_id,
                    title=title,
                    text=text,
                    idempotency_key=f"demo-{petition.id}",
                )
            )


def sign(petition: Petition, people: Sequence[str], campaign: Campaign, number: int = 0) -> None:
    reasons = campaign.reasons
    reason = reasons[number // 9 % len(reasons)] if reasons and number % 9 == 4 else ""
    for person_id in people:
        person = db.session.get_one(Person, person_id)
        run_tx(
            partial(
                sign_as,
                petition,
                person,
                region=person.region or "KR-11",
                reason=reason,
                hide_name=number % 7 == 3,
            )
        )


def pledge(petition: Petition, person_id: str, campaign: Campaign, ask: Beside, number: int) -> None:
    person = db.session.get_one(Person, person_id)
    asked = ask.pledge * (3 if ask.kind == "gift" and number % 11 == 5 else 1)
    kind, offer = kinds.find(ask.kind), offer_of(petition, ask.kind)
    if kind is None:
        raise LookupError(f"no kind of pledge called {ask.kind}")
    promise = kind.read(asked, ask.given(number), offer, SPEECH)
    wish = PledgeWish(
        kind=ask.kind,
        amount=promise.amount,
        email=person.email or "",
        name=person.name,
        locale=person.locale,
        hide_name=number % 5 == 2,
        terms=promise.terms,
    )
    saved = gateway().save_token(card_for(campaign, number)) if kind.needs_method else None
    key = f"demo-{ask.kind}-{number}"
    run_tx(partial(make, petition.id, wish, idempotency_key=key, saved=saved, person=person))


def card_for(campaign: Campaign, number: int) -> str:
    """The test card somebody pays with: it decides how far collecting comes."""
    if campaign.ends == "released" and number % 2 == 0:
        return "pm_declined_on_hold"
    if campaign.ends == "collecting" and number == campaign.signed - 1:
        return "pm_needs_auth"
    return "pm_ok"


def when_tipped(campaign: Campaign, petition: Petition) -> datetime:
    """When the last threshold was reached.

    Raises:
        RuntimeError: it has not reached its thresholds, so that the campaign cannot go on.
    """
    db.session.rollback()
    tipped_at: datetime | None = db.session.scalar(
        sa.select(Petition.tipped_at).where(Petition.id == petition.id)
    )
    if tipped_at is None:
        raise RuntimeError(f"the demo's campaign {campaign.title!r} did not reach its thresholds")
    return tipped_at


def act(
    campaign: Campaign, petition: Petition, organizer: Person, moderator: Person, today: datetime
) -> None:
    """Fire, collect, and do the work as far as it has come."""
    at = when_tipped(campaign, petition) + timedelta(seconds=current_app.config["DURE"].window_seconds + 1)
    with clock.standing_at(at):
        run_tx(partial(firing.fire, petition.id))
        if campaign.ends == "collecting":
            run_tx(partial(wait_for_cards, petition.id, today + A_LOOK))
            collecting.collect(petition.id)
            return
    for _ in range(4):
        at += timedelta(seconds=current_app.config["DURE"].retry_seconds + 1)
        with clock.standing_at(at):
            collecting.collect(petition.id)
            drain(REACTIONS)
    steps = {"delivered": len(campaign.plan), "released": 0}.get(campaign.ends, campaign.life != "given back")
    last = campaign.ends == "delivered" and bool(campaign.life) and campaign.kind != "loan"
    for number in range(steps - last):
        at += timedelta(days=2) if campaign.life else (today - at) / 3
        with clock.standing_at(at):
            do_step(petition, organizer, moderator, number, at)
    if campaign.life:
        lives.LIVES[campaign.life](petition, organizer, moderator, at, today)
    if last:
        at = today - timedelta(days=2)
        with clock.standing_at(at):
            do_step(petition, organizer, moderator, steps - 1, at)


def wait_for_cards(petition_id: str, until: datetime) -> None:
    """Give the cards of an action until then to be confirmed."""
    action = lock_action(petition_id)
    if action is not None:
        action.collect_until = until


def do_step(petition: Petition, organizer: Person, moderator: Person, number: int, at: datetime) -> None:
    """One step of the plan: done, shown, accepted by silence, approved, paid."""
    name_payee(organizer)
    step = planning.plan_of(petition.id)[number]
    run_tx(partial(milestones.claim, step.id, organizer.id, text=EVIDENCE[number % len(EVIDENCE)]))
    voted = at + timedelta(seconds=current_app.config["DURE"].vote_seconds + 1)
    with clock.standing_at(voted):
        run_tx(partial(milestones.end_vote, step.id))
        pay_out(petition, moderator)
        drain(REACTIONS)


EVIDENCE = (
    "견적서와 동의서를 받았고 계약을 마쳤어요. 사진은 소식에 올렸습니다.",
    "공사를 마쳤어요. 구청 담당자와 함께 점검했고 고칠 곳은 없었어요.",
    "마지막 점검까지 끝났어요. 남은 돈은 없습니다. 함께해 주셔서 고마워요.",
)
