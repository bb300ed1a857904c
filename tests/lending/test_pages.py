"""The pages of a loan: everybody's record, the borrower's forms, each lender's own figures."""

from __future__ import annotations

from uuid import uuid4

from flask.testing import FlaskClient

from app.db import db, run_tx
from app.lending.glancing import glances_at
from app.lending.reading import part_of
from app.payments.door import gateway
from app.payments.methods import remember
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from tests.actions.stages import approve_payouts, read
from tests.counting import count_queries
from tests.lending.borrowing import Borrowing
from tests.world import World

HEADERS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}


def csrf(client: FlaskClient, address: str) -> str:
    page = client.get(address, headers=HEADERS).text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def save_card(world: World, token: str = "pm_ok") -> str:
    person_id = world.person("organizer").id
    saved = gateway().save_token(token)
    return run_tx(lambda: remember(saved, person_id).id)


def test_the_record_says_the_same_to_everybody(borrowing: Borrowing, client: FlaskClient) -> None:
    borrowing.ask()
    address = f"/actions/{borrowing.petition.slug}/loan"
    assert "Nothing has been lent yet" in read(client, address)
    assert "10,000" in read(client, address)
    borrowing.lend(("alice", 2), ("bob", 1))
    borrowing.fire()
    assert "has not reached the borrower" in read(client, address)
    borrowing.pay_out()
    assert "Everything due has been paid. Next: ₩10,000" in read(client, address)
    borrowing.repay(4_000)
    text = read(client, address)
    assert "₩4,000" in text
    assert "₩26,000" in text
    answer = client.get(address)
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "alice" not in answer.text.casefold()


