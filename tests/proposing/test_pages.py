"""Pages of a proposal: public and cacheable, except the ballot."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient

from app.db import run_tx
from app.proposing import counting
from app.proposing.voting import ballot_address, spelled, turnout
from tests.actions.stages import read
from tests.organizing.desk import send
from tests.proposing.boxes import FIVE, WEEK, acting, propose, vote
from tests.world import World


@pytest.fixture
def settings_changes() -> dict[str, object]:
    return {"snapshot_seconds": 0}


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def receipt_in(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    assert found is not None
    return found[1]


def test_list_and_page_say_when_the_vote_is_and_show_no_count(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = acting(world)
    assert "Nothing to decide yet" in read(client, f"/actions/{petition.slug}/proposals")
    proposal_id = propose(world, petition)
    assert "The vote begins on" in read(client, f"/actions/{petition.slug}/proposals")
    later.shift(WEEK)
    receipts = vote(world, proposal_id, "yes", "alice", "bob")
    page = read(client, f"/proposals/{proposal_id}")
    assert "Voted 2 of 5 members" in page
    assert "Needed 3" in page
    assert "Yes" not in page
    assert not any(receipt in page for receipt in receipts)
    assert client.get(f"/proposals/{proposal_id}/ballots.csv").status_code == 404
    answer = client.get(f"/proposals/{proposal_id}")
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers


def test_member_votes_by_the_letter_and_finds_the_ballot_in_the_published_list(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    address = urlsplit(ballot_address(proposal_id, world.person("alice").id)).path
    form = client.get(address)
    assert form.status_code == 200
    client.head(address)
    assert turnout(proposal_id) == 0, "looking changes nothing"
    sent = {"choice": "yes", "key": key_in(form.text)}
    receipt = receipt_in(client.post(address, data=sent).text)
    assert receipt_in(client.post(address, data=sent).text) == receipt, "a form sent twice is one vote"
    again = client.post(address, data=sent | {"key": "abc"})
    assert again.status_code == 409
    assert "You have voted already" in again.text
    vote(world, proposal_id, "no", *FIVE[1:])
    page = f"/proposals/{proposal_id}"
    shown = read(client, page)
    assert "The members rejected it." in shown
    assert "1 yes, 4 no, 0 abstained. It is the result above." in shown
    assert receipt.replace("-", "") in shown
    found = client.post(page, data={"receipt": receipt.lower()})
    assert found.status_code == 200
    assert "was counted as: Yes" in found.text
    missing = client.post(page, data={"receipt": "AAAA-BBBB-CCCC-DDDD"})
    assert missing.status_code == 422
    assert "no ballot with this receipt" in missing.text
    assert 'value="AAAA-BBBB-CCCC-DDDD"' in missing.text, "nothing typed is lost"
    sheet = client.get(f"{page}/ballots.csv")
    assert sheet.mimetype == "text/csv"
    assert sheet.text == counting.ballot_sheet(proposal_id)


def test_signed_in_member_votes_and_others_see_no_ballot(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    proposal_id = propose(world, acting(world), "alice")
    address = f"/proposals/{proposal_id}/ballot"
    assert client.get(address).status_code == 302
    world.sign_in(client, "bob")
    assert client.get(address).status_code == 404
    world.sign_in(client, "alice")
    assert "You get a letter with your ballot" in read(client, address)
    later.shift(WEEK)
    nothing = send(client, address, {"key": key_in(client.get(address).text)})
    assert nothing.status_code == 422
    assert "Choose yes, no or abstain." in nothing.text
    assert send(client, address, {"choice": "maybe", "key": "abc"}).status_code == 422
    assert send(client, address, {"choice": "yes", "key": "abc"}).status_code == 200
    assert "You have voted." in read(client, address)


def test_forged_links_and_hidden_petitions_show_nothing(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = acting(world)
    proposal_id = propose(world, petition)
    assert client.get("/ballots/forged").status_code == 404
    assert client.get("/proposals/019a0000-0000-7000-8000-000000000000").status_code == 404
    assert client.get("/actions/nowhere/proposals").status_code == 404
    run_tx(lambda: setattr(world.fresh(petition), "state", "hidden"))
    assert client.get(f"/proposals/{proposal_id}").status_code == 404
    assert client.get(f"/actions/{petition.slug}/proposals").status_code == 404


def test_receipt_is_spelled_in_groups_of_four() -> None:
    assert spelled("ABCDEFGHIJKLMNOP") == "ABCD-EFGH-IJKL-MNOP"
