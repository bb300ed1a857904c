"""Reading Atom as a reader program does: by its elements, not by its letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class ReadEntry:
    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    html: str
    topic: str | None


@dataclass(frozen=True)
class ReadFeed:
    id: str
    title: str
    language: str
    links: dict[str, str]
    updated: datetime
    entries: list[ReadEntry]


def read_feed(answer: TestResponse) -> ReadFeed:
    """The feed; fails where RFC 4287 asks for something that is not there."""
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    return ReadFeed(
        id=text_of(root, "id"),
        title=text_of(root, "title"),
        language=root.attrib[LANG],
        links={link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")},
        updated=datetime.fromisoformat(text_of(root, "updated")),
        entries=[read_entry(entry) for entry in root.findall(f"{ATOM}entry")],
    )


def read_entry(entry: ET.Element) -> ReadEntry:
    content, link = entry.find(f"{ATOM}content"), entry.find(f"{ATOM}link[@rel='alternate']")
    category = entry.find(f"{ATOM}category")
    assert link is not None
    assert content is None or content.attrib["type"] == "html"
    return ReadEntry(
        id=text_of(entry, "id"),
        title=text_of(entry, "title"),
        link=link.attrib["href"],
        published=datetime.fromisoformat(text_of(entry, "published")),
        updated=datetime.fromisoformat(text_of(entry, "updated")),
        html="" if content is None else content.text or "",
        topic=None if category is None else category.attrib["term"],
    )


def text_of(element: ET.Element, name: str) -> str:
    found = element.find(f"{ATOM}{name}")
    assert found is not None, name
    return found.text or ""


def feed_at(client: FlaskClient, path: str) -> ReadFeed:
    return read_feed(client.get(path))
