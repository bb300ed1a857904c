"""Names of other sites: the authority of an address, or nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.web.hosts import arrived_by, is_loopback, site_address, site_in


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://news.example.org/2026/secret-path?reader=7#x", "news.example.org"),
        ("http://News.Example.org:80/", "news.example.org"),
        ("https://blog.test:8444/a", "blog.test:8444"),
        ("blog.example.org", "blog.example.org"),
        ("blog.example.org:8080", "blog.example.org:8080"),
        ("https://두레.한국/글", "xn--hu1bo4e.xn--3e0b707e"),
        ("https://127.0.0.1:5000/", "127.0.0.1:5000"),
    ],
)
def test_a_site_is_its_host_and_port(text: str, site: str) -> None:
    assert site_in(text) == site


@pytest.mark.parametrize(
    "text",
    [
        "",
        "javascript:alert(1)",
        "javascript://x/%0aalert(1)",
        "data:text/html,x",
        "https://",
        "https://user:secret@evil.example/",
        "https://exa mple.org/",
        "https://<script>.org",
        "https://a..b/",
        "https://-a.org/",
        "https://a.org:99999/",
        "https://[::1",
        "//evil.example",
        "a" * 64 + ".org",
        ".".join(["a" * 60] * 5),
        "https://a\x00.org",
    ],
)
def test_what_names_no_site_is_nobody(text: str) -> None:
    assert site_in(text) == ""


@given(st.text(max_size=700))
def test_whatever_is_read_is_clean_and_reads_the_same_again(text: str) -> None:
    site = site_in(text)
    assert site_in(site) == site
    assert site == "" or (site.isascii() and not set(site) & set("/?#@ <>\"'\\;,\r\n") and len(site) <= 260)


def test_only_this_machine_is_reached_without_encryption() -> None:
    assert [is_loopback(name) for name in ("localhost", "a.localhost", "127.0.0.1", "::1")] == [True] * 4
    assert not is_loopback("localhost.example.org")
    assert site_address("localhost:5000") == "http://localhost:5000/"
    assert site_address("news.example.org") == "https://news.example.org/"


@pytest.mark.parametrize(
    ("path", "referrer", "site"),
    [
        ("/p?via=news.example.org", None, "news.example.org"),
        ("/p", "http://localhost/petitions/x?a=1&via=news.example.org#sign", "news.example.org"),
        ("/p", "https://evil.example/?via=news.example.org", ""),
        ("/p?via=localhost", None, ""),
        ("/p?via=javascript:alert(1)", None, ""),
        ("/p?trivia=news.example.org", None, ""),
        ("/p", None, ""),
        ("/p?" + "a=1&" * 10_000 + "via=news.example.org", None, ""),
    ],
)
def test_the_way_here_is_told_by_our_own_addresses_alone(
    app: Flask, path: str, referrer: str | None, site: str
) -> None:
    headers = {"Referer": referrer} if referrer else {}
    with app.test_request_context(path, headers=headers):
        assert arrived_by() == site
