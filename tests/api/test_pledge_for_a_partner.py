"""POST /petitions/<slug>/pledges: minor units in, a letter out, nothing charged and nothing twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import db
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.pledges.models import Pledge
from tests.world import World

from .conftest import Post, pledge

THINGS = OfferWish("deed", "units", 10, {"what": "things", "deed": "책장을 채워요", "within": 30, "back": 30})


def money_of(world: World, petition: Petition) -> int:
    return world.fresh(petition).pledge_thresholds[0].tally


def test_a_pledge_waits_for_its_letter_and_its_card(client: FlaskClient, world: World, post: Post) -> None:
    petition = world.petition()
    answer = post(f"/petitions/{petition.slug}/pledges", pledge(language="en"), key="k1")
    assert answer.status_code == 202
    said = answer.get_json()
    assert "₩12,000" in said.pop("terms")
    assert said == {
        "petition": petition.slug,
        "state": "draft",
        "kind": "gift",
        "measure": "money",
        "amount": 12_000,
        "currency": "KRW",
        "cost": 12_000,
        "tip": 0,
        "next": "Two steps left: confirm the pledge, and save a payment method.",
    }
    world.work()
    assert re.search(r"http://localhost/pledges/\S+", world.letters("junho")[0].text)
    assert money_of(world, petition) == 0


def test_with_a_saved_card_only_the_letter_is_left(client: FlaskClient, world: World, post: Post) -> None:
    petition = world.petition()
    answer = post(f"/petitions/{petition.slug}/pledges", pledge(payment_method="pm_ok"), key="k1")
    assert answer.get_json()["next"] == "One step left: confirm the pledge."
    assert money_of(world, petition) == 0
    world.work()
    link = re.search(r"http://localhost(/pledges/\S+)", world.letters("junho")[0].text)
    assert link
    client.get(link[1])
    assert money_of(world, petition) == 0
    client.post(link[1])
    assert money_of(world, petition) == 12_000


def test_amounts_are_minor_units(world: World, post: Post) -> None:
    petition = world.petition(currency="USD", goal=100_000)
    answer = post(f"/petitions/{petition.slug}/pledges", pledge(amount=1_234, tip=50), key="k1")
    assert (answer.get_json()["amount"], answer.get_json()["cost"]) == (1_234, 1_284)
    assert db.session.query(Pledge).one().amount == 1_234


def test_the_terms_of_a_kind(world: World, post: Post) -> None:
    petition = world.petition(offers=(THINGS,))
    path = f"/petitions/{petition.slug}/pledges"
    lacking = post(path, pledge(amount=1), key="k1")
    assert lacking.status_code == 422
    assert "ladder" in lacking.get_json()["errors"]["terms.thing"][0]
    terms = {"thing": "사다리", "lent": "give"}
    assert post(path, pledge(amount=1, terms=terms), key="k1").status_code == 202
    assert db.session.query(Pledge).one().terms["thing"] == "사다리"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": ...}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": 10**12}, "amount"),
        ({"amount": 10**400}, "amount"),
        ({"amount": 12.5}, "amount"),
        ({"amount": "12000"}, "amount"),
        ({"amount": True}, "amount"),
        ({"tip": -1}, "tip"),
        ({"kind": "nonsense"}, "kind"),
        ({"kind": "loan"}, "kind"),
        ({"currency": "USD"}, "amount"),
        ({"payment_method": "pm_nonsense"}, "payment_method"),
        ({"payment_method": "pm\x00"}, "payment_method"),
        ({"from_purse": True}, "from_purse"),
        ({"choice": "10000"}, "choice"),
        ({"key": "k"}, "key"),
        ({"state": "ready"}, "state"),
        ({"terms": {"email": "victim@example.org"}}, "terms.email"),
        ({"terms": {"from_purse": "1"}}, "terms.from_purse"),
        ({"terms": {"what": 1}}, "terms"),
        ({"terms": []}, "terms"),
        ({"consent": False}, "consent"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_is_wrong_is_named(world: World, post: Post, changes: dict[str, Any], field: str) -> None:
    petition = world.petition()
    answer = post(f"/petitions/{petition.slug}/pledges", pledge(**changes), key="k1")
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {field}
    assert db.session.query(Pledge).count() == 0


def test_a_pledge_has_to_name_itself(world: World, post: Post) -> None:
    petition = world.petition()
    answer = post(f"/petitions/{petition.slug}/pledges", pledge())
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_same_key_makes_one_pledge(world: World, post: Post) -> None:
    petition = world.petition()
    path = f"/petitions/{petition.slug}/pledges"
    first = post(path, pledge(), key="k1")
    again = post(path, pledge(), key="k1")
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert post(path, pledge(amount=13_000), key="k1").status_code == 422
    assert db.session.query(Pledge).count() == 1
    assert post(path, pledge(amount=13_000), key="k2").status_code == 202


def test_a_petition_that_takes_no_pledges(world: World, post: Post) -> None:
    petition = world.petition(state="closed")
    answer = post(f"/petitions/{petition.slug}/pledges", pledge(), key="k1")
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert "Nothing was charged" in answer.get_json()["detail"]
