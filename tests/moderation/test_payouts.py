"""Approving payouts: a second person, once, on record."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import clock
from app.actions.milestones import claim, vote
from app.actions.models import Payout
from app.db import db, run_tx
from app.moderation.models import Decision
from app.payments.models import Payee
from app.people.models import Person
from tests.fresh import FreshClient
from tests.organizing.desk import OURS, underway
from tests.organizing.desk import send as send_form
from tests.petitions.signing_page import link_in
from tests.world import World


def test_a_moderator_approves_once(client: FlaskClient, world: World) -> None:
    payout = proposed(world)
    mira = world.sign_in(client, "moderator")
    page = client.get("/moderation/payouts").text
    assert "다 했어요" in page
    assert "₩12,000" in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    for _ in range(2):
        answer = client.post(f"/moderation/payouts/{payout.id}", data={"csrf_token": token}, headers=OURS)
        assert answer.status_code == 303
    assert world.fresh(payout).approved_by == mira.id
    [decision] = db.session.scalars(sa.select(Decision))
    assert (decision.verb, decision.detail) == ("approve_payout", {"amount": 12_000, "currency": "KRW"})


def test_whoever_proposed_it_cannot_approve_it(client: FlaskClient, world: World) -> None:
    payout = proposed(world)
    organizer = world.person("organizer")
    promote(organizer.id)
    world.sign_in(client, "organizer")
    path = f"/moderation/payouts/{payout.id}"
    answer = send_form(client, path, {}, page="/moderation/payouts")
    assert answer.status_code == 403
    assert world.fresh(payout).state == "proposed"
    assert list(db.session.scalars(sa.select(Decision))) == []


@pytest.mark.parametrize(
    ("cause", "words"),
    [("disbursement-1", "The whole sum, in one payment"), ("month-1-2026-11", "A month of subscriptions")],
)
def test_money_without_a_step_says_what_it_is_for(
    client: FlaskClient, world: World, cause: str, words: str
) -> None:
    payout = proposed(world)
    run_tx(
        lambda: db.session.execute(
            sa.update(Payout).where(Payout.id == payout.id).values(milestone_id=None, cause=cause)
        )
    )
    world.sign_in(client, "moderator")
    for address in ("/moderation", "/moderation/payouts"):
        page = client.get(address)
        assert page.status_code == 200
        assert words in page.text


def test_without_an_account_no_payout_is_approved(client: FlaskClient, world: World) -> None:
    payout = proposed(world)
    run_tx(lambda: db.session.execute(sa.delete(Payee)))
    world.sign_in(client, "moderator")
    answer = send_form(client, f"/moderation/payouts/{payout.id}", {}, page="/moderation/payouts")
    assert answer.status_code == 409
    assert world.fresh(payout).state == "proposed"


def test_an_old_session_approves_nothing_until_its_sign_in_is_renewed(world: World) -> None:
    payout = proposed(world)
    client = FreshClient(world.app)
    world.sign_in(client, "moderator")
    address = f"/moderation/payouts/{payout.id}"
    token = client.get("/moderation/payouts").text.split('name="csrf_token" value="')[1].split('"')[0]
    with client.session_transaction() as session:
        session["signed_in_at"] -= 15 * 60
    page = client.get("/moderation/payouts?lang=en").text
    assert "a sign-in of the last 15 minutes" in page
    assert f'action="{address}"' not in page
    assert client.post(address, data={"csrf_token": token}, headers=OURS).status_code == 403
    assert world.fresh(payout).state == "proposed"
    renewal = {"csrf_token": token, "next": "/moderation/payouts"}
    assert client.post("/session/renewal", data=renewal, headers=OURS).status_code == 200
    world.work()
    link = link_in(world.letters("moderator")[-1].text)
    assert client.post(link, headers=OURS).location == "/moderation/payouts"
    answer = send_form(client, address, {}, page="/moderation/payouts")
    assert answer.status_code == 303
    assert world.fresh(payout).state == "approved"


def promote(person_id: str) -> None:
    run_tx(lambda: setattr(db.session.get_one(Person, person_id), "moderator_since", clock.now()))


def proposed(world: World) -> Payout:
    """The payout for the first of two steps, 40 % of 30,000 won."""
    petition, steps = underway(world)
    organizer, bob = world.person("organizer"), world.person("bob")
    run_tx(lambda: claim(steps[0], organizer.id, text="다 했어요"))
    run_tx(lambda: vote(steps[0], bob.id, True))
    return db.session.scalars(sa.select(Payout).where(Payout.petition_id == petition.id)).one()
