"""Atom (RFC 4287): entries in, a feed out. The library escapes; what XML cannot hold is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed
from flask import current_app

from app.web.xml import fit_for_xml

CONTENT_TYPE = "application/atom+xml"
SINCE = "2026"
"""The year from which on ids are given out (RFC 4151): whose the host was before does not matter."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    ``key`` is its name for good within this site. ``html`` is safe; ``updated`` is later than ``at`` where
    the same thing has gone on since.
    """

    key: str
    title: str
    link: str
    at: datetime
    html: str
    author: str | None = None
    topic: str | None = None
    updated: datetime | None = None


@dataclass(frozen=True)
class About:
    """A feed: ``link`` is the page it follows, ``own`` its own address."""

    key: str
    title: str
    subtitle: str
    link: str
    own: str
    language: str


class BasedFeed(Atom1Feed):  # type: ignore[misc]
    """A feed whose entries may hold addresses relative to the site."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:base": f"{base_url()}/"}


def write_feed(about: About, entries: Iterable[Entry]) -> str:
    """The feed as text, its entries in the order given."""
    feed = BasedFeed(
        title=fit_for_xml(about.title),
        link=about.link,
        description=None,
        subtitle=fit_for_xml(about.subtitle),
        language=about.language,
        author_name="Dure",
        feed_url=about.own,
        feed_guid=tag_of(about.key),
    )
    for entry in entries:
        feed.add_item(
            title=fit_for_xml(entry.title),
            link=entry.link,
            description=None,
            content=fit_for_xml(entry.html) or None,
            author_name=fit_for_xml(entry.author) if entry.author else None,
            pubdate=entry.at,
            updateddate=entry.updated or entry.at,
            unique_id=tag_of(entry.key),
            categories=[entry.topic] if entry.topic else [],
        )
    written: Any = feed.writeString("utf-8")
    return str(written)


def tag_of(key: str) -> str:
    """The id of something of ours for good, whatever addresses it will have."""
    return f"tag:{urlsplit(base_url()).hostname},{SINCE}:{key}"


def base_url() -> str:
    base: str = current_app.config["DURE"].base_url
    return base
