"""The pages of a subscription: the public one, the patron's, the desk's."""

from __future__ import annotations

from datetime import UTC

from flask.testing import FlaskClient

from app.db import db
from app.petitions.models import Petition
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from app.subscribing.models import Bill
from app.subscribing.reading import read_months
from tests.actions.stages import read
from tests.world import World

from .months import DECEMBER, at, bills, day, own_bill, subscribed, subscription, work_at


def own_page(pledge_id: str) -> str:
    return f"/subscriptions/{letter_token(db.session.get_one(Pledge, pledge_id))}"


def test_the_public_page_says_what_came_in_and_may_be_kept(world: World, client: FlaskClient) -> None:
    petition, _ = subscribed(world, [("alice", 9, "pm_ok"), ("bob", 9, "pm_ok")], unit=1_000)
    work_at(world, day(-1, 24), day(0, 1))
    with at(day(0, 1, 10)):
        page = read(client, f"/actions/{petition.slug}/subscription")
        answer = client.get(f"/actions/{petition.slug}/subscription", headers={"Accept-Language": "en"})
    assert "2 people pay ₩2,000 a month each." in page
    assert "December 2026 2 ₩2,000 ₩4,000 –" in page
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "public" in answer.headers["Cache-Control"]
    assert client.get(f"/actions/{world.petition(title='없는 일').slug}/subscription").status_code == 404


def test_the_patrons_page_says_what_comes_next_and_lets_everything_be_changed(
    world: World, client: FlaskClient
) -> None:
    _, pledges = subscribed(world, [("alice", 10_000, "pm_ok")])
    work_at(world, day(-1, 24), day(0, 1))
    with at(day(0, 5)):
        address = own_page(pledges["alice"])
        page = read(client, f"{address}?lang=en")
        assert "On January 1, 2027 ₩10,000 is charged, and not more." in page
        assert "December 2026 Paid on December 1, 2026 ₩10,000 Paid" in page
        wrong = client.post(f"{address}?lang=en", data={"amount": "ten"})
        assert wrong.status_code == 422
        assert "Write the amount in digits" in wrong.text
        assert 'value="ten"' in wrong.text
        assert client.post(address, data={"amount": "20,000"}).status_code == 303
        assert "₩20,000 is charged" in read(client, f"{address}?lang=en")
        assert client.get(f"{address}/cancellation").status_code == 200
        assert client.post(f"{address}/pause").status_code == 303
        assert "no month is charged until you resume" in read(client, f"{address}?lang=en")
        assert client.post(f"{address}/resume").status_code == 303
        assert subscription(pledges["alice"]).runs
        assert "Nothing more is charged" in client.post(f"{address}/cancellation?lang=en").text
        assert client.post(address, data={"amount": "5,000"}).status_code == 409
    assert subscription(pledges["alice"]).ended_because == "cancelled"
    assert bills(pledges["alice"]) == [(10_000, "paid")]


def test_a_limit_is_set_and_lifted(world: World, client: FlaskClient) -> None:
    _, pledges = subscribed(world, [("alice", 3, "pm_ok"), ("bob", 3, "pm_ok")], unit=1_000)
    address = own_page(pledges["alice"])
    with at(day(-1, 12)):
        assert "about ₩2,000 is charged" in read(client, f"{address}?lang=en")
        assert client.post(address, data={"amount": "1,500"}).status_code == 303
        assert subscription(pledges["alice"]).cap == 1
        assert "nothing is charged: your limit is lower" not in read(client, f"{address}?lang=en")
        assert client.post(address, data={"amount": "500"}).status_code == 422
        assert client.post(address, data={"no_limit": "y"}).status_code == 303
    assert subscription(pledges["alice"]).cap is None


