"""Making a pledge: once per key, only while it could count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.money import LARGEST
from app.outbox import Announcement
from app.people.models import Person
from app.petitions.models import Follow
from app.pledges.pledging import make
from tests.pledges.promises import card, drafted, money, stored, wish
from tests.world import World


def topics() -> list[str]:
    return list(
        db.session.scalars(sa.select(Announcement.topic).where(Announcement.topic.startswith("pledge_")))
    )


def test_a_guests_pledge_waits_for_its_letter_and_its_method(world: World) -> None:
    petition = world.petition()
    pledge = drafted(petition)
    assert (pledge.state, pledge.confirmed_at, pledge.payment_method_id) == ("draft", None, None)
    assert (pledge.measure, pledge.amount, pledge.currency) == ("money", 10_000, "KRW")
    assert topics() == ["pledge_made"]
    assert money(world, petition).tally == 0
    assert db.session.scalar(sa.select(Person).where(Person.email == "minji@example.org")) is None


def test_the_same_key_returns_the_same_pledge(world: World) -> None:
    petition = world.petition()
    first, second = drafted(petition), drafted(petition)
    assert first.id == second.id
    assert len(stored()) == 1
    assert topics() == ["pledge_made"]


def test_the_same_key_still_returns_its_pledge_when_the_petition_has_closed(world: World) -> None:
    petition = world.petition()
    first = drafted(petition)
    run_tx(lambda: setattr(world.fresh(petition), "state", "closed"))
    assert drafted(petition).id == first.id


@pytest.mark.parametrize("changed", [{"amount": 20_000}, {"email": "junho@example.org"}])
def test_the_same_key_with_other_contents_is_refused(world: World, changed: dict[str, Any]) -> None:
    petition = world.petition()
    drafted(petition)
    with pytest.raises(Refusal) as refused:
        drafted(petition, **changed)
    assert refused.value.field == "key"
    assert len(stored()) == 1


def test_another_spelling_of_the_address_is_the_same_person(world: World) -> None:
    petition = world.petition()
    assert drafted(petition).id == drafted(petition, email="MinJi+x@Example.org").id


def test_one_key_serves_two_petitions(world: World) -> None:
    drafted(world.petition())
    drafted(world.petition(title="다른 청원"))
    assert len(stored()) == 2


def test_a_signed_in_person_with_a_method_counts_at_once(world: World) -> None:
    petition, minji = world.petition(), world.person("minji")
    saved = card()
    pledge = run_tx(lambda: make(petition.id, wish(), idempotency_key="a", saved=saved, person=minji))
    assert pledge.state == "ready"
    assert pledge.person_id == minji.id
    assert topics() == ["pledge_ready"]
    assert (money(world, petition).tally, money(world, petition).contributors) == (10_000, 1)
    assert db.session.get(Follow, (petition.id, minji.id)) is not None


def test_a_signed_in_persons_pledge_is_theirs_whatever_address_the_wish_names(world: World) -> None:
    petition, minji = world.petition(), world.person("minji")
    pledge = run_tx(
        lambda: make(petition.id, wish(email="bob@example.org"), idempotency_key="a", person=minji)
    )
    assert (pledge.email, pledge.email_key) == (minji.email, minji.email_key)


def test_the_mandate_is_kept_in_the_persons_language(world: World) -> None:
    petition = world.petition(signatures=1_000, goal=3_000_000)
    mandate = drafted(petition, locale="en", amount=30_000).mandate
    assert mandate.startswith("You pay ₩30,000 only if 1,000 people sign and ₩3,000,000 is pledged by ")
    assert mandate.endswith("Until then you can take it back at any time.")


@pytest.mark.parametrize("amount", [1, 10, LARGEST])
def test_any_positive_amount_up_to_the_largest_is_taken(world: World, amount: int) -> None:
    assert drafted(world.petition(currency="USD"), amount=amount).amount == amount


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": LARGEST + 1}, "amount"),
        ({"currency": "USD"}, "amount"),
        ({"kind": "loan"}, "kind"),
        ({"terms": {"units": 2}}, "kind"),
    ],
)
def test_what_the_kind_or_the_petition_forbids_is_refused(
    world: World, changes: dict[str, Any], field: str
) -> None:
    petition = world.petition()
    with pytest.raises(Refusal) as refused:
        drafted(petition, **changes)
    assert refused.value.field == field
    assert stored() == []


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "closed"},
        {"state": "hidden"},
        {"state": "sponsoring"},
        {"fired_at": clock.now()},
        {"deadline": clock.now() - timedelta(milliseconds=1)},
    ],
)
def test_a_petition_that_is_not_open_takes_no_pledge(world: World, columns: dict[str, Any]) -> None:
    petition = world.petition(**columns)
    with pytest.raises(Refusal):
        drafted(petition)
    assert stored() == []
