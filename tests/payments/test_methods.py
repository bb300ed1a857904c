"""Saved methods: by a script's token, remembered once, owned by one person."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from app.config import Settings
from app.db import db, run_tx
from app.errors import Refusal
from app.outbox import Announcement
from app.payments.door import Gateway, SavedMethod
from app.payments.methods import own, remember
from app.payments.models import PaymentMethod
from tests.databases import KEY
from tests.world import World

CARD = SavedMethod("sandbox", "pm_1", "f" * 64, "Sandbox •••• 4242")


def announced() -> list[dict[str, Any]]:
    db.session.rollback()
    query = sa.select(Announcement.payload).where(Announcement.topic == "payment_method_saved")
    return list(db.session.scalars(query.order_by(Announcement.id)))


@pytest.mark.parametrize(
    "token", ["pm_ok", "pm_declined_on_hold", "pm_needs_auth", "pm_timeout_after_success"]
)
def test_a_token_saves_a_method(token: str, sandbox: Gateway) -> None:
    saved = sandbox.save_token(token)

    assert saved.gateway == "sandbox"
    assert saved.label.startswith("Sandbox •••• ")


def test_two_people_with_one_token_do_not_share_a_card(sandbox: Gateway) -> None:
    alice, bob = sandbox.save_token("pm_ok"), sandbox.save_token("pm_ok")

    assert alice.reference != bob.reference
    assert alice.fingerprint != bob.fingerprint


@pytest.mark.parametrize("token", ["", "ok", "pm_", "pm_ok ", "pm_visa", "4242424242424242"])
def test_an_unknown_token_is_refused_beside_its_field(token: str, sandbox: Gateway) -> None:
    with pytest.raises(Refusal) as refusal:
        sandbox.save_token(token)
    assert refusal.value.field == "payment_method"


def test_production_knows_no_tokens(app: Any, sandbox: Gateway) -> None:
    app.config["DURE"] = Settings(env="production", secret_key=KEY, base_url="https://dure.example")

    with pytest.raises(Refusal):
        sandbox.save_token("pm_ok")


def test_a_method_is_remembered_once(world: World) -> None:
    first = run_tx(lambda: remember(CARD).id)
    again = run_tx(lambda: remember(CARD).id)

    assert first == again
    assert db.session.scalars(sa.select(sa.func.count()).select_from(PaymentMethod)).one() == 1
    assert announced() == []


def test_a_confirmed_person_owns_the_method(world: World) -> None:
    alice = world.person("alice").id
    method_id = run_tx(lambda: remember(CARD).id)

    assert run_tx(lambda: own(method_id, alice))
    assert announced() == [{"method_id": method_id, "person_id": alice}]
    assert run_tx(lambda: remember(CARD).person_id) == alice


def test_nobody_takes_over_a_method(world: World) -> None:
    alice, bob = world.person("alice").id, world.person("bob").id
    method = run_tx(lambda: remember(CARD, alice))

    assert method.person_id == alice
    assert not run_tx(lambda: own(method.id, bob))
    assert run_tx(lambda: remember(CARD, bob).person_id) == alice
    assert announced() == [{"method_id": method.id, "person_id": alice}]
