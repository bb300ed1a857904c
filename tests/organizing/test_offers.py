"""The launch form by kind: what people pledge, its target, its terms, and a sentence where one is wrong."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.db import db
from app.petitions.models import Petition
from tests.organizing.desk import days_ahead, launch_data, send
from tests.world import World

PATH = "/petitions/new"
ONE_WAY = "A petition collects money in one way"
FIELD = re.compile(r'<(input|select|textarea)[^>]* name="([^"]+)"')

LOAN = {
    "loan_target": "3,000,000",
    "loan_unit": "10,000",
    "loan_cap": "5",
    "loan_instalments": "12",
    "loan_first_after": "1",
}
ORDER = {
    "order_target": "50",
    "order_item": "귤 5kg 한 상자",
    "order_trade": "direct",
    "order_origin": "제주 김씨네",
    "order_tiers": "50: 11,000\n100: 10,000",
    "order_case": "10",
    "order_freight": "",
    "order_duty": "",
    "order_limit": "",
    "order_pickups": "학교 앞\n도서관",
}
SHARE = {"share_target": "40", "share_unit": "50,000", "share_founders": "5", "share_cap_percent": "30"} | {
    "share_reserve_percent": "10",
    "share_dividend_cap_percent": "10",
    "share_quorum_percent": "50",
    "share_year_ends": "12",
}
DEED = {"deed_target": "200", "deed_what": "hours", "deed_deed": "개울을 함께 치워요", "deed_within": "30"}
MONTHLY = {"recurring_target": "300", "recurring_mode": "crowdmatched", "recurring_unit": "10"}


def filled(*kinds: str, **fields: str) -> dict[str, Any]:
    """A launch form of these kinds; the gift's goal is there whether it was ticked or not."""
    delivery = {"order_delivery": days_ahead(60).isoformat()} if "order" in kinds else {}
    return launch_data(kinds=list(kinds), **delivery, **fields)


def petition() -> Petition | None:
    db.session.expire_all()
    return db.session.scalar(sa.select(Petition))


def offers() -> list[tuple[str, str, int, str | None]]:
    found = petition()
    assert found is not None
    return [(t.kind, t.measure, t.target, t.currency) for t in found.pledge_thresholds]


@pytest.mark.parametrize(
    ("kinds", "fields", "expected"),
    [
        (("loan",), LOAN, [("loan", "money", 3_000_000, "KRW")]),
        (("order",), ORDER, [("order", "units", 50, None)]),
        (("share",), SHARE, [("share", "units", 40, None)]),
        (("deed",), DEED, [("deed", "hours", 200, None)]),
        (("recurring",), MONTHLY, [("recurring", "units", 300, None)]),
        (("gift", "deed"), DEED, [("gift", "money", 3_000_000, "KRW"), ("deed", "hours", 200, None)]),
        (
            ("loan", "deed", "recurring"),
            LOAN | DEED | {"recurring_target": "500,000", "recurring_mode": "fixed"},
            [
                ("loan", "money", 3_000_000, "KRW"),
                ("deed", "hours", 200, None),
                ("recurring", "money", 500_000, "KRW"),
            ],
        ),
    ],
)
def test_a_petition_takes_the_kinds_that_were_ticked_and_the_edit_form_shows_them_again(
    client: FlaskClient,
    world: World,
    kinds: tuple[str, ...],
    fields: dict[str, str],
    expected: list[tuple[str, str, int, str | None]],
) -> None:
    world.sign_in(client, "minji")
    answer = send(client, PATH, filled(*kinds, **fields))
    assert answer.status_code == 303, unescape(answer.text)
    assert offers() == expected
    found = petition()
    assert found is not None
    again = f"/desk/{found.slug}/edit"
    page = client.get(again).text
    for name in kinds:
        assert re.search(f'value="{name}" id="kinds-{name}"[^>]* checked', page)
    assert "Nothing was different" in client.get(send(client, again, as_shown(page)).location).text
    assert offers() == expected


