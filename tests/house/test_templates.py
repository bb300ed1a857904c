"""Templates: nothing inline that the content policy forbids, nothing personal on pages for everybody."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask
from flask.signals import before_render_template

from app.web.caching import for_everybody
from tests.layouts import TEMPLATES, is_private, watch_layouts

PAGES = sorted(TEMPLATES.rglob("*.html"))
LETTERS = TEMPLATES / "mail"
PERSONAL = ("current_user", "csrf_token", "get_flashed_messages", "session.")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|hx-on|javascript:", re.IGNORECASE)


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_template_can_be_read(house: Flask, path: Path) -> None:
    house.jinja_env.get_template(name_of(path))


@pytest.mark.parametrize("path", [page for page in PAGES if LETTERS not in page.parents], ids=name_of)
def test_nothing_is_inline_that_the_content_policy_forbids(path: Path) -> None:
    found = INLINE.search(path.read_text())
    assert found is None, found


@pytest.mark.parametrize(
    "source",
    ["<script>alert(1)</script>", '<p style="color:red">', '<a onclick="x()">', '<form hx-on:submit="x()">'],
)
def test_what_is_inline_would_be_found(source: str) -> None:
    """The negative control."""
    assert INLINE.search(source)


@pytest.mark.parametrize("path", [page for page in PAGES if not is_private(page)], ids=name_of)
def test_only_private_pages_ask_who_is_reading(path: Path) -> None:
    if path.name.startswith("_") or path.parent.name == "components" or path.name == "private.html":
        return
    asked = [word for word in PERSONAL if word in path.read_text()]
    assert asked == []


@pytest.mark.parametrize(
    ("path", "shown", "fails"),
    [
        ("/everybody", "pages/me.html", True),
        ("/everybody", "pages/home.html", False),
        ("/mine", "pages/me.html", False),
    ],
)
def test_a_view_for_everybody_that_shows_a_private_page_fails(
    house: Flask, path: str, shown: str, fails: bool
) -> None:
    """The negative control of the watch that the applications of all tests are under."""
    app = Flask("watched")
    app.add_url_rule("/everybody", "everybody", for_everybody(lambda: ""))
    app.add_url_rule("/mine", "mine", lambda: "")
    watch_layouts(app)
    with (
        app.test_request_context(path),
        pytest.raises(AssertionError, match="is for everybody and shows") if fails else nullcontext(),
    ):
        before_render_template.send(app, template=house.jinja_env.get_template(shown), context={})


@pytest.mark.parametrize("path", [page for page in PAGES if page.name.startswith("_")], ids=name_of)
def test_a_fragment_is_no_page(path: Path) -> None:
    assert "{% extends" not in path.read_text()
    assert "<html" not in path.read_text()
