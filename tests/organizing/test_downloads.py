"""CSV: what a spreadsheet would run is defused, hidden names stay hidden, no address leaves."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web.sheets import defused, sheet
from tests.organizing.desk import signature
from tests.world import World


def rows(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf"), "Excel needs the mark"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＠x"])
def test_a_formula_is_text(formula: str) -> None:
    assert defused(formula) == f"'{formula}"


@pytest.mark.parametrize("harmless", ["민지", "a=b", "3,000", "", "안녕 @ 서울"])
def test_other_text_stays(harmless: str) -> None:
    assert defused(harmless) == harmless


def test_cells_with_commas_quotes_and_lines_survive() -> None:
    written = sheet(["a"], [['x,"y"\nz']])
    assert list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))) == [["a"], ['x,"y"\nz']]


def test_signatures(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    signature(petition, "홍길동", email="canary@example.org", reason="=HYPERLINK(1)")
    signature(petition, "비밀인", email="hidden@example.org", hide_name=True)
    world.sign_in(client, "organizer")
    answer = client.get(f"/desk/{petition.slug}/signatures.csv?lang=en")
    header, shown, hidden = rows(answer)
    assert header == ["Name", "Region", "Reason", "Confirmed (Seoul)"]
    assert shown[:3] == ["홍*동", "KR-11", "'=HYPERLINK(1)"]
    assert hidden[0] == "(name hidden)"
    assert "@" not in answer.text
    assert "비밀인" not in answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_pledges(client: FlaskClient, world: World) -> None:
    petition = world.petition(currency="USD")
    world.pledge(petition, "bob", 1_050)
    world.sign_in(client, "organizer")
    header, row = rows(client.get(f"/desk/{petition.slug}/pledges.csv?lang=en"))
    assert header == ["Name", "Amount", "Currency", "State", "Pledged (Seoul)"]
    assert row[:4] == ["B***", "10.50", "USD", "ready"]
