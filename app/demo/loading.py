"""Loading the demo through the same verbs that people use, with the clock standing in the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.actions import collecting, firing, milestones, payouts
from app.actions.models import Payout
from app.db import db, run_tx
from app.mail.models import Letter
from app.outbox import drain
from app.payments.door import gateway
from app.payments.models import Payee
from app.people.models import Person
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
from app.pledges.pledging import PledgeWish, make
from app.reactions import REACTIONS

from .campaigns import CAMPAIGNS, Campaign
from .people import PEOPLE, make_crowd, make_people

FIRED = {"released", "underway", "delivered"}


def load() -> list[tuple[str, str]]:
    """Make whatever of the demo is not there yet; returns who is who and their addresses."""
    hansol, minji, _junho, alice, mira = make_people()
    if db.session.scalar(sa.select(sa.func.count()).select_from(Petition)) == 0:
        crowd = make_crowd()
        for campaign in CAMPAIGNS:
            organizer = {"en": alice, "ko": minji}[campaign.locale] if campaign in BY_OTHERS else hansol
            stage(campaign, organizer, crowd, mira)
        run_tx(put_letters_away)
    return [(f"{person.name}, {person.role}", person.email) for person in PEOPLE]


BY_OTHERS = {campaign for campaign in CAMPAIGNS if campaign.locale == "en"} | {CAMPAIGNS[2]}


def stage(campaign: Campaign, organizer: Person, crowd: Sequence[Person], moderator: Person) -> None:
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
        return
    gather(
        campaign, petition, crowd, opened, min(today, opened + timedelta(days=campaign.age + campaign.left))
    )
    if campaign.ends in FIRED:
        act(campaign, petition, organizer, moderator, today)
    elif campaign.ends == "expired":
        run_tx(partial(close_if_expired, petition.id))
    drain(REACTIONS)


def start(campaign: Campaign, organizer: Person, at: datetime, deadline: datetime) -> Petition:
    wish = PetitionWish(
        title=campaign.title,
        addressee=campaign.addressee,
        summary=campaign.summary,
        text=campaign.text,
        locale=campaign.locale,
        signature_target=campaign.target,
        offers=(OfferWish("gift", "money", campaign.goal),),
        currency=campaign.currency,
        deadline=deadline.replace(minute=0, second=0, microsecond=0),
    )

    def write() -> Petition:
        petition = launch(organizer, wish)
        milestones.plan(petition.id, campaign.plan)
        return petition

    with clock.standing_at(at):
        return run_tx(write)


def gather(
    campaign: Campaign, petition: Petition, crowd: Sequence[Person], opened: datetime, until: datetime
) -> None:
    """Signatures and pledges, spread over the days, more of them at the beginning and near the end."""
    signers, backers = crowd[: campaign.signed], crowd[campaign.signed - campaign.backers : campaign.signed]
    with clock.standing_at(opened - timedelta(hours=3)):
        sign(petition, signers[:1], campaign)
        run_tx(partial(submit_when_sponsored, petition.id))
    with clock.standing_at(opened):
        run_tx(partial(publish, petition.id))
        if campaign.featured:
            run_tx(lambda: setattr(db.session.get(Petition, petition.id), "featured_at", opened))
    for number, person in enumerate(signers[1:], start=1):
        with clock.standing_at(opened + (until - opened) * number / (len(signers) + 1)):
            if person in backers:
                pledge(petition, person, campaign, number)
            sign(petition, [person], campaign, number)
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


def sign(petition: Petition, people: Sequence[Person], campaign: Campaign, number: int = 0) -> None:
    reasons = campaign.reasons
    reason = reasons[number // 9 % len(reasons)] if reasons and number % 9 == 4 else ""
    for person in people:
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


def pledge(petition: Petition, person: Person, campaign: Campaign, number: int) -> None:
    amount = campaign.pledge * (3 if number % 11 == 5 else 1)
    declined = campaign.ends == "released" and number % 2 == 0
    wish = PledgeWish(
        kind="gift",
        amount=amount,
        email=person.email or "",
        name=person.name,
        locale=person.locale,
        hide_name=number % 5 == 2,
    )
    saved = gateway().save_token("pm_declined_on_hold" if declined else "pm_ok")
    run_tx(partial(make, petition.id, wish, idempotency_key=f"demo-{number}", saved=saved, person=person))


def act(
    campaign: Campaign, petition: Petition, organizer: Person, moderator: Person, today: datetime
) -> None:
    """Fire, collect, and do the work as far as it has come."""
    window = timedelta(seconds=current_app.config["DURE"].window_seconds + 1)
    db.session.rollback()
    tipped = db.session.get_one(Petition, petition.id, populate_existing=True).tipped_at
    if tipped is None:
        raise RuntimeError(f"the demo's campaign {campaign.title!r} did not reach its thresholds")
    at = tipped + window
    with clock.standing_at(at):
        run_tx(partial(firing.fire, petition.id))
    for _ in range(4):
        at += timedelta(seconds=current_app.config["DURE"].retry_seconds + 1)
        with clock.standing_at(at):
            collecting.collect(petition.id)
            drain(REACTIONS)
    steps = {"released": 0, "underway": 1, "delivered": len(campaign.plan)}[campaign.ends]
    for number in range(steps):
        at += (today - at) / 3
        with clock.standing_at(at):
            do_step(petition, organizer, moderator, number, at)


def do_step(petition: Petition, organizer: Person, moderator: Person, number: int, at: datetime) -> None:
    """One step of the plan: done, shown, accepted by silence, approved, paid."""
    name_payee(organizer)
    step = milestones.plan_of(petition.id)[number]
    run_tx(partial(milestones.claim, step.id, organizer.id, text=EVIDENCE[number % len(EVIDENCE)]))
    voted = at + timedelta(seconds=current_app.config["DURE"].vote_seconds + 1)
    with clock.standing_at(voted):
        run_tx(partial(milestones.end_vote, step.id))
        for payout_id in db.session.scalars(
            sa.select(Payout.id).where(Payout.petition_id == petition.id, Payout.state == "proposed")
        ).all():
            run_tx(partial(payouts.approve, payout_id, moderator.id))
        payouts.pay_due()
        drain(REACTIONS)


EVIDENCE = (
    "견적서와 동의서를 받았고 계약을 마쳤어요. 사진은 소식에 올렸습니다.",
    "공사를 마쳤어요. 구청 담당자와 함께 점검했고 고칠 곳은 없었어요.",
    "마지막 점검까지 끝났어요. 남은 돈은 없습니다. 함께해 주셔서 고마워요.",
)


def name_payee(organizer: Person) -> None:
    if db.session.get(Payee, organizer.id) is not None:
        return
    reference, label = gateway().save_payee(label="두레은행", number="110-123-456789")
    payee = Payee(
        person_id=organizer.id, gateway="sandbox", reference=reference, label=label, saved_at=clock.now()
    )
    run_tx(lambda: db.session.add(payee))


def put_letters_away() -> None:
    """The demo's past has been read already: its letters are not sent now."""
    db.session.execute(sa.update(Letter).where(Letter.sent_at.is_(None)).values(sent_at=Letter.created_at))
