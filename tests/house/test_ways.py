"""Every page that people look at can be reached: a template, a letter or a next step leads to it."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"""(?:url_for|absolute)\(\s*['"]([a-z_]+\.[a-z_]+)['"]""")
LEADING = ("letters*.py", "letters/*.py", "*steps.py", "addresses.py", "links.py", "voting.py")
PEOPLE = {"public", "token", "person", "moderator"}
FOR_PROGRAMS = re.compile(r"^/(api|embed|oembed|livez|readyz|metrics)\b|\.atom$")
BY_THE_GATEWAY = {
    "payments.saving",
    "payments.confirmation",
    "pledges.method",
    "lending.method",
    "ordering.saved_card",
}
"""The sandbox's own pages, which a redirect opens, and the ways back from a gateway's page."""


def led_to(*sources: str) -> set[str]:
    """The endpoints that these texts name as the aim of a link."""
    return {name for source in sources for name in LINK.findall(source)}


def texts() -> list[str]:
    found = [
        *(ROOT / "templates").rglob("*.html"),
        *(path for pattern in LEADING for path in (ROOT / "app").rglob(pattern)),
    ]
    return [path.read_text() for path in found]


def lost(house: Flask, routes: list[Rule], known: set[str]) -> list[str]:
    return [
        f"{rule.rule} ({rule.endpoint})"
        for rule in routes
        if "GET" in (rule.methods or ())
        and getattr(house.view_functions[rule.endpoint], "guard", None) in PEOPLE
        and not FOR_PROGRAMS.search(rule.rule)
        and rule.endpoint not in known | BY_THE_GATEWAY
    ]


def test_every_page_is_linked(house: Flask, routes: list[Rule]) -> None:
    assert lost(house, routes, led_to(*texts())) == []


def test_a_page_that_nothing_links_would_be_found(house: Flask, routes: list[Rule]) -> None:
    """The negative control."""
    known = led_to(*(text for text in texts() if "lending.lender_link" not in text))
    assert lost(house, routes, known) == ["/pledges/<token>/loan (lending.lender_link)"]
