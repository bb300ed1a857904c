"""Pages and letters name every threshold in its own measure, and speak of money only where there is some."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app import clock
from app.actions.firing import fire
from app.db import lock, run_tx
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from tests.world import World

HOURS = {"what": "hours", "deed": "개울을 치워요", "within": 30}
PEOPLE = {"what": "people", "deed": "개울을 치워요", "within": 30}
ORDER = {"item": "귤", "trade": "group", "origin": "", "tiers": [[1, 12_000], [3, 11_000]], "case": None}
ORDER |= {"freight": 0, "duty": 0, "limit": None, "pickups": ["학교 앞"], "delivery": "2030-01-31"}
SHARE = {"unit": 50_000, "total_units": 40, "founders": 5, "cap_percent": 30}
CROWD = {"mode": "crowdmatched", "unit": 10}
OF_MONEY = re.compile(
    r"\b(cards?|pays?|paid|charged?|payments?|payouts?|escrow|refund\w*|₩[\d,]+)\b", re.IGNORECASE
)


def three(world: World) -> Petition:
    offers = (
        OfferWish("gift", "money", 30_000),
        OfferWish("deed", "hours", 8, HOURS),
        OfferWish("recurring", "units", 2, CROWD),
    )
    return world.petition(signatures=1, offers=offers)


def deeds_alone(world: World) -> Petition:
    return world.petition(signatures=1, offers=(OfferWish("deed", "hours", 8, HOURS),))


def main_of(page: str) -> str:
    """The words of a page between its header and its footer, without the cards' covers and code to copy."""
    body = re.sub(r"<(script|style|textarea|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    found = re.search(r"<main\b.*?</main>", body, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def tip(world: World, petition: Petition) -> None:
    run_tx(lambda: setattr(lock(Petition, petition.id), "window_ends_at", clock.now()))
    assert run_tx(lambda: fire(petition.id))
    world.work()


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        (OfferWish("order", "units", 50, ORDER), "0 / 50 units promised"),
        (OfferWish("share", "units", 40, SHARE), "0 / 40 shares promised"),
        (OfferWish("deed", "units", 11, PEOPLE), "0 / 11 people promised"),
        (OfferWish("deed", "hours", 200, HOURS), "0 / 200 hours promised"),
        (OfferWish("recurring", "units", 300, CROWD), "0 / 300 people promised"),
        (OfferWish("recurring", "money", 500_000, {"mode": "fixed"}), "₩0 / ₩500,000 a month pledged"),
    ],
)
def test_every_target_is_named_in_its_measure(
    client: FlaskClient, world: World, offer: OfferWish, words: str
) -> None:
    petition = world.petition(offers=(offer,))
    for address in (f"/petitions/{petition.slug}", f"/petitions/{petition.slug}/progress", "/", "/petitions"):
        page = client.get(address, headers={"Accept-Language": "en"}).text
        text = main_of(page) if "<main" in page else " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
        assert words in text, address
    items = client.get(f"/api/v1/petitions/{petition.slug}").get_json()["thresholds"]
    assert [(item["kind"], item["measure"]) for item in items] == [
        ("signatures", "signatures"),
        (offer.kind, offer.measure),
    ]


def test_three_or_more_thresholds_are_every_not_both(client: FlaskClient, world: World) -> None:
    petition = three(world)
    page = main_of(client.get(f"/petitions/{petition.slug}").text)
    assert "₩30,000, 8 hours, 2 people have come together by" in page
    assert "Only if every threshold holds by" in page
    assert "both thresholds" not in page.lower()
    world.sign(petition, "minji")
    world.pledge(petition, "bob", 30_000)
    world.pledge(petition, "alice", 8, token="", kind="deed", what="hours")
    for name in ("junho", "minji"):
        world.pledge(petition, name, 1, kind="recurring", cap=5, most=50)
    world.work()
    assert "Every threshold holds." in main_of(client.get(f"/petitions/{petition.slug}").text)
    [letter] = [each for each in world.letters("organizer") if "threshold" in each.subject]
    assert (
        "has reached every threshold: 1 signatures, and ₩30,000 · 8 hours · 2 people pledged" in letter.text
    )
    tip(world, petition)
    account = main_of(client.get(f"/actions/{petition.slug}").text)
    assert "Every threshold held" in account
    assert "8 hours pledged" in account
    assert "both thresholds" not in account.lower()


def test_a_petition_for_deeds_alone_never_speaks_of_money(client: FlaskClient, world: World) -> None:
    petition = deeds_alone(world)
    world.plan(petition, 50, 50)
    addresses = [f"/petitions/{petition.slug}", f"/petitions/{petition.slug}/pledges?kind=deed"]
    pages = [main_of(client.get(address).text) for address in addresses]
    world.sign(petition, "minji")
    world.pledge(petition, "alice", 8, token="", kind="deed", what="hours")
    pages.append(main_of(client.get(addresses[0]).text))
    tip(world, petition)
    addresses.append(f"/actions/{petition.slug}")
    pages += [main_of(client.get(address).text) for address in (addresses[0], addresses[2])]
    for page in pages:
        without_price = page.replace("it costs no money", "").replace("No money moves", "")
        assert not OF_MONEY.findall(without_price), page
    for person in ("minji", "alice", "organizer"):
        for letter in world.letters(person):
            assert not OF_MONEY.findall(letter.text.replace("it costs no money", "")), letter.text


def test_the_desk_of_a_petition_without_money_works(client: FlaskClient, world: World) -> None:
    petition = deeds_alone(world)
    world.pledge(petition, "alice", 3, token="", kind="deed", what="hours")
    world.sign_in(client, "organizer")
    page = main_of(client.get(f"/desk/{petition.slug}").text)
    assert "1 signatures and 1 hour of pledges a day reach both thresholds in time." in page
    assert "3 hours" in page
    assert "deed" not in client.get(f"/desk/{petition.slug}/pledges.csv").text
    assert ",3,hours," in client.get(f"/desk/{petition.slug}/pledges.csv").text