def test_another_method_is_saved_at_the_gateway_and_charged_from_then_on(
    world: World, client: FlaskClient
) -> None:
    _, pledges = subscribed(world, [("alice", 10_000, "pm_declined_on_hold")])
    work_at(world, day(-1, 24), day(0, 1))
    with at(day(0, 2)):
        address = own_page(pledges["alice"])
        assert "could not be charged. It is tried again on December 3, 2026" in read(
            client, f"{address}?lang=en"
        )
        saving = client.post(f"{address}/method")
        assert saving.status_code == 303
        page = client.get(saving.headers["Location"])
        assert page.status_code == 200
        assert client.get(f"{address}/method?setup=forged").status_code in {404, 409, 422}


def test_receipts_are_kept_by_year_to_print_and_as_a_sheet(world: World, client: FlaskClient) -> None:
    _, pledges = subscribed(world, [("alice", 10_000, "pm_ok")])
    work_at(world, day(-1, 24), day(0, 1), day(0, 25), day(1, 1))
    with at(day(1, 2)):
        address = own_page(pledges["alice"])
        page = read(client, f"{address}/receipts?year=2026&lang=en")
        assert "Alice paid ₩10,000 in 2026." in page
        sheet = client.get(f"{address}/receipts.csv?year=2027&lang=en")
        assert sheet.mimetype == "text/csv"
        [_, row] = sheet.text.strip().splitlines()
        assert row.split(",")[1:5] == ["2027-01-01", "January 2027", "10000", "KRW"]
        assert "Nothing was paid" in read(client, f"{address}/receipts?year=2020&lang=en")


def test_the_desk_belongs_to_the_organizer_alone(world: World, client: FlaskClient) -> None:
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok"), ("=bob", 300, "pm_ok")])
    work_at(world, day(-1, 24), day(0, 1))
    desk = f"/desk/{petition.slug}/subscription"
    with at(day(0, 2)):
        world.sign_in(client, "junho")
        assert client.get(desk).status_code == 404
        assert client.get(f"{desk}/end").status_code == 404
        world.sign_in(client, "organizer")
        page = read(client, desk)
        assert "2026년 12월 1 ₩10,000 ₩0 ₩300" in page
        assert client.get(f"{desk}.csv").text.count("KRW") == 2
        assert "2 subscriptions end" in read(client, f"{desk}/end")
    assert subscription(pledges["alice"]).runs


def test_a_link_that_is_not_ours_or_a_gift_opens_nothing(world: World, client: FlaskClient) -> None:
    petition: Petition = world.petition()
    gift = world.pledge(petition, "alice", 5_000)
    assert client.get("/subscriptions/forged").status_code == 404
    assert client.get(own_page(gift)).status_code == 404
    assert client.post(f"{own_page(gift)}/cancellation").status_code == 404


def test_a_page_no_list_has_is_an_empty_one(world: World, client: FlaskClient) -> None:
    """The database counts no further than 2^63."""
    petition, _ = subscribed(world, [("alice", 10_000, "pm_ok")])
    with at(day(-1, 12)):
        world.sign_in(client, "organizer")
        desk = f"/desk/{petition.slug}/subscription"
        assert client.get(f"{desk}?page=-1").text.count("₩10,000") == client.get(desk).text.count("₩10,000")
        assert client.get(f"{desk}?page={2**63}").status_code == 200


def test_a_month_is_the_one_in_seoul_and_no_bill_is_read_for_it(world: World, client: FlaskClient) -> None:
    """Alice pays in the first minutes of January in Seoul, when it is still December in Greenwich."""
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok"), ("bob", 7_000, "pm_declined_on_hold")])
    work_at(world, day(-1, 24), day(0, 1), day(0, 25), day(1, 1, 0))
    bill = own_bill(pledges["alice"])
    assert bill.paid_at is not None
    assert bill.paid_at.astimezone(UTC).month == 12
    petition_id = petition.id
    db.session.expunge_all()
    with at(day(1, 1, 1)):
        months = read_months(petition_id)
        found = [(month.month - DECEMBER, month.payers, month.came_in, month.open) for month in months]
    assert found == [(0, 1, 10_000, 7_000), (1, 1, 10_000, 0)]
    assert not any(isinstance(each, Bill) for each in db.session)