def test_a_petition_without_a_loan_has_no_record(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    assert client.get(f"/actions/{petition.slug}/loan").status_code == 404
    world.sign_in(client, "organizer")
    assert client.get(f"/me/borrowing/{petition.slug}").status_code == 404


def test_the_borrower_signs_once_and_nobody_lends_before(
    borrowing: Borrowing, world: World, client: FlaskClient
) -> None:
    petition = borrowing.ask(signed=False)
    refused = client.post(
        f"/petitions/{petition.slug}/pledges",
        data={"kind": "loan", "amount": "10000", "name": "민지", "email": "minji@example.org"},
        headers=HEADERS,
    )
    assert refused.status_code == 422
    assert "has not signed the terms" in refused.text
    world.sign_in(client, "organizer")
    address = f"/me/borrowing/{petition.slug}"
    text = read(client, address)
    assert "Instalment 3: ₩10,000, 3 months after" in text
    token = csrf(client, address)
    for words in ("Signed. A letter", "Signed already"):
        answer = client.post(
            f"{address}/signature", data={"csrf_token": token}, headers=HEADERS, follow_redirects=True
        )
        assert words in answer.text
    world.work()
    assert sum("signed the schedule" in letter.subject for letter in world.letters("organizer")) in {0, 1}
    assert "Signed on" in read(client, f"/actions/{petition.slug}/loan")
    borrowing.lend(("alice", 1))
    assert world.pledge_state(borrowing.pledges[0]) == "ready"


def test_the_borrower_pays_from_the_page(borrowing: Borrowing, world: World, client: FlaskClient) -> None:
    borrowing.run()
    method = save_card(world)
    world.sign_in(client, "organizer")
    address = f"/me/borrowing/{borrowing.petition.slug}"
    form = {"csrf_token": csrf(client, address), "amount": "10,000", "method": method, "key": uuid4().hex}
    for _ in range(2):
        assert client.post(f"{address}/payments", data=form, headers=HEADERS).status_code == 303
    world.work()
    assert borrowing.loan.paid == 10_000
    assert "₩20,000" in read(client, address)


def test_a_wrong_payment_is_answered_beside_the_field(
    borrowing: Borrowing, world: World, client: FlaskClient
) -> None:
    borrowing.run()
    method = save_card(world)
    world.sign_in(client, "organizer")
    address = f"/me/borrowing/{borrowing.petition.slug}"
    form = {"csrf_token": csrf(client, address), "amount": "12,345", "method": method, "key": "a"}
    wrong: list[tuple[dict[str, str], str]] = [
        ({"amount": ""}, "Choose an amount"),
        ({"amount": "-1"}, "Write"),
        ({"amount": "30,001"}, "Pay at most ₩30,000"),
        ({"amount": "1e3"}, "Write the amount in digits"),
        ({"method": str(uuid4())}, "Save a payment method first"),
        ({"method": "nonsense"}, "Save a payment method first"),
        ({"method": ""}, "Save a payment method first"),
    ]
    for change, sentence in wrong:
        answer = client.post(f"{address}/payments", data=form | change, headers=HEADERS)
        assert answer.status_code == 422, change
        assert sentence in answer.text, change
        assert f'value="{(form | change)["amount"]}"' in answer.text, change
    assert borrowing.loan.paid == 0


def test_a_lender_sees_their_own_part(borrowing: Borrowing, world: World, client: FlaskClient) -> None:
    borrowing.run()
    borrowing.repay(10_000)
    world.sign_in(client, "alice")
    text = read(client, f"/me/loans/{borrowing.pledges[0]}")
    assert "You lent ₩20,000 2 units Came back ₩6,667" in text
    assert "Comes next ₩6,667" in text
    assert "₩6,667 of ₩20,000 came back" in read(client, "/me/loans")
    token = letter_token(db.session.get_one(Pledge, borrowing.pledges[0]))
    assert "Came back ₩6,667" in read(client, f"/pledges/{token}/loan")


def test_foreign_loans_are_not_there(borrowing: Borrowing, world: World, client: FlaskClient) -> None:
    borrowing.run()
    world.sign_in(client, "bob")
    slug = borrowing.petition.slug
    token = csrf(client, f"/me/loans/{borrowing.pledges[1]}") or csrf(client, "/me")
    assert client.get(f"/me/loans/{borrowing.pledges[0]}").status_code == 404
    assert client.get(f"/me/loans/{uuid4()}").status_code == 404
    assert client.get(f"/me/borrowing/{slug}").status_code == 404
    for verb in ("signature", "payments", "method", "schedule"):
        refused = client.post(f"/me/borrowing/{slug}/{verb}", data={"csrf_token": token}, headers=HEADERS)
        assert refused.status_code == 404


def test_asking_for_time_puts_a_vote(borrowing: Borrowing, world: World, client: FlaskClient) -> None:
    borrowing.run()
    world.sign_in(client, "organizer")
    address = f"/me/borrowing/{borrowing.petition.slug}"
    form = {"csrf_token": csrf(client, address), "key": "b", "instalments": "x", "first_after": "2"}
    wrong = client.post(f"{address}/schedule", data=form | {"reason": "아파요"}, headers=HEADERS)
    assert wrong.status_code == 422
    assert "Write a whole number" in wrong.text
    assert "아파요" in wrong.text
    form |= {"instalments": "6", "reason": "학기가 길어졌어요."}
    asked = client.post(f"{address}/schedule", data=form, headers=HEADERS, follow_redirects=True)
    assert "6" in asked.text
    assert "학기가 길어졌어요." in asked.text
    assert "The lenders are being asked" in read(client, address)


def test_all_loans_of_a_lender_cost_two_queries(
    borrowing: Borrowing, world: World, client: FlaskClient
) -> None:
    borrowing.run()
    borrowing.repay(10_000)
    first = borrowing.loan
    borrowing.ask()
    borrowing.lend(("alice", 2), ("bob", 1))
    borrowing.fire()
    approve_payouts(world)
    world.work()
    world.work()
    alice = world.person("alice").id
    assert count_queries(lambda: glances_at(alice)) == 2
    glance, part = glances_at(alice)[first.id], part_of(first, alice)
    assert part is not None
    assert (glance.state, glance.lent, glance.received) == (part.loan.state, part.lent, part.received)
    world.sign_in(client, "alice")
    text = read(client, "/me/loans")
    assert "₩6,667 of ₩20,000 came back" in text
    assert "₩0 of ₩20,000 came back" in text
