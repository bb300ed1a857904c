"""GET|POST /signatures/<token>/withdrawal: a page of its own, free until the firing."""

from __future__ import annotations

from flask.testing import FlaskClient

from app import clock
from app.db import db, run_tx
from app.petitions.models import Petition
from tests.petitions.signing_page import link_in, post, signatures, signed, tally
from tests.world import World


def test_looking_changes_nothing(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    client.post(link)
    for method in ("HEAD", "GET"):
        assert client.open(f"{link}/withdrawal", method=method).status_code == 200
    assert tally(petition) == 1


def test_one_press_takes_it_back_and_again_changes_nothing(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    client.post(link)
    for _press in range(2):
        answer = client.post(f"{link}/withdrawal")
        assert answer.status_code == 200
        assert "Signature withdrawn" in answer.text
        assert tally(petition) == 0
    assert "You took this signature back" in client.post(link).text
    assert tally(petition) == 0


def test_an_unconfirmed_signature_can_be_taken_back(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    client.post(f"{link}/withdrawal")
    assert signatures()[0].state == "withdrawn"
    client.post(link)
    assert tally(petition) == 0


def test_whoever_took_it_back_may_sign_again(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    client.post(link)
    client.post(f"{link}/withdrawal")
    post(client, petition, region="KR-26")
    world.work()
    again = link_in(world.letters("minji")[-1].text)
    client.post(again)
    (signature,) = signatures()
    assert (signature.state, signature.region, tally(petition)) == ("validated", "KR-26", 1)


def test_after_the_firing_it_stays(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    link = signed(world, client, petition)
    client.post(link)
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "fired_at", clock.now()))
    assert "already become an action" in client.get(f"{link}/withdrawal").text
    answer = client.post(f"{link}/withdrawal")
    assert answer.status_code == 409
    assert "already become an action" in answer.text
    assert tally(petition) == 1


def test_a_wrong_link_opens_nothing(client: FlaskClient) -> None:
    assert client.post("/signatures/guessed/withdrawal").status_code == 404
