"""The pages of the deeds: public shifts, the own page, the door, the organizer's sheet, the quarrels."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from app import clock
from app.db import db, run_tx
from app.doing.checking import door_code, door_token
from app.doing.models import Shift
from app.doing.saying import say
from app.doing.seating import take
from app.petitions.models import Petition
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from tests.actions.stages import read, words
from tests.world import World

from .conftest import Begin
from .shifts import plan

EN = {"Accept-Language": "en"}


def token_of(pledge_id: str) -> str:
    return letter_token(db.session.get_one(Pledge, pledge_id))


def csrf(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address, headers=EN).text)
    assert found is not None
    return found.group(1)


def send(client: FlaskClient, page: str, path: str, /, **fields: str) -> Any:
    return client.post(
        path, data={"csrf_token": csrf(client, page)} | fields, headers=EN | {"Origin": "http://localhost"}
    )


def shift_fields(**changes: str) -> dict[str, str]:
    return {
        "title": "쓰레기 줍기",
        "address": "두레천",
        "day": (clock.now() + timedelta(days=2)).date().isoformat(),
        "starts": "09:30",
        "ends": "12:00",
        "places": "20",
        "note": "",
        "key": uuid4().hex,
    } | changes


def test_everybody_sees_shifts_places_and_names_in_part(
    world: World, ask: Callable[..., Petition], client: FlaskClient
) -> None:
    petition = ask()
    shift = plan(petition)
    alice = world.pledge(petition, "alice", 1, token="", kind="deed", what="hours")
    hidden = world.pledge(petition, "bob", 1, token="", kind="deed", what="hours")
    run_tx(lambda: setattr(db.session.get_one(Pledge, hidden), "hide_name", True))
    run_tx(lambda: take(shift.id, alice))
    page = read(client, f"/actions/{petition.slug}/shifts")
    assert "1 of 2 places left" in page
    assert "A***" in page
    run_tx(lambda: take(shift.id, hidden))
    answer = client.get(f"/actions/{petition.slug}/shifts", headers=EN)
    assert "Full" in words(answer.text)
    assert "and 1 more" in words(answer.text)
    assert not re.search(r"Bob|B\*\*\*|bob@", answer.text)
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    assert client.get("/actions/no-such/shifts").status_code == 404


def test_a_petition_without_deeds_has_no_shifts(world: World, client: FlaskClient) -> None:
    assert client.get(f"/actions/{world.petition().slug}/shifts").status_code == 404


def test_calendars_hold_the_shifts(world: World, ask: Callable[..., Petition], client: FlaskClient) -> None:
    petition, other = ask(), ask(title="다른 청원")
    shift, foreign = plan(petition), plan(other)
    base = f"/actions/{petition.slug}/shifts"
    answer = client.get(f"{base}.ics")
    assert answer.mimetype == "text/calendar"
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 1
    assert client.get(f"{base}/{shift.id}.ics").status_code == 200
    assert client.get(f"{base}/{foreign.id}.ics").status_code == 404


def test_my_page_takes_places_and_hears_my_word(world: World, begin: Begin, client: FlaskClient) -> None:
    petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition)
    address = f"/deeds/{token_of(alice)}"
    assert "My promise: 4 hours" in read(client, address)
    done = client.post(f"{address}/places", data={"shift": shift.id, "do": "take"}, headers=EN)
    assert "The place is yours" in words(done.text)
    assert client.post(f"{address}/places", data={"shift": str(uuid4())}).status_code == 404
    assert client.post(f"{address}/places", data={"shift": "x"}).status_code == 404
    mine = client.get(f"{address}/calendar.ics")
    assert len(Calendar.from_ical(mine.data).walk("VEVENT")) == 2
    left = client.post(f"{address}/places", data={"shift": shift.id, "do": "leave"}, headers=EN)
    assert "You gave your place back" in words(left.text)
    wrong = client.post(
        f"{address}/word", data={"word": "kept", "amount": "four", "note": "비가 왔어요"}, headers=EN
    )
    assert wrong.status_code == 422
    assert 'value="four"' in wrong.text
    assert "비가 왔어요" in wrong.text
    too_much = client.post(f"{address}/word", data={"word": "kept", "amount": "5"}, headers=EN)
    assert too_much.status_code == 422
    said = client.post(f"{address}/word", data={"word": "kept", "amount": "4"}, headers=EN)
    assert "seven days to say otherwise" in words(said.text)
    assert client.get("/deeds/not-a-token").status_code == 404
    assert client.get(address).headers["Cache-Control"] == "private, no-store"


def test_a_gift_has_no_such_page(world: World, client: FlaskClient) -> None:
    gift = world.pledge(world.petition(), "alice", 10_000)
    assert client.get(f"/deeds/{token_of(gift)}").status_code == 404


def test_signed_in_the_public_page_leads_to_the_own_one(
    world: World, begin: Begin, client: FlaskClient
) -> None:
    petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    world.sign_in(client, "alice")
    answer = client.get(f"/me/shifts/{petition.slug}")
    assert answer.headers["Location"] == f"/deeds/{token_of(alice)}#shifts"
    world.sign_in(client, "junho")
    assert client.get(f"/me/shifts/{petition.slug}").headers["Location"].endswith("/shifts")


def test_at_the_door_one_press_or_six_digits(
    world: World, begin: Begin, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition, (alice, bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition)
    for pledge_id in (alice, bob):
        run_tx(lambda pledge_id=pledge_id: take(shift.id, pledge_id))  # type: ignore[misc]
    later.move_to(shift.starts_at)
    door = f"/check-in/{door_token(shift.id)}"
    assert "Sign in, and one press checks you in" in read(client, door)
    assert client.post(door).status_code == 403
    world.sign_in(client, "alice")
    assert "I am here" in read(client, door)
    assert client.get(f"/desk/{petition.slug}/deeds").status_code == 404
    done = send(client, door, door)
    assert "You are here" in words(done.text)
    page = f"/deeds/{token_of(bob)}"
    wrong = client.post(f"{page}/code", data={"code": "000 000"}, headers=EN | {"Origin": "http://localhost"})
    assert wrong.status_code == 422
    assert "000 000" in wrong.text
    right = client.post(
        f"{page}/code", data={"code": door_code(shift.id)}, headers=EN | {"Origin": "http://localhost"}
    )
    assert "You are here" in words(right.text)
    assert client.get("/check-in/forged").status_code == 404


def test_the_organizer_plans_prints_and_ticks_off(
    world: World, begin: Begin, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    world.sign_in(client, "organizer")
    desk = f"/desk/{petition.slug}"
    new = f"{desk}/shifts/new"
    bad = send(client, new, new, **shift_fields(places="many", title=""))
    assert bad.status_code == 422
    assert 'value="many"' in bad.text
    assert "Say in a few words what is done." in words(bad.text)
    past = send(client, new, new, **shift_fields(day="2001-01-01"))
    assert past.status_code == 422
    assert send(client, new, new, **shift_fields(starts="22:00", ends="02:00")).status_code == 303
    shift = db.session.query(Shift).one()
    assert (shift.ends_at - shift.starts_at).total_seconds() == 4 * 3600
    edit = f"{desk}/shifts/{shift.id}"
    assert send(client, edit, edit, **shift_fields(title="풀 뽑기")).status_code == 303
    run_tx(lambda: take(shift.id, alice))
    later.move_to(world.fresh(shift).starts_at)
    door = f"{desk}/shifts/{shift.id}/door"
    assert "Alice" in read(client, door)
    picture = client.get(f"{door}.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.text.startswith("<?xml")
    seat = re.search(r"/seats/([0-9a-f-]+)", client.get(door).text)
    assert seat is not None
    assert send(client, door, f"{desk}/seats/{seat.group(1)}", here="1").status_code == 303
    assert "Take back" in read(client, door)
    assert "ticked off at" in read(client, door)


def test_the_organizers_word_sheet_and_csv(world: World, begin: Begin, client: FlaskClient) -> None:
    petition, (alice, bob) = begin(("alice", 4, {"skill": "=cmd()"}), ("bob", 4))
    run_tx(lambda: setattr(db.session.get_one(Pledge, bob), "name", "@Bob"))
    run_tx(lambda: say(alice, "person", True, 4))
    world.sign_in(client, "organizer")
    desk = f"/desk/{petition.slug}/deeds"
    page = read(client, desk)
    assert client.get(f"{desk}?page={2**63}").status_code == 200
    assert "They say: 4 hours done. You say: nothing yet." in page
    wrong = send(client, desk, f"{desk}/{alice}", word="kept", amount="forty")
    assert wrong.status_code == 422
    assert 'value="forty"' in wrong.text
    assert send(client, desk, f"{desk}/{alice}", word="kept", amount="3").status_code == 303
    assert "3 hours" in read(client, desk)
    assert send(client, desk, f"{desk}/{uuid4()}", word="kept").status_code == 404
    rows = list(csv.reader(io.StringIO(client.get(f"{desk}.csv").text.lstrip("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ["Alice", "'@Bob"]
    assert rows[1][3] == "'=cmd()"
    assert rows[1][8:10] == ["3", "kept"]
    assert "@example.org" not in str(rows)
    world.sign_in(client, "alice")
    for address in (desk, f"{desk}.csv", f"/desk/{petition.slug}/shifts/new"):
        assert client.get(address).status_code == 404


def test_everybody_who_checked_in_is_confirmed_with_one_press(
    world: World, begin: Begin, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition, (alice, bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition)
    run_tx(lambda: take(shift.id, alice))
    later.move_to(shift.starts_at)
    client.post(f"/deeds/{token_of(alice)}/code", data={"code": door_code(shift.id)})
    run_tx(lambda: say(alice, "person", True, 4))
    world.sign_in(client, "organizer")
    desk = f"/desk/{petition.slug}/deeds"
    assert send(client, desk, f"{desk}/present").status_code == 303
    assert (world.pledge_state(alice), world.pledge_state(bob)) == ("kept", "frozen")
    assert db.session.get_one(Pledge, alice).terms["done"] == 3


def test_a_moderator_reads_both_words_and_ends_it(world: World, begin: Begin, client: FlaskClient) -> None:
    _petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    run_tx(lambda: say(alice, "person", True, 4, note="종일 있었어요"))
    run_tx(lambda: say(alice, "organizer", False, 0))
    world.sign_in(client, "alice")
    assert client.get("/moderation/deeds").status_code == 404
    world.sign_in(client, "moderator")
    page = read(client, "/moderation/deeds")
    assert "종일 있었어요" in page
    done = send(client, "/moderation/deeds", f"/moderation/deeds/{alice}", word="kept", amount="4")
    assert done.status_code == 303
    assert world.pledge_state(alice) == "kept"
    again = send(client, "/moderation", f"/moderation/deeds/{alice}", word="broken")
    assert again.status_code == 409


def test_a_promise_is_made_on_the_form_with_its_own_fields(
    world: World, ask: Callable[..., Petition], client: FlaskClient
) -> None:
    petition = ask("things", 5)
    path = f"/petitions/{petition.slug}/pledges"
    fields = {"kind": "deed", "amount": "1", "name": "민지", "email": "minji@example.org", "key": uuid4().hex}
    bad = client.post(path, data=fields | {"thing": "", "back": "99"}, headers=EN)
    assert bad.status_code == 422
    assert "Say what you bring" in words(bad.text)
    assert 'id="thing-error"' in bad.text
    assert 'value="99"' in bad.text
    good = client.post(path, data=fields | {"thing": "사다리", "lent": "lend", "back": "3"}, headers=EN)
    assert good.status_code in {200, 303}
    pledge = db.session.query(Pledge).one()
    assert (pledge.terms, pledge.cost) == ({"what": "things", "thing": "사다리", "lent": True, "back": 3}, 0)
    assert "costs no money" in pledge.mandate
    confirm = client.post(f"/pledges/{letter_token(pledge)}", headers=EN)
    assert "Your pledge counts" in words(confirm.text)
    assert world.fresh(pledge).state == "ready"
