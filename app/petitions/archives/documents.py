"""Taking a JSON document apart into its elements, each with the line on which it starts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.petitions.archives.fields import Record, is_record

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True)
class Element:
    """One petition-sized piece of a document: its first line (from 1), its text and its value."""

    line: int
    raw: str
    value: object


@dataclass(frozen=True)
class Document:
    """An array, an API page (`{"links", "data": […]}`) or a single object, as its elements."""

    elements: list[Element]
    links: Record | None


def parse_document(text: str) -> Document:
    """Take `text` apart. Raises `ValueError` for what is not JSON, `RecursionError` for absurd nesting."""
    value = json.loads(text, strict=False)
    start = _skip_space(text, 0)
    if isinstance(value, list):
        return Document(list(_split_array(text, start)), None)
    if is_record(value) and isinstance(value.get("data"), list):
        links = value.get("links")
        return Document(
            list(_split_array(text, _find_data(text, start))), links if is_record(links) else None
        )
    return Document([Element(text.count("\n", 0, start) + 1, text.strip(), value)], None)


def _skip_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _find_data(text: str, start: int) -> int:
    """Where the value of the last top-level `data` begins, in an object known to be valid JSON."""
    found, at = start, _skip_space(text, start + 1)
    while text[at] == '"':
        key, end = _DECODER.raw_decode(text, at)
        at = _skip_space(text, _skip_space(text, end) + 1)
        if key == "data":
            found = at
        _, end = _DECODER.raw_decode(text, at)
        at = _skip_comma(text, end)
    return found


def _split_array(text: str, start: int) -> Iterator[Element]:
    line, counted, at = 1, 0, _skip_space(text, start + 1)
    while text[at] != "]":
        value, end = _DECODER.raw_decode(text, at)
        line += text.count("\n", counted, at)
        counted = at
        yield Element(line, text[at:end], value)
        at = _skip_comma(text, end)


def _skip_comma(text: str, end: int) -> int:
    at = _skip_space(text, end)
    return _skip_space(text, at + 1) if text[at] == "," else at
