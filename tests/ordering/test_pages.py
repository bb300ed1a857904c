"""The pages of a group order: for everybody, its buyers, its organizer and the moderators."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.db import db, run_tx
from app.ordering import delivering, missing
from app.ordering.models import Shortage
from app.ordering.packing import code_of
from app.petitions.launching import OfferWish
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from tests.actions.stages import name_payee, pay_step, read, words
from tests.ordering.conftest import Order, Ordered, terms
from tests.ordering.test_deliver import TWO, delivery, mark, save_card
from tests.ordering.test_settle import pledge
from tests.organizing.desk import send
from tests.world import World

SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}


@pytest.fixture
def made(order: Order) -> Ordered:
    return order(*TWO)


def own_page(pledge_id: str) -> str:
    return f"/orders/{letter_token(db.session.get_one(Pledge, pledge_id))}"


def test_before_the_end_the_page_tells_price_and_what_the_next_one_lacks(
    world: World, client: FlaskClient
) -> None:
    petition = world.petition(offers=(OfferWish("order", "units", 5, terms(freight=10_000)),))
    address = f"/actions/{petition.slug}/order"
    assert "Nothing is ordered yet" in read(client, address)
    world.pledge(petition, "alice", 4, "pm_ok", "order", quantity=4, pickup=1)
    page = read(client, address)
    assert "One unit costs ₩12,000 now, and ₩11,000 once 1 more is ordered" in page
    assert "at most ₩14,000 a unit" in page
    assert "Before: a unit bears at most ₩2,000 with 5 units" in page
    assert "4 units" in page


def test_whole_cases_are_told(world: World, client: FlaskClient) -> None:
    petition = world.petition(offers=(OfferWish("order", "units", 2, terms(case=10)),))
    world.pledge(petition, "alice", 2, "pm_ok", "order", min=2, max=8, pickup=1)
    address = f"/actions/{petition.slug}/order"
    assert "do not fill whole cases of 10 yet" in read(client, address)
    world.pledge(petition, "bob", 2, "pm_ok", "order", min=2, max=3, pickup=1)
    assert "11 units are wanted at most, in cases of 10: 10 would be ordered now" in read(client, address)


def test_afterwards_it_tells_what_it_came_to_and_names_nobody(
    made: Ordered, client: FlaskClient, world: World
) -> None:
    mark(world, made.orders["alice"])
    address = f"/actions/{made.petition.slug}/order"
    page = read(client, address)
    assert "6 units at ₩11,000 each" in page
    assert "Handed over 3 of 6 units" in page
    answer = client.get(address)
    assert "Alice" not in answer.text
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_other_petitions_have_no_such_page(world: World, client: FlaskClient) -> None:
    assert client.get(f"/actions/{world.petition().slug}/order").status_code == 404
    assert client.get("/actions/nothing/order").status_code == 404


def test_a_pledge_is_made_with_a_pick_up_point(world: World, client: FlaskClient) -> None:
    petition = world.petition(offers=(OfferWish("order", "units", 5, terms(case=10, limit=9)),))
    address = f"/petitions/{petition.slug}/pledges"
    form = {"kind": "order", "amount": "3", "email": "alice@example.org", "name": "Alice"}
    wrong = client.post(address, data={**form, "order_most": "12"}, headers=SAME)
    assert wrong.status_code == 422
    assert 'id="order_pickup-error"' in wrong.text
    assert 'name="order_most" value="12"' in wrong.text
    wrong = client.post(address, data={**form, "order_most": "12", "order_pickup": "2"}, headers=SAME)
    assert wrong.status_code == 422
    assert "One person orders at most 9 units." in wrong.text
    fine = client.post(
        address,
        data={**form, "order_most": "8", "order_pickup": "2", "payment_method": "pm_ok", "key": "k"},
        headers=SAME,
    )
    assert fine.status_code == 200
    row = db.session.scalars(sa.select(Pledge)).one()
    assert (row.amount, row.cost, row.terms) == (3, 96_000, {"min": 3, "max": 8, "pickup": 2})
    assert "96,000" in row.mandate


def test_the_buyer_confirms(made: Ordered, client: FlaskClient, world: World) -> None:
    alice = made.orders["alice"]
    page = own_page(alice)
    assert "Did it come?" not in read(client, page)
    assert page in client.get(page.replace("/orders/", "/pledges/"), headers=SAME).text
    mark(world, alice)
    text = read(client, page)
    assert code_of(alice) in text
    assert "3 units at ₩11,000" in text
    assert client.get(f"{page}/receipt").status_code == 405
    assert client.post(f"{page}/receipt", headers=SAME).status_code == 303
    assert delivery(alice).state == "kept"
    assert client.post(f"{page}/receipt", headers=SAME).status_code == 303
    assert "You have your order" in read(client, page)


def test_the_buyer_reports_and_loses_nothing_typed(made: Ordered, client: FlaskClient, world: World) -> None:
    alice = made.orders["alice"]
    page = own_page(alice)
    mark(world, alice)
    wrong = client.post(f"{page}/missing", data={"units": "many", "note": "젖었어요"}, headers=SAME)
    assert wrong.status_code == 422
    assert "젖었어요" in wrong.text
    assert 'id="units-error"' in wrong.text
    wrong = client.post(f"{page}/missing", data={"units": "9", "note": "젖었어요"}, headers=SAME)
    assert wrong.status_code == 422
    assert "젖었어요" in wrong.text
    sent = {"units": "1", "note": "젖었어요", "key": "k"}
    for _ in range(2):
        assert client.post(f"{page}/missing", data=sent, headers=SAME).status_code == 303
    assert db.session.query(Shortage).count() == 1
    assert "Your report is with the organizer" in read(client, page)
    assert client.post(f"{page}/receipt", headers=SAME).status_code == 409
    assert client.post(f"{page}/found", headers=SAME).status_code == 303
    assert "Taken back" in read(client, page)


def test_a_key_opens_its_own_order_only(made: Ordered, client: FlaskClient, world: World) -> None:
    gift = world.pledge(world.petition(title="다른 청원이에요 여기"), "alice", 10_000)
    for token in ("nonsense", letter_token(db.session.get_one(Pledge, gift))):
        assert client.get(f"/orders/{token}").status_code == 404
        assert client.post(f"/orders/{token}/receipt", headers=SAME).status_code == 404


def test_the_organizer_marks_a_page_of_orders(made: Ordered, client: FlaskClient, world: World) -> None:
    world.sign_in(client, "organizer")
    desk = f"/desk/{made.petition.slug}/orders"
    page = client.get(desk, headers=SAME).text
    assert all(code_of(order) in page for order in made.orders.values())
    assert "alice@example.org" not in page
    only = client.get(f"{desk}?pickup=1", headers=SAME).text
    assert code_of(made.orders["bob"]) not in only
    done = send(client, desk, {"order": list(made.orders.values())})
    assert done.status_code == 303
    assert {delivery(each).kept_by_debtor_at is not None for each in made.orders.values()} == {True}
    assert send(client, desk, {"order": "not-an-id"}).status_code == 404


def test_the_organizer_notes_what_is_missing(made: Ordered, client: FlaskClient, world: World) -> None:
    world.sign_in(client, "organizer")
    alice = made.orders["alice"]
    page = f"/desk/{made.petition.slug}/orders/{alice}"
    assert send(client, f"{page}/missing", {"units": "4"}, page=page).status_code == 422
    for _ in range(2):
        done = send(client, f"{page}/missing", {"units": "1", "note": "상한 것", "key": "k"}, page=page)
        assert done.status_code == 303
    world.work()
    assert pledge(alice).refunded == 11_000
    assert "Paid back" in words(client.get(page, headers=SAME).text)


def test_the_organizer_answers_a_report(made: Ordered, client: FlaskClient, world: World) -> None:
    alice = made.orders["alice"]
    mark(world, alice)
    client.post(f"{own_page(alice)}/missing", data={"units": "1", "note": "", "key": "k"}, headers=SAME)
    world.sign_in(client, "organizer")
    page = f"/desk/{made.petition.slug}/orders/{alice}"
    report = db.session.scalars(sa.select(Shortage)).one().id
    empty = send(client, f"{page}/answer", {"report": report, "verdict": "contest", "answer": ""}, page=page)
    assert empty.status_code == 422
    assert "Say what was handed over" in empty.text
    said = {"report": report, "verdict": "contest", "answer": "토요일에 드렸어요."}
    assert send(client, f"{page}/answer", said, page=page).status_code == 303
    world.sign_in(client, "moderator")
    assert "토요일에 드렸어요." in client.get("/moderation/orders", headers=SAME).text
    decided = send(client, f"/moderation/orders/{report}", {"verdict": "uphold"}, page="/moderation/orders")
    assert decided.status_code == 303
    world.work()
    assert pledge(alice).refunded == 11_000


def test_nobody_else_sees_the_desk(made: Ordered, client: FlaskClient, world: World) -> None:
    desk = f"/desk/{made.petition.slug}/orders"
    paths = (desk, f"{desk}.csv", f"{desk}/print", f"{desk}/{made.orders['alice']}")
    world.sign_in(client, "bob")
    assert {client.get(path).status_code for path in paths} == {404}
    assert client.get("/moderation/orders").status_code == 404
    other = world.petition(title="신호등 말고 육교를 놓아 주세요")
    world.sign_in(client, "organizer")
    assert client.get(f"/desk/{other.slug}/orders/{made.orders['alice']}").status_code == 404


def test_the_list_on_paper_and_in_a_spreadsheet(order: Order, client: FlaskClient, world: World) -> None:
    made = order(("alice", 3, "pm_ok", 1), ("bob", 3, "pm_ok", 2), pickups=["=1+1 시장", "도서관"])
    run_tx(lambda: setattr(db.session.get(Pledge, made.orders["alice"]), "name", "=HYPERLINK(1)"))
    world.sign_in(client, "organizer")
    sheet = client.get(f"/desk/{made.petition.slug}/orders.csv", headers=SAME)
    assert sheet.mimetype == "text/csv"
    rows = sheet.text.removeprefix("\ufeff").splitlines()
    assert len(rows) == 3
    assert "'=1+1 시장" in rows[1]
    assert not re.search(r"(^|,)=", sheet.text)
    paper = words(client.get(f"/desk/{made.petition.slug}/orders/print", headers=SAME).text)
    assert "=1+1 시장" in paper
    assert code_of(made.orders["bob"]) in paper
    run_tx(lambda: delivering.confirm(made.orders["bob"]))
    second = client.get(f"/desk/{made.petition.slug}/orders/print?pickup=2", headers=SAME).text
    assert "Received" in words(second)
    assert code_of(made.orders["alice"]) not in second


def test_the_organizer_pays_what_is_owed(order: Order, client: FlaskClient, world: World) -> None:
    made = order(*TWO, shares=(90, 10))
    organizer = world.person("organizer").id
    name_payee(world)
    pay_step(world, made.steps[0], "alice", "bob")
    run_tx(lambda: missing.note_missing(made.orders["alice"], organizer, 3, "", key="n"))
    world.work()
    assert "Owed by the organizer ₩26,400" in read(client, f"/actions/{made.petition.slug}/order")
    world.sign_in(client, "organizer")
    debt = f"/desk/{made.petition.slug}/orders/debt"
    assert "₩26,400 for missing units" in read(client, f"/desk/{made.petition.slug}/orders")
    assert send(client, debt, {"method": "nothing", "key": "k"}).status_code == 422
    assert send(client, f"{debt}/method", {}, page=debt).status_code == 303
    card = save_card(world)
    assert send(client, debt, {"method": card, "key": "k"}).status_code == 303
    world.work()
    assert "You owe the buyers nothing." in words(client.get(debt, headers=SAME).text)
    assert "Owed by the organizer" not in read(client, f"/actions/{made.petition.slug}/order")
