"""Deciding: every act of a moderator works once, needs its reason, and stays on record."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError

from app import clock
from app.db import db, run_tx
from app.moderation.models import Decision
from app.petitions.models import Petition
from app.petitions.reasons import REJECTIONS
from tests.organizing.desk import OURS, signature
from tests.organizing.desk import send as send_form
from tests.world import World


def decisions() -> list[Decision]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Decision).order_by(Decision.at)))


def path(petition: Petition, verb: str = "") -> str:
    return f"/moderation/petitions/{petition.slug}" + (f"/{verb}" if verb else "")


def press(client: FlaskClient, petition: Petition, verb: str, **data: Any) -> Any:
    return send_form(client, path(petition, verb), data, page=path(petition))


@pytest.mark.parametrize(
    ("verb", "reason", "states"),
    [
        ("publish", "", ("moderation", "open")),
        ("reject", "duplicate", ("moderation", "rejected")),
        ("hide", "complaint", ("open", "hidden")),
        ("show", "cleared", ("hidden", "open")),
    ],
)
def test_a_decision_changes_the_state_and_is_on_record(
    client: FlaskClient, world: World, verb: str, reason: str, states: tuple[str, str]
) -> None:
    before, after = states
    petition = world.petition(state=before)
    mira = world.sign_in(client, "moderator")
    answer = press(client, petition, verb, reason=reason, note="looked at twice")
    assert answer.status_code == 303
    assert world.fresh(petition).state == after
    [decision] = decisions()
    assert (decision.moderator_id, decision.petition_id) == (mira.id, petition.id)
    assert (decision.verb, decision.reason, decision.note) == (verb, reason, "looked at twice")


def test_the_same_press_twice_is_one_decision(client: FlaskClient, world: World) -> None:
    petition = world.petition(state="moderation")
    world.sign_in(client, "moderator")
    page = client.get(path(petition)).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    for _ in range(2):
        client.post(path(petition, "publish"), data={"csrf_token": token}, headers=OURS)
    assert len(decisions()) == 1


@pytest.mark.parametrize("verb", ["publish", "reject", "show"])
def test_a_verb_out_of_season_changes_nothing(client: FlaskClient, world: World, verb: str) -> None:
    petition = world.petition(state="open")
    world.sign_in(client, "moderator")
    reason = {"reject": "duplicate", "show": "cleared"}.get(verb, "")
    press(client, petition, verb, reason=reason)
    assert world.fresh(petition).state == "open"
    assert decisions() == []


@pytest.mark.parametrize("reason", ["", "because", "complaint"])
def test_rejecting_needs_a_reason_from_the_list(client: FlaskClient, world: World, reason: str) -> None:
    petition = world.petition(state="moderation")
    world.sign_in(client, "moderator")
    answer = press(client, petition, "reject", reason=reason, note="typed and kept")
    assert answer.status_code == 422
    assert "Choose a reason from the list." in answer.text or "목록" in answer.text
    assert "typed and kept" in answer.text
    assert world.fresh(petition).state == "moderation"
    assert decisions() == []


def test_the_organizer_reads_the_reason_as_a_sentence(client: FlaskClient, world: World) -> None:
    petition = world.petition(state="moderation")
    world.sign_in(client, "moderator")
    press(client, petition, "reject", reason="not_actionable")
    world.sign_in(client, "organizer")
    page = unescape(client.get(f"/desk/{petition.slug}?lang=en").text)
    assert str(REJECTIONS["not_actionable"]) in page


def test_featuring_puts_on_the_front_page_and_takes_off(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "moderator")
    press(client, petition, "feature")
    assert world.fresh(petition).featured_at is not None
    press(client, petition, "unfeature")
    assert world.fresh(petition).featured_at is None
    assert [decision.verb for decision in decisions()] == ["feature", "unfeature"]


def test_the_review_shows_text_sponsors_and_where_links_lead(client: FlaskClient, world: World) -> None:
    petition = world.petition(
        state="sponsoring", text="**굵게** [여기](https://example.org/a?b=1&c=2) <script>x</script>"
    )
    signature(petition, "준호")
    world.sign_in(client, "moderator")
    page = client.get(path(petition)).text
    assert "<strong>굵게</strong>" in page
    assert "<code>https://example.org/a?b=1&amp;c=2</code>" in page
    assert "<script>x" not in page
    assert "준호" in page


def test_the_queue_starts_with_who_waits_longest(client: FlaskClient, world: World) -> None:
    late, early = clock.now(), clock.now() - timedelta(days=1)
    world.petition(title="나중에 온 것", state="moderation", submitted_at=late)
    world.petition(title="먼저 온 것", state="moderation", submitted_at=early)
    world.petition(title="이미 열린 것", state="open")
    world.sign_in(client, "moderator")
    page = client.get("/moderation").text
    assert page.index("먼저 온 것") < page.index("나중에 온 것")
    assert "이미 열린 것" not in page
    assert "이미 열린 것" in client.get("/moderation?q=열린").text


def test_the_audit_list_names_who_what_and_why(client: FlaskClient, world: World) -> None:
    petition = world.petition(state="moderation")
    world.sign_in(client, "moderator")
    press(client, petition, "reject", reason="illegal", note="§ 307")
    page = client.get("/moderation/decisions?lang=en").text
    assert "Mira" in page
    assert "Unlawful" in page
    assert "§ 307" in page
    assert petition.title in page


def test_no_decision_can_be_changed_or_deleted(client: FlaskClient, world: World) -> None:
    petition = world.petition(state="moderation")
    world.sign_in(client, "moderator")
    press(client, petition, "publish")
    for change in (sa.update(Decision).values(reason="other"), sa.delete(Decision)):
        with pytest.raises(DBAPIError, match="append-only"):
            run_tx(lambda change=change: db.session.execute(change))
    assert [decision.reason for decision in decisions()] == [""]
