"""Regions: seventeen provinces under their present names, and every other ISO code."""

from __future__ import annotations

import pytest
from flask import Flask

from app.petitions.regions import PROVINCES, is_region, listed_regions, region_name, region_select


def test_there_are_seventeen_provinces_first() -> None:
    assert len(PROVINCES) == 17
    assert [code for code, _name in listed_regions("ko")[:17]] == list(PROVINCES)


@pytest.mark.parametrize(
    ("code", "korean", "english"),
    [
        ("KR-50", "세종특별자치시", "Sejong"),
        ("KR-49", "제주특별자치도", "Jeju"),
        ("KR-45", "전북특별자치도", "Jeonbuk"),
        ("KR-42", "강원특별자치도", "Gangwon"),
        ("US", "미국", "United States"),
        ("US-CA", "California", "California"),
        ("??", "??", "??"),
    ],
)
def test_names(code: str, korean: str, english: str) -> None:
    assert (region_name(code, "ko"), region_name(code, "en")) == (korean, english)


@pytest.mark.parametrize("code", ["", "kr-11", "KR-99", "KR-52", "XX", "KR-11 ", "KOR", None])
def test_what_is_no_region(code: str) -> None:
    assert not is_region(code)


@pytest.mark.parametrize("chosen", ["KR-41", "TW", "US-CA"])
def test_the_select_marks_what_is_chosen_and_nothing_else(app: Flask, chosen: str) -> None:
    with app.test_request_context("/?lang=en"):
        options = region_select("en", chosen, "Choose")
    assert options.count(" selected>") == 1
    assert f'value="{chosen}" selected' in options


def test_the_select_never_repeats_what_was_not_a_region(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert "selected" not in region_select("en", '"><script>', "Choose")
        assert "script" not in region_select("en", '"><script>', "Choose")
