"""What the tests of both desks share: a signed-in browser that sends forms the way a page does."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.actions.milestones import plan
from app.actions.models import Action, Firing, Milestone, Payee
from app.db import db, new_id, run_tx
from app.petitions.models import Petition
from app.petitions.signing import SignatureWish, sign, validate
from app.pledges.models import Pledge
from tests.world import World

OURS = {"Origin": "http://localhost"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def send(client: FlaskClient, path: str, data: dict[str, Any], *, page: str | None = None) -> TestResponse:
    """Open ``page`` (default: the form's own), take its token, and send the form from there."""
    found = TOKEN.search(client.get(page or path).text)
    assert found, f"no form on {page or path}"
    return client.post(path, data={"csrf_token": found[1], **data}, headers=OURS)


def launch_data(**changes: Any) -> dict[str, Any]:
    """A launch form filled in well; ``changes`` spoil it."""
    return {
        "title": "학교 앞 신호등을 놓아 주세요",
        "addressee": "서울시 교통국",
        "summary": "아이들이 건너는 길에 신호등이 없어요.",
        "text": "매일 **아이들**이 길을 건너요.",
        "locale": "ko",
        "signature_target": "300",
        "goal": "3,000,000",
        "currency": "KRW",
        "deadline": (clock.now().astimezone(clock.SEOUL).date() + timedelta(days=30)).isoformat(),
        "deadline_time": "",
        "step1_title": "설계",
        "step1_share": "40",
        "step2_title": "설치",
        "step2_share": "60",
        "key": "one-launch",
    } | changes


def days_ahead(days: int) -> date:
    return clock.now().astimezone(clock.SEOUL).date() + timedelta(days=days)


def signature(petition: Petition, name: str, *, email: str | None = None, **changes: Any) -> str:
    """A confirmed signature of somebody's; returns its id."""
    address = email or f"{name}@example.org"
    wish = SignatureWish(name=name, email=address, region="KR-11", locale="ko", **changes)

    def make() -> str:
        from sqlalchemy import select

        from app.people.models import key_of
        from app.petitions.models import Signature

        sign(petition.id, wish)
        made = db.session.scalars(
            select(Signature.id).where(
                Signature.petition_id == petition.id, Signature.email_key == key_of(address)
            )
        ).one()
        validate(made)
        return str(made)

    return run_tx(make)


def pledge(petition: Petition, name: str, amount: int, **changes: Any) -> str:
    """A confirmed pledge row of somebody's, without a payment method behind it; returns its id."""
    values = {
        "id": new_id(),
        "petition_id": petition.id,
        "kind": "gift",
        "measure": "money",
        "amount": amount,
        "currency": petition.currency,
        "mandate": "",
        "state": "ready",
        "email": f"{name}@example.org",
        "email_key": new_id(),
        "name": name,
        "locale": "ko",
        "idempotency_key": new_id(),
        "created_at": clock.now(),
        "ready_at": clock.now(),
    } | changes
    run_tx(lambda: db.session.add(Pledge(**values)))
    return str(values["id"])


def underway(world: World, *, payee: bool = True) -> tuple[Petition, list[Milestone]]:
    """A petition of 한솔's whose action is underway with a plan of two steps."""
    petition = world.petition()

    def make() -> list[Milestone]:
        at = clock.now()
        db.session.get_one(Petition, petition.id).fired_at = at
        db.session.add(Firing(petition_id=petition.id, at=at, tallies={}))
        db.session.flush()
        db.session.add(
            Action(
                id=new_id(),
                petition_id=petition.id,
                state="underway",
                currency="KRW",
                goal=30_000,
                pledged=30_000,
                started_at=at,
                collect_until=at,
                underway_at=at,
            )
        )
        if payee:
            db.session.add(
                Payee(
                    person_id=petition.organizer_id,
                    gateway="sandbox",
                    reference="acct",
                    label="Bank ••12",
                    saved_at=at,
                )
            )
        return plan(petition.id, [("설계", 40), ("설치", 60)])

    return petition, run_tx(make)
