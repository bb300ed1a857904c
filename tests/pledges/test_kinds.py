"""Kinds of pledge: found by being there, and a gift's rules for every amount there can be."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import LARGEST
from app.pledges import kinds
from app.pledges.kinds.base import BadPromise, Conditions, Contribution, Offer, Others, Promise

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
amounts = st.integers(1, LARGEST)
currencies = st.sampled_from(["KRW", "USD", "EUR"])


class Plain:
    """English without a catalogue."""

    def gettext(self, msgid: str, **params: str) -> str:
        return msgid % params

    def money(self, minor: int, currency: str) -> str:
        return f"{currency} {minor:,}"

    def number(self, value: int) -> str:
        return f"{value:,}"

    def day(self, at: datetime) -> str:
        return f"{at:%d %B %Y}"


PLAIN = Plain()
GIFT = kinds.find("gift")
assert GIFT is not None


def test_gift_is_found_by_being_in_the_folder() -> None:
    assert "gift" in [kind.name for kind in kinds.all()]
    assert kinds.find("base") is None
    assert kinds.find("bond") is None


def test_rules_load_without_a_web_framework_or_a_database() -> None:
    code = (
        "import sys; from importlib.machinery import ModuleSpec\n"
        "class Wall:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'sqlalchemy', 'wtforms', 'flask', 'flask_babel'}:\n"
        "            raise AssertionError(name)\n"
        "import types; app = types.ModuleType('app'); app.__path__ = ['app']; sys.modules['app'] = app\n"
        "room = types.ModuleType('app.pledges'); room.__path__ = ['app/pledges']\n"
        "sys.modules['app.pledges'] = room\n"
        "sys.meta_path.insert(0, Wall())\n"
        "from app.pledges import kinds; print([kind.name for kind in kinds.all()])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "'gift'" in done.stdout, done.stderr


@given(amounts, currencies)
def test_all_of_a_gift_counts_is_collected_and_leaves_nothing_owed(amount: int, currency: str) -> None:
    promise, offer = Promise(amount, currency), Offer(1, currency)
    GIFT.check(promise, offer, Others(), PLAIN)
    assert GIFT.contribution(promise, offer) == Contribution("money", amount)
    assert GIFT.cost(promise, offer) == amount
    assert GIFT.duties(promise, offer, MONDAY) == ()


@given(st.integers(max_value=0) | st.integers(LARGEST + 1), currencies)
def test_a_gift_of_nothing_or_of_too_much_is_refused(amount: int, currency: str) -> None:
    with pytest.raises(BadPromise) as refused:
        GIFT.check(Promise(amount, currency), Offer(1, currency), Others(), PLAIN)
    assert refused.value.field == "amount"
    assert refused.value.sentence


@pytest.mark.parametrize("promise", [Promise(1, "XXX"), Promise(1, None), Promise(1, "KRW", {"units": 3})])
def test_a_gift_in_no_currency_or_with_foreign_terms_is_refused(promise: Promise) -> None:
    with pytest.raises(BadPromise):
        GIFT.check(promise, Offer(1, "KRW"), Others(), PLAIN)


def test_the_sentence_names_amount_both_targets_and_the_day() -> None:
    conditions = Conditions(1_000, Offer(3_000_000, "KRW"), MONDAY)
    assert GIFT.explain(Promise(30_000, "KRW"), conditions, PLAIN) == (
        "You pay KRW 30,000 only if 1,000 people sign and KRW 3,000,000 is pledged by 30 November 2026. "
        "Until then you can take it back at any time."
    )
    assert GIFT.explain(None, conditions, PLAIN) == (
        "You pay only if 1,000 people sign and KRW 3,000,000 is pledged by 30 November 2026. "
        "Until then you can take it back at any time."
    )
