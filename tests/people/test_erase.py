"""Erasing: the name goes everywhere, every count stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.actions.models import Payout
from app.actions.stopping import stop
from app.db import db, run_tx
from app.mail.models import Letter
from app.payments.models import Payee
from app.people.models import Person, SignIn, find_person
from app.petitions import forgetting
from app.petitions.models import Follow, Petition, Signature
from app.pledges.models import Pledge
from tests.actions.conftest import Fire, fire, later
from tests.actions.stages import ALICE_AND_BOB, approve_payouts, cast, claim_step, name_payee
from tests.fresh import FreshClient
from tests.petitions.signing_page import MINJI, link_of, path_of, signatures, tally
from tests.purses.pockets import fill
from tests.world import World

__all__ = ["fire", "later"]

OWN = {"Origin": "http://localhost"}
CANARY = "카나리아"
ADDRESS = "canary@example.org"


def erase(world: World, client: FlaskClient) -> None:
    page = client.get("/me/erasure")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    answer = client.post("/me/erasure?lang=en", data={"csrf_token": token[1]}, headers=OWN)
    assert answer.status_code == 200
    assert "You are erased" in answer.text
    world.work()


def canary(world: World, client: FlaskClient, petition: Petition) -> Person:
    """Somebody who signed by letter with a telling name and reason, and then signed in."""
    data = MINJI | {"name": CANARY, "email": ADDRESS, "reason": f"{CANARY}의 까닭"}
    client.post(path_of(petition), data=data)
    client.post(link_of(signatures()[-1]))
    world.work()
    person = find_person(ADDRESS)
    assert person is not None
    with client.session_transaction() as session:
        session["_user_id"] = person.get_id()
    return person


def every_text() -> Iterator[str]:
    """Every value of every row of every table."""
    db.session.rollback()
    for table in Person.metadata.tables.values():
        for row in db.session.execute(sa.select(table)):
            yield from (str(value) for value in row)


def test_looking_erases_nobody(world: World, client: FlaskClient) -> None:
    person = canary(world, client, world.petition())
    for method in ("HEAD", "GET"):
        assert client.open("/me/erasure", method=method).status_code == 200
    assert client.post("/me/erasure", headers=OWN).status_code == 400
    assert world.fresh(person).email == ADDRESS


def test_no_trace_stays_and_every_count_does(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1000)
    world.sign(petition, "minji")
    person = canary(world, client, petition)
    assert tally(petition) == 2
    erase(world, client)
    assert not [text for text in every_text() if CANARY in text or ADDRESS in text]
    assert tally(petition) == 2
    gone = world.fresh(person)
    assert gone.erased_at is not None
    assert (gone.name, gone.email, gone.email_key, gone.region) == ("", None, None, None)
    states = db.session.scalars(sa.select(Signature.state)).all()
    assert list(states) == ["validated", "validated"]
    assert (
        db.session.scalars(sa.select(Follow.ended_at).where(Follow.person_id == person.id)).one() is not None
    )
    assert CANARY not in client.get(path_of(petition).removesuffix("/signatures")).text


def test_sessions_and_links_end(world: World, app: Flask, client: FlaskClient) -> None:
    other = FreshClient(app, app.response_class)
    person = canary(world, client, world.petition())
    link = link_of(signatures()[-1])
    with other.session_transaction() as session:
        session["_user_id"] = person.get_id()
    other.post("/session", data={"email": ADDRESS}, headers=OWN)
    world.work()
    erase(world, client)
    assert client.get("/me").status_code == 302
    assert other.get("/me").status_code == 302
    assert db.session.query(SignIn).count() == 0
    assert db.session.query(Letter).where(Letter.recipient == ADDRESS).count() == 0
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 200


def test_the_same_mailbox_is_not_counted_twice_after_erasing(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1000)
    canary(world, client, petition)
    erase(world, client)
    client.post(path_of(petition), data=MINJI | {"email": ADDRESS})
    world.work()
    assert (tally(petition), len(signatures())) == (1, 1)
    assert world.letters(ADDRESS) == []


def test_the_key_goes_when_the_petition_is_over(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1000)
    canary(world, client, petition)
    erase(world, client)
    key = signatures()[0].email_key
    run_tx(lambda: forgetting.forget_keys(petition.id))
    assert signatures()[0].email_key == key
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "state", "closed"))
    run_tx(lambda: forgetting.forget_keys(petition.id))
    assert signatures()[0].email_key.startswith("erased-")
    assert tally(petition) == 1


def test_unconfirmed_signatures_and_open_pledges_are_taken_back(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1000, goal=1_000_000)
    other = world.petition(title="다른 청원", signatures=1000)
    client.post(path_of(other), data=MINJI)
    pledge_id = world.pledge(petition, "minji", 12_000)
    world.sign_in(client, "minji")
    erase(world, client)
    assert signatures()[0].state == "withdrawn"
    pledge = db.session.get_one(Pledge, pledge_id)
    assert (pledge.state, pledge.name, pledge.email) == ("withdrawn", "", None)
    money = db.session.get_one(Petition, petition.id).pledge_thresholds[0]
    assert (money.tally, money.contributors) == (0, 0)


def test_a_petition_they_started_stays_without_their_name(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    erase(world, client)
    page = client.get(path_of(petition).removesuffix("/signatures"))
    assert page.status_code == 200
    assert "한솔" not in page.text


def test_whoever_comes_back_is_somebody_new(world: World, client: FlaskClient) -> None:
    person = canary(world, client, world.petition())
    erase(world, client)
    assert world.person("canary").id != person.id


def test_whoever_comes_back_may_sign_what_they_never_confirmed(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1000)
    client.post(path_of(petition), data=MINJI)
    world.sign_in(client, "minji")
    erase(world, client)
    FreshClient(world.app, world.app.response_class).post(path_of(petition), data=MINJI)
    world.work()
    client.post(link_of(signatures()[0]))
    assert (signatures()[0].state, tally(petition)) == ("validated", 1)
    assert len(world.letters("minji")) == 1


def test_other_spellings_and_what_was_never_confirmed_go_as_well(world: World, client: FlaskClient) -> None:
    """Letters go to the address as typed, so every way it was typed has to be forgotten."""
    petition = world.petition(signatures=1000)
    other = world.petition(title="다른 청원", signatures=1000)
    person = canary(world, client, petition)
    guest = FreshClient(world.app, world.app.response_class)
    guest.post(path_of(other), data=MINJI | {"name": CANARY, "email": "Canary+sign@example.org"})
    promise = {"kind": "gift", "amount": "5000", "name": CANARY, "email": "CANARY+gift@example.org"}
    assert guest.post(f"/petitions/{petition.slug}/pledges", data=promise).status_code == 303
    guest.post("/session", data={"email": "Canary+sign@example.org"})
    world.work()
    assert [text for text in every_text() if "canary+" in text.lower()]
    erase(world, client)
    assert [text for text in every_text() if CANARY in text or "canary+" in text.lower()] == []
    assert db.session.scalars(sa.select(Pledge.state)).all() == ["withdrawn"]
    assert world.fresh(person).erased_at is not None


def test_a_purse_is_emptied_before_its_person_goes(world: World, client: FlaskClient) -> None:
    minji = world.sign_in(client, "minji")
    fill(world.petition(), **{minji.id: 500})
    page = client.get("/me/erasure?lang=en").text
    assert "Your purse holds ₩500" in page
    assert "₩500 in my purse" in client.get("/me?lang=en").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me/purse/account").text)
    assert token
    answer = client.post("/me/erasure?lang=en", data={"csrf_token": token[1]}, headers=OWN)
    assert answer.status_code == 409
    assert world.fresh(minji).erased_at is None
    assert client.get("/me/export").json["purses"][0]["total"] == 500


def test_the_account_for_payouts_goes_too(world: World, client: FlaskClient) -> None:
    organizer = world.sign_in(client, "organizer")
    name_payee(world)
    erase(world, client)
    assert db.session.get(Payee, organizer.id) is None


def test_who_runs_an_action_is_told_to_finish_it_first(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, _ = fire(*ALICE_AND_BOB, goal=30_000)
    organizer = world.sign_in(client, "organizer")
    page = client.get("/me/erasure?lang=en").text
    assert "its backers rely on you" in page
    assert "Erase me</button>" not in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me").text)
    assert token
    refused = client.post("/me/erasure?lang=en", data={"csrf_token": token[1]}, headers=OWN)
    assert refused.status_code == 409
    assert world.fresh(organizer).email is not None
    run_tx(lambda: stop(world.action(petition), reason="milestone_rejected"))
    erase(world, client)
    assert world.fresh(organizer).erased_at is not None


def test_an_account_that_a_payout_waits_for_goes_with_the_payout(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    _petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    claim_step(world, steps[0])
    cast(world, steps[0], True, "alice", "bob")
    claim_step(world, steps[1])
    cast(world, steps[1], False, "alice", "bob")
    organizer = world.sign_in(client, "organizer")
    erase(world, client)
    assert db.session.get(Payee, organizer.id) is not None
    approve_payouts(world)
    world.work()
    assert [row.state for row in db.session.query(Payout)] == ["paid"]
    assert db.session.get(Payee, organizer.id) is None
