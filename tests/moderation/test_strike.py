"""Striking signatures: selected, or by a pattern that means something, each batch on record."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.db import db, run_tx
from app.errors import Refusal
from app.moderation import invalidating
from app.moderation.invalidating import address_like, matching, strike
from app.moderation.models import Decision
from app.petitions.models import Petition, Signature
from app.petitions.signing import withdraw
from tests.organizing.desk import send, signature
from tests.world import World

EMPTY = ("", " ", "*", "**", "* *", "*@*", "*@*.*", "@", ".", "*.*")


def path(petition: Petition) -> str:
    return f"/moderation/petitions/{petition.slug}/signatures"


def state_of(signature_id: str) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(Signature.state).where(Signature.id == signature_id)).one()


def decisions() -> list[Decision]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Decision).order_by(Decision.at)))


def test_the_selected_are_struck_and_the_tally_follows(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    kept, struck = signature(petition, "alice"), signature(petition, "bob")
    mira = world.sign_in(client, "moderator")
    answer = send(client, path(petition), {"scope": "selected", "selected": struck, "reason": "automated"})
    assert answer.status_code == 303
    assert (state_of(kept), state_of(struck)) == ("validated", "invalidated")
    assert world.fresh(petition).signatures.tally == 1
    [decision] = decisions()
    assert (decision.moderator_id, decision.reason, decision.detail) == (mira.id, "automated", {"count": 1})
    assert db.session.get_one(Signature, struck).invalidation_reason == "automated"


def test_all_that_fit_a_pattern_are_struck(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    spam = [signature(petition, f"bot{n}", email=f"bot{n}@Spam.Example") for n in range(3)]
    other = signature(petition, "alice", email="alice@spam.example.org")
    world.sign_in(client, "moderator")
    preview = client.get(f"{path(petition)}?address=*@SPAM.example&lang=en").text
    assert "3 of them count or wait and would be struck." in preview
    send(
        client,
        path(petition),
        {"scope": "matching", "address": "*@SPAM.example", "reason": "disposable_address"},
        page=f"{path(petition)}?address=*@SPAM.example",
    )
    assert {state_of(s) for s in spam} == {"invalidated"}
    assert state_of(other) == "validated"
    [decision] = decisions()
    assert decision.detail == {"count": 3, "pattern": "*@SPAM.example"}


@pytest.mark.parametrize("pattern", EMPTY)
def test_an_empty_filter_is_refused(client: FlaskClient, world: World, pattern: str) -> None:
    petition = world.petition()
    made = signature(petition, "alice")
    world.sign_in(client, "moderator")
    data = {"scope": "matching", "address": pattern, "reason": "automated", "note": "typed and kept"}
    answer = send(client, f"{path(petition)}?lang=en", data)
    assert answer.status_code == 422
    assert "An empty filter would strike everybody." in answer.text
    assert "typed and kept" in answer.text
    assert state_of(made) == "validated"
    assert decisions() == []


@pytest.mark.parametrize("literal", ["%", "_", "\\", "al%", "a_ice@example.org", "x' OR '1'='1"])
def test_everything_but_the_asterisk_stands_for_itself(world: World, literal: str) -> None:
    petition = world.petition()
    made = signature(petition, "alice")
    assert matching(petition.id, literal) == []
    assert matching(petition.id, "AL*@example.org") == [made]


def test_a_storm_of_asterisks_is_refused(context: None) -> None:
    with pytest.raises(Refusal):
        address_like("*a*b*c*d*e*")


@pytest.mark.parametrize("data", [{"reason": ""}, {"reason": "automated"}, {"reason": "none"}])
def test_a_reason_and_a_selection_are_needed(client: FlaskClient, world: World, data: dict[str, Any]) -> None:
    petition = world.petition()
    made = signature(petition, "alice")
    world.sign_in(client, "moderator")
    chosen = {} if data["reason"] == "automated" else {"selected": made}
    assert send(client, path(petition), {"scope": "selected", **data, **chosen}).status_code == 422
    assert state_of(made) == "validated"


def test_signatures_of_another_petition_are_out_of_reach(client: FlaskClient, world: World) -> None:
    petition, other = world.petition(), world.petition(title="다른 청원")
    mine, foreign = signature(petition, "alice"), signature(other, "bob")
    world.sign_in(client, "moderator")
    data = {"scope": "selected", "selected": [foreign, mine, "no-id"], "reason": "automated"}
    send(client, path(petition), data)
    assert (state_of(mine), state_of(foreign)) == ("invalidated", "validated")


def test_batches_are_transactions_of_their_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invalidating, "BATCH", 2)
    petition = world.petition(signatures=100)
    ids = [signature(petition, f"bot{n}") for n in range(5)]
    run_tx(lambda: withdraw(ids[0]))
    moderator = world.person("moderator")
    struck = strike(moderator.id, petition.id, ids, reason="automated", note="", pattern="bot*")
    assert struck == 4, "the one withdrawn meanwhile is passed over"
    assert [d.detail["count"] for d in decisions()] == [1, 2, 1]
    assert world.fresh(petition).signatures.tally == 0


def test_striking_inside_the_window_ends_it(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    made = signature(petition, "alice")
    world.pledge(petition, "bob", 10_000)
    assert world.fresh(petition).tipped_at is not None
    world.sign_in(client, "moderator")
    send(client, path(petition), {"scope": "selected", "selected": made, "reason": "same_person"})
    assert world.fresh(petition).tipped_at is None


def test_the_domains_and_networks_that_sent_most_are_named(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=100)
    for n in range(3):
        signature(petition, f"bot{n}", email=f"bot{n}@spam.example", network="deadbeefcafe")
    signature(petition, "alice")
    world.sign_in(client, "moderator")
    page = client.get(path(petition)).text
    assert '<th scope="row">spam.example</th><td class="num">3</td>' in page
    assert '<th scope="row">deadbeef</th><td class="num">3</td>' in page
    assert '<th scope="row">example.org</th>' not in page
