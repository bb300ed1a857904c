"""Every kind: what an organizer answers can be shown in the form again and read to the same terms."""

from __future__ import annotations

from typing import Any

import pytest

from app.pledges import kinds
from app.pledges.kinds.base import Offer
from tests.pledges.kinds.speech import PLAIN

ANSWERS: dict[str, dict[str, Any]] = {
    "gift": {},
    "loan": {"unit": 10_000, "cap": 5, "instalments": 12, "first_after": 1},
    "order": {
        "item": "Tangerines",
        "trade": "import",
        "origin": "Jeju",
        "tiers": "1: 12,000\n50: 11000",
        "case": 10,
        "freight": 50_000,
        "duty": 3_000,
        "pickups": "School gate\nLibrary",
        "delivery": "2027-01-31",
    },
    "share": {"unit": 50_000, "founders": 5, "cap_percent": 30, "year_ends": "6"},
    "recurring": {"mode": "crowdmatched", "unit": 10},
    "deed": {
        "what": "things",
        "deed": "Bring a ladder",
        "within": 30,
        "back": 14,
        "skills": "carpentry\nfirst aid",
    },
}
WORDS = {
    "gift": "KRW 300",
    "loan": "KRW 300,000",
    "order": "300 units",
    "share": "300 shares",
    "recurring": "300 people",
    "deed": "300 things",
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_answers_shown_again_make_the_same_offer(name: str) -> None:
    kind = kinds.find(name)
    assert kind is not None
    target = 300_000 if name == "loan" else 300
    terms = kind.read_offer(target, "KRW", ANSWERS[name], PLAIN)
    shown = kind.answers(Offer(target, "KRW", terms), PLAIN)
    assert kind.read_offer(target, "KRW", read_again(name, shown), PLAIN) == terms
    assert kind.counted(target, Offer(target, "KRW", terms), PLAIN) == WORDS[name]
    assert kind.target_label(PLAIN)


def read_again(name: str, shown: dict[str, str]) -> dict[str, Any]:
    kind = kinds.find(name)
    assert kind is not None
    forms = {question.name: question.form for question in kind.questions(PLAIN)}
    numbers = {"money", "whole"}
    return {
        question: int(text.replace(",", "")) if forms[question] in numbers else text
        for question, text in shown.items()
        if text
    }
