"""``dure simulate``: the numbers of every kind, from a file, by the rules real pledges follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from app.cli import dure
from app.pledges import kinds
from app.pledges.kinds.base import Impossible
from app.pledges.kinds.trying import try_document
from tests.cli.conftest import environment, run_process

NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"

PEOPLE = [f"p{number}" for number in range(1, 301)]
GIFT: dict[str, Any] = {
    "kind": "gift",
    "currency": "KRW",
    "terms": {"goal": 3_000_000, "bonus_pool": 90_000},
    "pledges": [{"person": person, "amount": 10_000} for person in PEOPLE],
    "declined": PEOPLE[:24],
    "spent": 1_000_000,
    "rejected": True,
}
LOAN: dict[str, Any] = {
    "kind": "loan",
    "terms": {"unit": 10_000, "units": 300, "instalments": 12, "reserve": 150_000},
    "pledges": [{"person": person, "units": 1} for person in PEOPLE],
    "events": [{"repay": 250_000}] * 5 + [{"repay": 100_000}, {"default": True}, {"recover": 200_000}],
}
ORDER: dict[str, Any] = {
    "kind": "order",
    "terms": {"tiers": [[1, 12_000], [50, 11_000], [100, 10_000]], "case": None, "landed_cost": 0},
    "pledges": [{"person": person, "quantity": 1} for person in PEOPLE[:104]],
    "declined": PEOPLE[:6],
}
SHARE: dict[str, Any] = {
    "kind": "share",
    "terms": {"unit": 50_000, "total_units": 40, "founders": 5, "cap_percent": 30},
    "pledges": [
        {"person": person, "units": units} for person, units in zip("abcde", (12, 10, 8, 5, 5), strict=True)
    ],
    "surplus": 1_000_000,
    "patronage_percent": 60,
    "use": {"a": 25, "b": 25, "c": 25, "d": 15, "e": 10},
    "reserve_percent": 10,
    "dividend_cap_percent": 10,
}
RECURRING: dict[str, Any] = {
    "kind": "recurring",
    "terms": {"mode": "crowdmatched", "unit": 1},
    "pledges": [{"person": f"p{n}", "cap": cap} for n, cap in enumerate((5, 5, 4, 2, 1), 1)],
    "months": 1,
}
DEED: dict[str, Any] = {
    "kind": "deed",
    "terms": {"others": 10, "deadline": "2026-12-31T23:59:59+09:00"},
    "pledges": [{"person": person, "at": "2026-12-30T10:00:00+09:00"} for person in PEOPLE[:10]]
    + [{"person": "p11", "at": "2026-12-31T23:59:00+09:00"}],
}
CAMPAIGNS: tuple[dict[str, Any], ...] = (GIFT, LOAN, ORDER, SHARE, RECURRING, DEED)


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    return tmp_path / "campaign.json"


def simulate(path: Path, document: Any) -> Result:
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return CliRunner().invoke(dure, ["simulate", str(path)], prog_name="dure")


def result_of(path: Path, document: Any) -> dict[str, Any]:
    done = simulate(path, document)
    assert (done.exit_code, done.stderr) == (0, "")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_a_gift_held_in_full_whose_second_step_is_rejected_gives_the_rest_back(campaign: Path) -> None:
    gift = GIFT | {"terms": {"goal": 2_760_000, "bonus_pool": 90_000}}
    result = result_of(campaign, gift)
    assert (result["fired"], result["held"]) == (True, 2_760_000)
    assert sum(result["captured"].values()) == 2_760_000
    back = [won for won in result["refunded"].values() if won]
    assert sum(back) == 1_760_000
    assert back == [6_377] * 224 + [6_376] * 52
    assert not any(result["bonus"].values())


def test_a_gift_that_falls_short_charges_nobody_and_shares_the_bonus(campaign: Path) -> None:
    gift = GIFT | {"pledges": GIFT["pledges"][:180], "declined": [], "spent": 0, "rejected": False}
    result = result_of(campaign, gift)
    assert result["fired"] is False
    assert not any(result["captured"].values())
    assert set(result["bonus"].values()) == {500}
    assert len(result["bonus"]) == 180


def test_a_gift_with_276_of_300_held_is_released(campaign: Path) -> None:
    result = result_of(campaign, GIFT)
    assert (result["fired"], result["held"]) == (False, 2_760_000)
    assert not any(result["captured"].values())
    assert not any(result["refunded"].values())


def test_a_loan_after_one_instalment_gives_the_first_hundred_a_won_more(campaign: Path) -> None:
    loan = LOAN | {"terms": LOAN["terms"] | {"reserve": 0}, "events": [{"repay": 250_000}]}
    result = result_of(campaign, loan)
    assert result["schedule"] == [250_000] * 12
    assert list(result["received"].values()) == [834] * 100 + [833] * 200


def test_a_loan_that_defaults_is_covered_by_the_reserve_then_by_recoveries(campaign: Path) -> None:
    result = result_of(campaign, LOAN)
    assert list(result["received"].values()) == [5_667] * 200 + [5_666] * 100
    assert list(result["written_off"].values()) == [4_333] * 200 + [4_334] * 100
    assert result["reserve_left"] == 0


def test_an_order_is_priced_by_what_is_held(campaign: Path) -> None:
    short = result_of(campaign, ORDER)
    assert (short["price"], sum(short["captured"].values())) == (11_000, 1_078_000)
    full = result_of(campaign, ORDER | {"declined": []})
    assert (full["price"], sum(full["captured"].values())) == (10_000, 1_040_000)


@pytest.mark.parametrize(("case", "quantities"), [(10, [5, 2, 6, 3, 4]), (20, [5, 2, 6, 3, 4])])
def test_an_order_fills_whole_cases(campaign: Path, case: int, quantities: list[int]) -> None:
    wants = [(3, 5), (2, 2), (4, 6), (1, 3), (2, 4)]
    order = {
        "kind": "order",
        "terms": {"tiers": [[1, 1_000]], "case": case, "landed_cost": 0},
        "pledges": [{"person": f"p{n}", "min": low, "max": high} for n, (low, high) in enumerate(wants)],
        "declined": [],
    }
    result = result_of(campaign, order)
    assert (result["fired"], list(result["quantity"].values())) == (True, quantities)


def test_an_order_that_fills_not_one_case_is_let_go(campaign: Path) -> None:
    order = ORDER | {
        "terms": {"tiers": [[1, 1_000]], "case": 20, "landed_cost": 0},
        "pledges": [{"person": "p1", "min": 5, "max": 9}, {"person": "p2", "min": 7, "max": 8}],
        "declined": [],
    }
    result = result_of(campaign, order)
    assert (result["fired"], result["price"]) == (False, None)
    assert not any(result["captured"].values())


def test_a_surplus_is_split_by_the_law(campaign: Path) -> None:
    result = result_of(campaign, SHARE)
    assert (result["reserve"], result["patronage"]["a"]) == (100_000, 135_000)
    assert sum(result["patronage"].values()) == 540_000
    assert sum(result["dividend"].values()) == 200_000
    assert result["retained"] == 160_000


def test_the_thirteenth_share_of_one_member_is_refused(campaign: Path) -> None:
    pledges = [{"person": "a", "units": 12}, {"person": "a", "units": 1}]
    assert result_of(campaign, SHARE | {"pledges": pledges, "use": {}})["refused"] == ["a"]


def test_a_crowdmatched_month_is_worth_three(campaign: Path) -> None:
    result = result_of(campaign, RECURRING)
    assert (result["value"], result["charged"]) == (3, {"p1": 3, "p2": 3, "p3": 3})
    thousand = RECURRING | {"pledges": [{"person": str(number)} for number in range(1_000)]}
    assert sum(result_of(campaign, thousand)["charged"].values()) == 1_000_000


def test_the_tenth_other_in_the_last_minute_makes_it_true(campaign: Path) -> None:
    assert result_of(campaign, DEED) == {"fired": True, "at": "2026-12-31T23:59:00+09:00"}
    assert result_of(campaign, DEED | {"pledges": DEED["pledges"][:10]}) == {"fired": False, "at": None}


@pytest.mark.parametrize("document", CAMPAIGNS, ids=lambda document: str(document["kind"]))
def test_terms_that_fit_one_kind_alone_need_not_name_it(campaign: Path, document: dict[str, Any]) -> None:
    nameless = {name: value for name, value in document.items() if name != "kind"}
    assert result_of(campaign, nameless) == result_of(campaign, document)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "not JSON"),
        ("[1, 2]", "one object"),
        ('{"kind": "theft"}', "There are deed, gift, loan, order, recurring, share."),
        ('{"kind": ["gift"]}', "no kind of pledge"),
        ("{}", "Say in “kind”"),
        ('{"kind": "gift", "spent": NaN}', "no number of JSON"),
        ('{"kind": "loan", "person": "\\ud800"}', "UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"kind": "order", "terms": ' + "9" * 5_000 + "}", "not JSON"),
        (json.dumps(SHARE | {"terms": SHARE["terms"] | {"cap_percent": 31}}), "at most 30"),
    ],
)
def test_what_cannot_be_is_a_sentence(campaign: Path, document: str, said: str) -> None:
    done = simulate(campaign, document)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_it_needs_no_database_and_says_when_a_file_is_missing(campaign: Path) -> None:
    campaign.write_text(json.dumps(RECURRING))
    done = run_process("simulate", str(campaign), env=environment(NO_DATABASE))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["value"] == 3
    missing = run_process("simulate", str(campaign.with_name("none.json")), env=environment(NO_DATABASE))
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "cannot be read" in missing.stderr


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
SMALL = [
    document | {"pledges": document["pledges"][:5], "declined": [document["pledges"][0]["person"]]}
    for document in CAMPAIGNS
]


def paths_in(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where everything is that a document holds."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [so_far, *(path for key, each in inner for path in paths_in(each, (*so_far, key)))]


@given(data=st.data())
def test_whatever_stands_in_a_file_there_is_a_result_or_a_sentence(data: st.DataObject) -> None:
    document = json.loads(json.dumps(data.draw(st.sampled_from(SMALL))))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(paths_in(document)[1:]))
        holder = document
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(JSON)
    assert result_or_sentence(document)


def result_or_sentence(document: Any) -> str:
    try:
        return json.dumps(try_document(json.dumps(document).encode()), allow_nan=False)
    except Impossible as impossible:
        return str(impossible)


def test_every_kind_can_be_tried_out() -> None:
    assert {kind.name for kind in kinds.all()} == {document["kind"] for document in CAMPAIGNS}
