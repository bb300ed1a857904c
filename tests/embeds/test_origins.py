"""Origins that may frame a widget: read strictly, written the way a policy holds them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.embeds.origins import LONGEST, MOST, BadOrigin, covers, read_origin, read_origins


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://news.example.org", "https://news.example.org"),
        ("HTTPS://News.Example.ORG/", "https://news.example.org"),
        ("news.example.org", "https://news.example.org"),
        ("https://news.example.org:443", "https://news.example.org"),
        ("news.example.org:8443", "https://news.example.org:8443"),
        ("https://*.example.org", "https://*.example.org"),
        ("*.example.org", "https://*.example.org"),
        ("https://신문.한국", "https://xn--z92b13l.xn--3e0b707e"),
        ("https://intranet", "https://intranet"),
    ],
)
def test_an_origin_is_written_one_way(typed: str, origin: str) -> None:
    assert read_origin(typed) == origin


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("javascript:alert(1)", "host"),
        ("javascript://news.example.org", "host"),
        ("data:text/html,x", "host"),
        ("file:///etc/passwd", "host"),
        ("http://news.example.org", "insecure"),
        ("http://localhost:5000", "insecure"),
        ("http://127.0.0.1", "insecure"),
        ("https://news.example.org/path", "path"),
        ("https://news.example.org?x", "path"),
        ("https://news.example.org#x", "path"),
        ("https://news.example.org?", "path"),
        ("*", "everyone"),
        ("https://*", "everyone"),
        ("https://*.org", "wildcard"),
        ("https://a.*.org", "wildcard"),
        ("https://*news.example.org", "wildcard"),
        ("https://me:secret@news.example.org", "host"),
        ("https://news.example.org:0", "host"),
        ("https://news.example.org:99999", "host"),
        ("https://203.0.113.7", "host"),
        ("https://2130706433", "host"),
        ("https://[::1]", "host"),
        ("https://", "host"),
        ("'unsafe-inline'", "host"),
        ("'self'", "host"),
        ("https://a.org;script-src", "host"),
        ("https://a..org", "host"),
    ],
)
def test_anything_else_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadOrigin) as refused:
        read_origin(typed)
    assert (refused.value.reason, refused.value.typed) == (reason, typed)


@pytest.mark.parametrize(
    "origin", ["http://localhost:5000", "http://127.0.0.1:8000", "https://blog.localhost"]
)
def test_in_development_this_machine_may_frame_without_encryption(origin: str) -> None:
    assert read_origin(origin, loopback=True) == origin


def test_elsewhere_encryption_is_needed_in_development_too() -> None:
    with pytest.raises(BadOrigin):
        read_origin("http://localhost.example.org", loopback=True)


def test_lines_commas_and_doubles() -> None:
    text = " a.example.org, https://A.example.org/\n\n*.b.example.org\r\n"
    assert read_origins(text) == ("https://a.example.org", "https://*.b.example.org")
    assert read_origins(" \n") == ()


def test_neither_too_many_nor_too_long() -> None:
    many = [f"site-{number}.example.org" for number in range(MOST + 1)]
    assert len(read_origins("\n".join(many[:MOST]))) == MOST
    long = "\n".join(f"{'a' * 60}.{'b' * 60}.site-{number}.org" for number in range(MOST))
    for text in ("\n".join(many), long):
        with pytest.raises(BadOrigin, match="many"):
            read_origins(text)


@given(st.text(max_size=200) | st.from_regex(r"https?://[*a-z0-9.:/;'한-]{1,60}", fullmatch=True))
@example("https://a.org\nhttps://b.org:1")
def test_no_text_writes_more_into_the_policy_than_origins(text: str) -> None:
    with suppress(BadOrigin):
        origins = read_origins(text)
        assert read_origins("\n".join(origins)) == origins
        for origin in origins:
            assert origin.startswith("https://")
            assert origin.isascii()
            assert not set(origin) & set(" ;,'\"<>\r\n\t@?#")
        assert len(" ".join(origins)) <= LONGEST


@pytest.mark.parametrize(
    ("origin", "site", "means"),
    [
        ("https://news.example", "news.example", True),
        ("https://news.example", "a.news.example", False),
        ("https://news.example", "news.example:8443", False),
        ("https://news.example:8443", "news.example:8443", True),
        ("https://*.example", "a.b.example", True),
        ("https://*.news.example", "news.example", False),
        ("https://*.news.example", "evilnews.example", False),
        ("https://*.news.example:8443", "a.news.example:8443", True),
        ("https://*.news.example:8443", "a.news.example", False),
    ],
)
def test_an_origin_means_the_sites_that_a_browser_lets_frame(origin: str, site: str, means: bool) -> None:
    assert covers(origin, site) is means
