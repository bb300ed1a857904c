"""An owner's colour: whatever it is, every word stays readable."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from app.embeds.colours import (
    DARK_PAPER,
    LIGHT_PAPER,
    READABLE,
    accent_styles,
    contrast,
    ink_on,
    read_colour,
    readable_on,
)

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"{value:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("ffffff", "000000", 21), ("777777", "ffffff", 4.48), ("24478f", "24478f", 1)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio


@given(colours)
@example("757575")
def test_words_on_any_colour_are_readable(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= READABLE


@given(colours)
def test_words_in_any_colour_are_readable(colour: str) -> None:
    for paper in (LIGHT_PAPER, DARK_PAPER):
        assert contrast(readable_on(paper, colour), paper) >= READABLE


def test_a_colour_that_reads_well_is_left_alone() -> None:
    assert readable_on(LIGHT_PAPER, "24478f") == "24478f"


@given(colours)
def test_the_style_sheet_holds_colours_and_nothing_else(colour: str) -> None:
    values = re.findall(r"--[a-z]+:([^;}]+)", accent_styles(colour))
    assert len(values) == 6
    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for value in values)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("FF8800", "ff8800"),
        ("#ff8800", "ff8800"),
        *((bad, None) for bad in ("f80", "red", "ff880", "", "ff8800;}", "ff8800\n", "١٢٣٤٥٦", "</style>")),
    ],
)
def test_only_six_hex_digits_are_a_colour(asked: str, read: str | None) -> None:
    assert read_colour(asked) == read


def test_the_style_sheet_is_served_to_everybody(client: FlaskClient) -> None:
    answer = client.get("/embed/v1/accent-ff8800.css")
    assert answer.text == accent_styles("ff8800")
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("bad", ["red", "FF8800", "ff88001", "%22%3E", "ff8800%0a"])
def test_there_is_no_style_sheet_for_anything_else(client: FlaskClient, bad: str) -> None:
    assert client.get(f"/embed/v1/accent-{bad}.css").status_code == 404
