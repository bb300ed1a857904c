"""To the gateway's own page and back: the method is saved there with one press."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from app.petitions.tallying import record
from app.pledges.links import browser_token, letter_token
from app.pledges.pledging import confirm
from tests.pledges.promises import FILLED_IN, address, drafted, money, stored
from tests.world import World


def press_save(client: FlaskClient, page: str) -> str:
    """Press a card on the gateway's page; returns where it leads."""
    answer = client.post(page, data={"card": "ok"})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_one_press_there_and_the_way_back_says_what_is_left(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    gateway_page = client.post(address(petition), data=FILLED_IN).headers["Location"]
    assert "₩10,000" in client.get(gateway_page).text
    back = press_save(client, gateway_page)
    answer = client.get(back, follow_redirects=True)
    assert answer.status_code == 200
    assert "setup=" not in answer.request.url
    assert "Method saved. One step left: confirm by the letter we sent to m***@example.org." in answer.text
    method = stored()[0].payment_method_id
    assert method is not None
    assert client.get(back, follow_redirects=True).status_code == 200
    assert stored()[0].payment_method_id == method
    assert money(world, petition).tally == 0


def test_who_confirmed_before_counts_on_coming_back(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    pledge = drafted(petition)
    run_tx(lambda: confirm(pledge.id))
    start = client.post(f"/pledges/{letter_token(pledge)}/method?lang=en")
    assert start.status_code == 303
    answer = client.get(press_save(client, start.headers["Location"]), follow_redirects=True)
    assert "Your pledge counts" in answer.text
    assert money(world, petition).tally == 10_000


def test_who_cancels_there_is_told_that_nothing_counts_yet(world: World, client: FlaskClient) -> None:
    token = browser_token(drafted(world.petition()))
    page = client.get(f"/pledges/{token}/method?lang=en").text
    assert "Nothing was saved" in page
    assert "Save a payment method</button>" in page
    assert stored()[0].payment_method_id is None


def test_what_was_saved_for_one_pledge_serves_no_other(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    back = press_save(client, client.post(address(petition), data=FILLED_IN).headers["Location"])
    setup = back.partition("setup=")[2].partition("&")[0]
    other = drafted(petition, "other", email="bob@example.org")
    for value in (setup, "forged", ""):
        client.get(f"/pledges/{browser_token(other)}/method?lang=en&setup={value}")
        assert all(pledge.payment_method_id is None for pledge in stored())
    refused = client.get(f"/pledges/{browser_token(other)}/method?lang=en&setup=forged")
    assert refused.status_code == 422


def test_too_late_for_a_method_is_said_and_nothing_kept(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    back = press_save(client, client.post(address(petition), data=FILLED_IN).headers["Location"])
    run_tx(lambda: setattr(world.fresh(petition), "fired_at", clock.now()))
    answer = client.get(back)
    assert answer.status_code == 409
    assert "already become an action" in answer.text
    assert stored()[0].payment_method_id is None
    assert client.post(f"/pledges/{browser_token(stored()[0])}/method?lang=en").status_code == 200


def test_a_failing_pledge_is_mended_on_the_same_way(world: World, client: FlaskClient) -> None:
    world.pledge(world.petition(), "minji", 10_000)
    before = stored()[0].payment_method_id
    run_tx(lambda: setattr(stored()[0], "state", "failing"))
    start = client.post(f"/pledges/{letter_token(stored()[0])}/method?lang=en")
    answer = client.get(press_save(client, start.headers["Location"]), follow_redirects=True)
    assert "We try to reserve the amount again at once" in answer.text
    assert stored()[0].payment_method_id != before
    assert stored()[0].next_try_at is not None


def test_a_finished_pledge_starts_no_saving(world: World, client: FlaskClient) -> None:
    world.pledge(world.petition(), "minji", 10_000)
    run_tx(lambda: setattr(stored()[0], "state", "captured"))
    answer = client.post(f"/pledges/{letter_token(stored()[0])}/method?lang=en")
    assert answer.status_code == 200
    assert "You paid" in answer.text


@pytest.mark.parametrize("end", ["released", "stopped", "delivered"])
def test_what_was_saved_too_late_is_not_kept_and_the_page_says_so(
    world: World, client: FlaskClient, end: str
) -> None:
    petition = world.petition()
    world.pledge(petition, "minji", 10_000)
    before = stored()[0].payment_method_id
    run_tx(lambda: setattr(stored()[0], "state", "dropped"))
    start = client.post(f"/pledges/{letter_token(stored()[0])}/method?lang=en")
    back = press_save(client, start.headers["Location"])
    run_tx(lambda: record(petition.id, end, cause=end))
    answer = client.get(back)
    assert answer.status_code == 409
    assert "takes no other payment method any more" in answer.text
    pledge = stored()[0]
    assert (pledge.state, pledge.payment_method_id) == ("dropped", before)


def test_the_way_out_is_shown_to_those_who_may_take_it(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.pledge(petition, "minji", 10_000)
    pledge = stored()[0]
    way_out = re.compile(r'"/pledges/[^/"]+/withdrawal[?"]')
    by_browser, by_letter = (
        f"/pledges/{token}/method?lang=en" for token in (browser_token(pledge), letter_token(pledge))
    )
    assert way_out.search(client.get(by_letter).text)
    stranger = client.get(by_browser).text
    assert "/withdrawal" not in stranger
    assert "on the page that our letter leads to" in stranger
    world.sign_in(client, "minji")
    assert way_out.search(client.get(by_browser).text)
