"""Pages of a co-operative: counts for everybody, names for members, money for whoever runs it."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app.cooperating import leaving
from app.cooperating.models import Leaving, Surplus
from app.db import db, run_tx
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.proposing.models import Proposal
from tests.actions.stages import read, words
from tests.cooperating.societies import FORTY, NEW_YEAR, accept, found, pay_method, purse, put, society
from tests.organizing.desk import OURS, send
from tests.world import World

SIX = (*FORTY[:4], ("Eve", 2), ("=cmd", 2))


@pytest.fixture
def settings_changes() -> dict[str, object]:
    return {"snapshot_seconds": 0}


def hide(petition: Petition, name: str) -> None:
    run_tx(
        lambda: db.session.execute(
            sa.update(Pledge)
            .where(Pledge.petition_id == petition.id, Pledge.name == name)
            .values(hide_name=True)
        )
    )


def filled(petition: Petition, **changes: str) -> dict[str, str]:
    used = {f"use-{number}": text for number, text in enumerate(("25", "30", "20", "15", "10"), start=1)}
    return (
        {
            "year": NEW_YEAR.isoformat(),
            "amount": "1,000,000",
            "percent": "60",
            "others_use": "",
            "note": "",
            "key": "one-form",
            "preview": "1",
        }
        | used
        | changes
    )


def test_public_page_shows_counts_and_parts_of_names_alone(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    hide(petition, "Bob")
    answer = client.get(f"/actions/{petition.slug}/members", headers={"Accept-Language": "en"})
    page = words(answer.text)
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Members 5" in page
    assert "Paid in ₩2,000,000" in page
    assert "A***" in page
    assert "1 more do not appear here" in page
    assert "Alice" not in answer.text
    assert "B***" not in answer.text


def test_register_is_for_members_and_the_organizer(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    address = f"/actions/{petition.slug}/members/register"
    assert client.get(address).status_code == 302
    world.sign_in(client, "Mallory")
    assert client.get(address).status_code == 404
    assert client.get(f"{address}.csv").status_code == 404
    world.sign_in(client, "bob")
    assert "2 · Bob you since" in read(client, address)
    assert client.get(f"{address}.csv").status_code == 404
    world.sign_in(client, "organizer")
    assert "1 · Alice" in read(client, address)
    sheet = client.get(f"{address}.csv", headers={"Accept-Language": "en"}).text
    assert "1,Alice,2026-04-01,12,600000," in sheet
    assert "\r\n6,'=cmd," in sheet, "no cell computes"


def test_member_leaves_and_stays_from_the_own_page(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    address = f"/me/shares/{petition.slug}"
    world.sign_in(client, "Mallory")
    assert client.get(address).status_code == 404
    world.sign_in(client, "bob")
    page = read(client, address)
    assert "Member number 2 Shares 10 of 40 Paid in ₩500,000 Votes 1" in page
    assert "You get back ₩500,000" in page
    assert send(client, address, {"act": "leave"}).status_code == 303
    assert "You asked to leave" in read(client, address)
    world.sign_in(client, "alice")
    refused = client.post(address, data={"act": "leave"}, headers=OURS)
    assert refused.status_code in {400, 403}, "without its token nothing happens"
    assert "nobody can leave now" in read(client, address)
    world.sign_in(client, "bob")
    assert send(client, address, {"act": "stay"}).status_code == 303
    assert len(society(petition).staying) == 6


def test_member_proposes_and_strangers_cannot(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    address = f"/actions/{petition.slug}/proposals/new"
    world.sign_in(client, "Mallory")
    assert client.get(address).status_code == 404
    world.sign_in(client, "alice")
    written = {"title": "새 오븐을 사요", "text": "<script>alert(1)</script> **지금**", "key": "one"}
    wrong = send(client, address, written | {"text": ""})
    assert wrong.status_code == 422
    assert "새 오븐을 사요" in wrong.text, "nothing typed is lost"
    preview = send(client, address, written | {"preview": "1"})
    assert "<strong>지금</strong>" in preview.text
    assert "<script>alert" not in preview.text
    assert db.session.scalars(sa.select(Proposal)).all() == []
    made = [send(client, address, written).headers["Location"] for _press in range(2)]
    assert made[0] == made[1], "a form sent twice is one proposal"
    assert "I am a member: propose something" in read(client, f"/actions/{petition.slug}/proposals")
    proposal = db.session.scalars(sa.select(Proposal)).one()
    withdrawal = f"/actions/{petition.slug}/proposals/{proposal.id}/withdrawal"
    world.sign_in(client, "bob")
    assert send(client, withdrawal, {}, page=address).status_code == 404
    world.sign_in(client, "alice")
    assert send(client, withdrawal, {}, page=address).status_code == 303


def test_organizer_takes_a_split_back_before_the_vote(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    desk = f"/desk/{petition.slug}/cooperative"
    world.sign_in(client, "organizer")
    assert "What you put to the members" in read(client, desk)
    withdrawal = f"/actions/{petition.slug}/proposals/{surplus.proposal_id}/withdrawal"
    assert unquote(send(client, withdrawal, {}, page=desk).headers["Location"]) == desk
    world.work()
    assert "Not accepted" in read(client, desk)
    assert "What you put to the members" not in read(client, desk)


def test_organizer_sees_the_split_before_anything_is_put(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    address = f"/desk/{petition.slug}/surplus"
    later.move_to(NEW_YEAR)
    world.sign_in(client, "organizer")
    seen = send(client, address, filled(petition), page=address)
    page = words(seen.text)
    assert seen.status_code == 200
    assert "Reserve stays with the co-operative for bad years ₩100,000" in page
    assert "you pay in ₩740,000" in page
    assert "gets ₩135,000 for use and ₩60,000 for 12 shares" in page
    assert db.session.scalars(sa.select(Surplus)).all() == []
    without_preview = {name: value for name, value in filled(petition).items() if name != "preview"}
    done = send(client, address, without_preview | {"put": "1"}, page=address)
    assert done.status_code == 303
    surplus = db.session.scalars(sa.select(Surplus)).one()
    assert surplus.distributed == 740_000
    world.sign_in(client, "alice")
    assert client.get(address).status_code == 404
    assert "₩540,000" in read(client, f"/proposals/{surplus.proposal_id}")


def test_surplus_waits_for_the_end_of_the_fiscal_year(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    world.sign_in(client, "organizer")
    said = "The present fiscal year ends on 2026년 12월 31일"
    assert said in read(client, f"/desk/{petition.slug}/surplus")
    assert said in read(client, f"/desk/{petition.slug}/cooperative")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "much"}, "Write the amount in digits"),
        ({"amount": ""}, "write one"),
        ({"percent": "49"}, "from 50 to 100"),
        ({"use-2": "-3"}, "Check the use of member 2"),
        ({"use-2": "1e9"}, "Write a whole number in digits"),
        ({"year": "2031-01-01T00:00:00+09:00"}, "Choose a fiscal year from the list"),
        ({"others_use": "some"}, "Write a whole number in digits"),
    ],
)
def test_wrong_surplus_is_refused_beside_the_field_and_keeps_what_was_typed(
    world: World,
    client: FlaskClient,
    later: time_machine.Traveller,
    changes: dict[str, str],
    sentence: str,
) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    world.sign_in(client, "organizer")
    answer = send(client, f"/desk/{petition.slug}/surplus", filled(petition, **changes))
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert 'name="use-1" value="25"' in answer.text


def test_organizer_pays_the_surplus_and_the_exits_in(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    bob = world.person("bob").id
    run_tx(lambda: leaving.ask(petition.id, bob))
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    accept(world, later, surplus)
    later.shift(30 * 24 * 3600)
    world.work()
    world.sign_in(client, "organizer")
    page = f"/desk/{petition.slug}/surplus/{surplus.id}"
    desk = f"/desk/{petition.slug}/cooperative"
    assert "You have saved no payment method yet." in read(client, page)
    assert send(client, page, {"method": "none"}).status_code == 422
    method = pay_method(world)
    assert "To be paid back after 2026년 12월 31일." in read(client, desk)
    assert send(client, page, {"method": method}).status_code == 303
    assert "is being charged" in read(client, page)
    assert send(client, f"{desk}/exits", {"method": method}, page=desk).status_code == 303
    world.work()
    world.work()
    assert "went into the members' purses" in read(client, page).replace("’", "'")
    assert "Paid back on" in read(client, desk)
    assert purse(world, "bob") == 500_000 + 212_000
    world.sign_in(client, "bob")
    own = read(client, f"/me/shares/{petition.slug}")
    assert "You left this co-operative. ₩500,000 went into your purse." in own
    assert "for use ₩162,000, for shares ₩50,000 ₩212,000" in own
    world.sign_in(client, "alice")
    assert client.get(page).status_code == client.get(desk).status_code == 404
    assert db.session.scalars(sa.select(Leaving)).one().paid_at is not None


def test_card_is_saved_on_the_gateways_page_and_leads_back(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    desk = f"/desk/{petition.slug}/cooperative"
    world.sign_in(client, "organizer")
    away = send(client, f"{desk}/method?back={desk}", {}, page=f"/actions/{petition.slug}/proposals/new")
    assert away.status_code == 303
    saved = client.post(away.headers["Location"], data={"card": "ok"}, headers=OURS)
    back = client.get(saved.headers["Location"])
    assert unquote(back.headers["Location"]) == desk
    evil = client.get(f"{desk}/method?back=//evil.example")
    assert evil.headers["Location"] == "/"


def test_petition_that_is_no_cooperative_has_none_of_these_pages(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    addresses = (
        f"/actions/{petition.slug}/members",
        f"/actions/{petition.slug}/members/register",
        f"/actions/{petition.slug}/proposals/new",
        f"/desk/{petition.slug}/cooperative",
        f"/desk/{petition.slug}/surplus",
        f"/me/shares/{petition.slug}",
    )
    assert {client.get(address).status_code for address in addresses} == {404}
    assert re.fullmatch(r"[\w-]+", petition.slug) is not None
