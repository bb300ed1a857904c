"""What the tests of both desks share: a signed-in browser that sends forms the way a page does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.actions.firing import fire
from app.db import db, lock, run_tx
from app.payments.door import gateway
from app.payments.models import Payee
from app.people.models import key_of
from app.petitions.models import Petition, Signature
from app.petitions.signing import SignatureWish, sign, validate
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
        sign(petition.id, wish)
        made = db.session.scalars(
            sa.select(Signature.id).where(
                Signature.petition_id == petition.id, Signature.email_key == key_of(address)
            )
        ).one()
        validate(made)
        return str(made)

    return run_tx(make)


def underway(
    world: World, *, payee: bool = True, due: Sequence[date | None] = ()
) -> tuple[Petition, list[str]]:
    """A petition of 한솔's that fired and collected Bob's 30,000 won.

    Its two steps get 40 and 60 %, the first of them promised for the days ``due``.
    """
    petition = world.petition(signatures=1, goal=30_000)
    steps = world.plan(petition, 40, 60, due=due)
    world.pledge(petition, "bob", 30_000)
    world.sign(petition, "minji")
    run_tx(lambda: setattr(lock(Petition, petition.id), "window_ends_at", clock.now()))
    assert run_tx(lambda: fire(petition.id))
    world.work()
    assert world.action(petition).state == "underway"
    if payee:
        name_account(petition)
    return world.fresh(petition), steps


def name_account(petition: Petition) -> None:
    """An account for the organizer's payouts."""
    organizer_id = petition.organizer_id
    reference, label = gateway().save_payee(label="두레은행", number="110-222-333333")
    values = {"gateway": "sandbox", "reference": reference, "label": label, "saved_at": clock.now()}
    run_tx(lambda: db.session.add(Payee(person_id=organizer_id, **values)))