def as_shown(page: str) -> dict[str, Any]:
    """Every field of the edit form as a browser would send it back."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.data: dict[str, Any] = {"kinds": []}
            self.inside: str | None = None
            self.select: str | None = None

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            name = given.get("name")
            if tag == "input" and name == "kinds":
                self.data["kinds"] += [given["value"]] if "checked" in given else []
            elif tag == "input" and name:
                self.data.setdefault(name, given.get("value") or "")
            elif tag == "textarea" and name:
                self.inside, self.data[name] = name, ""
            elif tag == "select" and name:
                self.select = name
            elif tag == "option" and self.select and "selected" in given:
                self.data[self.select] = given["value"]

        def handle_endtag(self, tag: str) -> None:
            self.inside = None if tag == "textarea" else self.inside
            self.select = None if tag == "select" else self.select

        def handle_data(self, text: str) -> None:
            if self.inside:
                self.data[self.inside] += text.lstrip("\r\n") if not self.data[self.inside] else text

    fields = Fields()
    fields.feed(page)
    fields.data.pop("csrf_token")
    return fields.data


@pytest.mark.parametrize(
    ("kinds", "change", "wrong"),
    [
        (("gift", "loan"), LOAN, ("kinds", ONE_WAY)),
        (("theft",), {}, ("kinds", "Choose from the list")),
        (("loan",), LOAN | {"loan_target": "3,005,000"}, ("loan_target", "must be a multiple of one unit")),
        (("loan",), LOAN | {"loan_cap": "301"}, ("loan_cap", "There are only 300 units.")),
        (("loan",), LOAN | {"loan_unit": "ten"}, ("loan_unit", "Write the amount in digits")),
        (("loan",), LOAN | {"loan_unit": ""}, ("loan_unit", "Fill this in.")),
        (("order",), ORDER | {"order_tiers": "oops"}, ("order_tiers", "is not a quantity")),
        (("order",), ORDER | {"order_delivery": "soon"}, ("order_delivery", "Write the day as")),
        (
            ("order",),
            ORDER | {"order_delivery": days_ahead(30).isoformat()},
            ("order_delivery", "Choose a day after the deadline."),
        ),
        (("order",), ORDER | {"order_case": "-2"}, ("order_case", "Write a whole number")),
        (("order",), ORDER | {"order_item": "a\x00b"}, ("order_item", "Remove the invisible")),
        (("share",), SHARE | {"share_cap_percent": "31"}, ("share_cap_percent", "between 1 and 30")),
        (("share",), SHARE | {"share_year_ends": "13"}, ("share_year_ends", "Choose one of these.")),
        (("deed",), DEED | {"deed_target": ""}, ("deed_target", "Write how much is needed.")),
        (("deed",), DEED | {"deed_target": "2.5"}, ("deed_target", "Write a whole number")),
        (("deed",), DEED | {"deed_deed": ""}, ("deed_deed", "Fill this in.")),
        (("recurring",), MONTHLY | {"recurring_unit": ""}, ("recurring_unit", "Say how much each pays")),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    client: FlaskClient,
    world: World,
    kinds: tuple[str, ...],
    change: dict[str, str],
    wrong: tuple[str, str],
) -> None:
    field, sentence = wrong
    world.sign_in(client, "minji")
    answer = send(client, PATH, filled(*kinds) | change)
    page = unescape(answer.text)
    assert (answer.status_code, petition()) == (422, None)
    beside = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert beside, f"no sentence beside {field}"
    assert sentence in beside[1]
    for value in change.values():
        assert value.replace("\x00", "") in page.replace("\x00", "")
    for kind in set(kinds) - {"theft"}:
        assert re.search(f'value="{kind}" id="kinds-{kind}"[^>]* checked', page)


def test_what_was_typed_for_a_kind_that_is_not_ticked_stays_and_does_no_harm(
    client: FlaskClient, world: World
) -> None:
    world.sign_in(client, "minji")
    answer = send(client, PATH, filled("deed", **DEED | {"loan_unit": "ten", "goal": "many", "title": ""}))
    assert answer.status_code == 422
    assert 'value="ten"' in answer.text
    assert 'id="loan_unit-error"' not in answer.text
    assert 'id="goal-error"' not in answer.text


def test_a_link_preselects_a_kind(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "minji")
    page = client.get(f"{PATH}?kind=loan&kind=deed&kind=theft").text
    ticked = re.findall(r'name="kinds" value="(\w+)" id="[^"]+"[^>]* checked', page)
    assert sorted(ticked) == ["deed", "loan"]
    plain = client.get(PATH).text
    assert re.findall(r'name="kinds" value="(\w+)" id="[^"]+"[^>]* checked', plain) == ["gift"]


def test_the_preview_says_what_people_would_agree_to(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "minji")
    data = filled("loan", "deed", **LOAN | DEED | {"deed_deed": ""}) | {"preview": "1"}
    page = unescape(send(client, PATH, data).text)
    assert "You lend only if 300 people sign and ₩3,000,000 is lent by" in page
    assert "“What does everybody do?” Fill this in." in page
    assert 'id="deed_deed-error"' not in page, "a preview is no complaint"
    assert petition() is None


def test_a_plan_without_money_is_explained(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "minji")
    assert "A loan is paid out at once" in client.get(PATH).text


def test_locked_offers_are_refused_beside_their_own_target(client: FlaskClient, world: World) -> None:
    from tests.organizing.desk import signature

    world.sign_in(client, "minji")
    send(client, PATH, filled("deed", **DEED))
    found = petition()
    assert found is not None
    signature(found, "alice")
    again = f"/desk/{found.slug}/edit"
    answer = send(client, again, as_shown(client.get(again).text) | {"deed_target": "100"})
    assert answer.status_code == 422
    assert re.search(r'id="deed_target-error"[^>]*>.*this is locked', unescape(answer.text))


class TestInProduction:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"env": "production", "base_url": "https://dure.example"}

    def test_a_loan_needs_the_operators_registration(self, app: Flask, world: World) -> None:
        from werkzeug.datastructures import MultiDict

        from app.organizing.forms import LaunchForm

        with app.test_request_context("/"):
            form = LaunchForm(MultiDict(filled("loan", **LOAN)))
            assert not form.validate()
            assert "not registered" in str(form.kinds.errors)
            app.config["DURE"].lending_registration = "2026-17"
            assert LaunchForm(MultiDict(filled("loan", **LOAN))).validate()
