"""The what-if page: the kinds' own rules on the pledges there are, and a sentence for every answer."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.organizing.what_if import Asked, Given, scenarios_of, unit_after
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.pledges import kinds
from app.pledges.kinds.base import Held, Offer, Promise
from tests.world import World

LOAN_TERMS = {"unit": 10_000, "cap": 5, "instalments": 12, "first_after": 1}


def given_of(kind_name: str, target: int, amounts: list[int], **terms: object) -> Given:
    kind = kinds.find(kind_name)
    assert kind is not None
    held = tuple(
        Held(str(place), f"p{place}", Promise(amount, "KRW")) for place, amount in enumerate(amounts)
    )
    return Given(kind, Offer(target, "KRW", terms), held)


def text_of(client: FlaskClient, petition: Petition, query: str = "") -> str:
    answer = client.get(f"/desk/{petition.slug}/what-if{query}")
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.mark.usefixtures("context")
class TestCards:
    def test_eight_per_cent_of_three_hundred_fail_and_nobody_pays(self) -> None:
        [told] = scenarios_of(given_of("gift", 3_000_000, [10_000] * 300), Asked(failing=8))
        assert ("8%", "24", "₩2,760,000", "0.0%", "nobody pays") in told.rows
        assert "that is too little" in told.sentence

    @pytest.mark.parametrize(("pledges", "odds"), [(335, "95.6%"), (339, "99.1%")])
    def test_the_chance_is_that_of_the_published_numbers(self, pledges: int, odds: str) -> None:
        [told] = scenarios_of(given_of("gift", 3_000_000, [10_000] * pledges), Asked(failing=8))
        assert next(row for row in told.rows if row[0] == "8%")[3] == odds
        assert "that is enough" in told.sentence

    def test_nobody_failing_is_certain(self) -> None:
        [told] = scenarios_of(given_of("gift", 30_000, [10_000] * 3), Asked(failing=0))
        assert told.rows[0] == ("0%", "0", "₩30,000", "100.0%", "₩30,000")

    def test_without_pledges_there_is_an_answer_too(self) -> None:
        [told] = scenarios_of(given_of("gift", 30_000, []), Asked())
        assert told.rows[0][3] == "0.0%"


def test_a_borrower_who_stops_after_five_and_a_part_costs_each_unit_the_same_as_the_simulator_says() -> None:
    given = given_of("loan", 3_000_000, [], **LOAN_TERMS)
    unit = unit_after(given, 5, 100_000, 150_000)
    assert (unit.paid, unit.received, unit.lost, unit.reserve_left) == (
        1_350_000,
        (5_000, 5_000),
        (5_000, 5_000),
        0,
    )
    assert unit_after(given, 1, 0, 0).received == (833, 834)


def test_a_loan_says_what_a_stop_costs(client: FlaskClient, world: World) -> None:
    petition = world.petition(offers=(OfferWish("loan", "money", 3_000_000, LOAN_TERMS),))
    world.sign_in(client, "organizer")
    page = text_of(client, petition, "?months=5&part=100,000&reserve=150,000")
    assert "₩1,350,000 has come back: a unit of ₩10,000 gets back ₩5,000 and loses ₩5,000." in page
    too_much = client.get(f"/desk/{petition.slug}/what-if?months=12&part=1")
    assert too_much.status_code == 422
    assert "more than the borrower still owes" in unescape(too_much.text)


def test_every_kind_has_its_answer(client: FlaskClient, world: World) -> None:
    order = {"item": "귤", "trade": "group", "origin": "", "tiers": [[1, 12_000], [50, 11_000]], "case": None}
    order |= {"freight": 50_000, "duty": 0, "limit": None, "pickups": ["학교 앞"], "delivery": "2030-01-31"}
    share = {"unit": 50_000, "total_units": 40, "founders": 5, "cap_percent": 30}
    crowd = {"mode": "crowdmatched", "unit": 10}
    deed = {"what": "hours", "deed": "개울을 치워요", "within": 30}
    world.sign_in(client, "organizer")
    bought = world.petition(offers=(OfferWish("order", "units", 50, order),))
    page = text_of(client, bought)
    assert "0 units are ordered now: too few for the first price." in page
    assert "50 units or more ₩11,000 ₩1,000 ₩12,000" in page
    cooperative = world.petition(offers=(OfferWish("share", "units", 40, share),))
    owned = text_of(client, cooperative)
    assert "Of a surplus of ₩1,000,000, ₩100,000 is reserved" in owned
    assert "25% of all use gets ₩112,500 for it" in owned
    assert "40% of all use gets ₩180,000 for it" in text_of(client, cooperative, "?use=40")
    assert client.get(f"/desk/{cooperative.slug}/what-if?use=101").status_code == 422
    monthly = world.petition(
        offers=(OfferWish("recurring", "units", 3, crowd), OfferWish("deed", "hours", 40, deed))
    )
    for name, cap in (("alice", 5), ("bob", 5), ("minji", 4), ("junho", 2)):
        world.pledge(monthly, name, 1, kind="recurring", cap=cap, most=cap * 10)
    world.pledge(monthly, "alice", 3, token="", kind="deed", what="hours")
    page = text_of(client, monthly, "?others=10&failing=50")
    assert "A month is worth ₩90 with today's 4 subscribers" in page
    assert "If 10 others promise 3 hours each by" in page
    assert "7 hours is still missing" in page


def test_it_is_linked_from_the_desk_and_private(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    assert client.get(f"/desk/{petition.slug}/what-if").status_code == 302
    world.sign_in(client, "bob")
    assert client.get(f"/desk/{petition.slug}/what-if").status_code == 404
    world.sign_in(client, "organizer")
    assert "/what-if" in client.get(f"/desk/{petition.slug}").text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("failing=x", "Write a whole number in digits."),
        ("failing=91", "Write a number of at most 90."),
        ("failing=", "Write a number."),
    ],
)
def test_bad_numbers_are_said_beside_the_field(
    client: FlaskClient, world: World, query: str, sentence: str
) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    answer = client.get(f"/desk/{petition.slug}/what-if?{query}")
    assert answer.status_code == 422
    found = re.search(r'id="failing-error"[^>]*>(.*?)</p>', unescape(answer.text), re.DOTALL)
    assert found
    assert sentence in found[1]
