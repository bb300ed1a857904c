"""The short reading of the sign form takes only what the form itself would take, and reads it the same."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.petitions.forms import SignForm
from app.petitions.plain import Filled, read_plainly

WORDS = st.text(st.sampled_from("aZ9 가힣-'<>%\u200b\u0301\n\x00é👩"), max_size=90)
ADDRESSES = st.one_of(
    st.sampled_from(
        ["minji@example.org", "A.b+c@Sub.example.com", "minji@example", " a@b.org", "a..b@c.org"]
    ),
    st.from_regex(r"[a-zA-Z0-9._+-]{1,70}@[a-z0-9-]{1,60}\.(org|kr|xyz)", fullmatch=True),
)
REGIONS = st.sampled_from(["KR-11", "US-CA", "TW", "", "kr-11", "KR-99"])
FLAGS = st.sampled_from(["", "1", "y", "on", "false", "0", "off", "no"])
FORMS = st.fixed_dictionaries(
    {"name": WORDS, "email": ADDRESSES, "region": REGIONS}, optional={"reason": WORDS, "hide_name": FLAGS}
)
USUAL = {"name": "민지", "email": "minji@example.org", "region": "KR-11"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(FORMS)
@example({"name": "민지", "email": "minji@example.org", "region": "KR-11"})
@example({"name": "홍 길동", "email": "A.b+c@Sub.example.com", "region": "US-CA", "hide_name": "1"})
def test_it_agrees_with_the_form(app: Flask, typed: dict[str, str]) -> None:
    posted = MultiDict(typed)
    filled = read_plainly(posted)
    if filled is None:
        return
    with app.test_request_context():
        form = SignForm(posted)
        assert form.validate(), form.errors
        assert filled == Filled(
            form.name.data or "",
            form.email.data or "",
            form.region.data or "",
            form.reason.data or "",
            form.hide_name.data,
        )


@pytest.mark.parametrize("changes", [{}, {"reason": "x" * 500}, {"name": "가" * 80}, {"hide_name": "1"}])
def test_the_commonest_forms_are_read_plainly(changes: dict[str, str]) -> None:
    assert read_plainly(MultiDict(USUAL | changes)) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": " 민지"},
        {"name": "가" * 81},
        {"reason": "x" * 501},
        {"region": "KR-99"},
        {"email": "a"},
    ],
)
def test_whatever_else_goes_to_the_form(changes: dict[str, str]) -> None:
    assert read_plainly(MultiDict(USUAL | changes)) is None
