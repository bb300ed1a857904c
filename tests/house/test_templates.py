"""Templates: nothing inline that the content policy forbids, nothing personal on pages for everybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT

TEMPLATES = ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
LETTERS = TEMPLATES / "mail"
PERSONAL = ("current_user", "csrf_token", "get_flashed_messages", "session.")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|hx-on|javascript:", re.IGNORECASE)


def ancestry(path: Path) -> list[Path]:
    """The template and every template it extends."""
    found = re.search(r"{%-?\s*extends\s+['\"]([^'\"]+)['\"]", path.read_text())
    return [path, *(ancestry(TEMPLATES / found[1]) if found else [])]


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


def is_private(path: Path) -> bool:
    return TEMPLATES / "private.html" in ancestry(path)


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


def test_views_for_everybody_show_no_private_template(house: Flask) -> None:
    """A view that is the same for everybody must not render what extends ``private.html``."""
    import inspect

    wrong = []
    for endpoint, view in house.view_functions.items():
        if not getattr(view, "for_everybody", False):
            continue
        named = re.findall(r"['\"]([a-z_/]+\.html)['\"]", inspect.getsource(inspect.unwrap(view)))
        wrong += [(endpoint, name) for name in named if is_private(TEMPLATES / name)]
    assert wrong == []


@pytest.mark.parametrize("path", [page for page in PAGES if page.name.startswith("_")], ids=name_of)
def test_a_fragment_is_no_page(path: Path) -> None:
    assert "{% extends" not in path.read_text()
    assert "<html" not in path.read_text()
