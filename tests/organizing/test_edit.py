"""Editing: terms are locked with the first signature, words when the petition opens."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.actions.planning import Step
from app.db import db, run_tx
from app.organizing.revising import steps_of
from app.petitions.models import Petition
from app.petitions.searching import containing
from tests.organizing.desk import days_ahead, launch_data, send, signature
from tests.world import World

LOCKED = "Somebody has signed, so"


@pytest.fixture
def petition(world: World) -> Petition:
    made = world.petition(
        state="sponsoring", deadline=clock.now().replace(microsecond=123_456) + timedelta(days=30)
    )
    world.plan(made, 40, 60, due=(days_ahead(40),))
    return made


def form_of(petition: Petition, **changes: Any) -> dict[str, Any]:
    """The edit form as its page shows it, with changes."""
    assert petition.deadline is not None
    at = petition.deadline.astimezone(clock.SEOUL)
    data = launch_data(
        title=petition.title,
        signature_target=str(petition.signatures.target),
        goal=f"{petition.pledge_thresholds[0].target:,}",
        deadline=at.date().isoformat(),
        deadline_time=at.strftime("%H:%M"),
        step1_title="1단계",
        step1_due=days_ahead(40).isoformat(),
        step2_title="2단계",
    )
    return data | changes


def path(petition: Petition) -> str:
    return f"/desk/{petition.slug}/edit?lang=en"


def test_before_the_first_signature_everything_may_change(
    client: FlaskClient, world: World, petition: Petition
) -> None:
    world.sign_in(client, "organizer")
    changes = {
        "title": "도서관을 열어 주세요",
        "signature_target": "50",
        "goal": "20.50",
        "currency": "USD",
        "deadline": days_ahead(10).isoformat(),
        "deadline_time": "18:00",
        "step1_share": "70",
        "step2_share": "30",
        "step1_due": "",
        "step2_due": days_ahead(12).isoformat(),
    }
    assert send(client, path(petition), form_of(petition, **changes)).status_code == 303
    now = world.fresh(petition)
    assert (now.title, now.currency, now.signatures.target) == ("도서관을 열어 주세요", "USD", 50)
    assert (now.pledge_thresholds[0].target, now.pledge_thresholds[0].currency) == (2_050, "USD")
    assert now.deadline is not None
    assert now.deadline.astimezone(clock.SEOUL).isoformat() == f"{days_ahead(10)}T18:00:00+09:00"
    assert steps_of(now.id) == [Step("1단계", 70), Step("2단계", 30, days_ahead(12))]
    found = containing("도서관")
    assert found is not None
    assert db.session.query(Petition).where(found).count() == 1, "it is found by its new title"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "다른 요구"},
        {"addressee": "다른 곳"},
        {"signature_target": "2"},
        {"goal": "1"},
        {"currency": "JPY"},
        {"deadline": "2027-06-01"},
        {"step1_share": "50", "step2_share": "50"},
        {"step1_title": "다른 일"},
        {"step2_due": days_ahead(50).isoformat()},
    ],
)
def test_after_the_first_signature_terms_are_locked(
    client: FlaskClient, world: World, petition: Petition, change: dict[str, str]
) -> None:
    signature(petition, "alice")
    world.sign_in(client, "organizer")
    before = snapshot(world.fresh(petition))
    answer = send(client, path(petition), form_of(petition, **change))
    assert answer.status_code == 422
    assert LOCKED in unescape(answer.text)
    assert next(iter(change.values())) in answer.text
    assert snapshot(world.fresh(petition)) == before


def test_after_the_first_signature_wording_may_still_be_corrected(
    client: FlaskClient, world: World, petition: Petition
) -> None:
    signature(petition, "alice")
    world.sign_in(client, "organizer")
    deadline = petition.deadline
    changes = {"summary": "고친 요약이에요.", "text": "고친 글이에요."}
    assert send(client, path(petition), form_of(petition, **changes)).status_code == 303
    now = world.fresh(petition)
    assert (now.summary, now.text) == ("고친 요약이에요.", "고친 글이에요.")
    assert now.deadline == deadline, "to the microsecond"


def test_a_pending_signature_locks_as_well(client: FlaskClient, world: World, petition: Petition) -> None:
    from app.petitions.signing import SignatureWish, sign

    run_tx(lambda: sign(petition.id, SignatureWish("준호", "junho@example.org", "KR-11", "ko")))
    world.sign_in(client, "organizer")
    assert send(client, path(petition), form_of(petition, goal="1")).status_code == 422


@pytest.mark.parametrize("state", ["open", "closed", "rejected", "hidden"])
def test_once_it_is_out_nothing_changes(client: FlaskClient, world: World, state: str) -> None:
    editable = world.petition(state="sponsoring", title="고칠 수 있는 청원")
    done = world.petition(state=state)
    world.plan(done, 40, 60)
    before = snapshot(done)
    world.sign_in(client, "organizer")
    answer = send(client, path(done), form_of(done, text="고친 글이에요."), page=path(editable))
    assert answer.status_code == 409
    assert snapshot(world.fresh(done)) == before


def test_unchanged_changes_nothing(client: FlaskClient, world: World, petition: Petition) -> None:
    world.sign_in(client, "organizer")
    before = snapshot(petition)
    assert send(client, path(petition), form_of(petition)).status_code == 303
    assert snapshot(world.fresh(petition)) == before


def snapshot(petition: Petition) -> tuple[Any, ...]:
    return (
        petition.title,
        petition.addressee,
        petition.text,
        petition.deadline,
        petition.currency,
        [(t.measure, t.target, t.currency) for t in petition.thresholds],
        steps_of(petition.id),
    )
