"""Recognising what a file is by its content: JSON Lines, one JSON document, or nothing we know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.petitions.archives import cheongwadae, uk_parliament, white_house
from app.petitions.archives.documents import Document, parse_document
from app.petitions.archives.fields import Record, UnreadableRecord, is_record
from app.petitions.archives.files import Line, UnreadableFile, read_document, read_lines
from app.petitions.archives.records import ArchivedPetition


class Reader(Protocol):
    """What each source's module offers."""

    def claims(self, record: Record) -> bool:
        """Whether an object looks like one of this archive's petitions."""

    def read(self, record: Record) -> ArchivedPetition:
        """The petition an object describes. Raises `UnreadableRecord`."""


SOURCES: tuple[Reader, ...] = (cheongwadae, uk_parliament, white_house)


@dataclass(frozen=True)
class LinesFile:
    """One JSON object a line; `source` reads the objects that no source claims."""

    path: Path
    source: Reader


@dataclass(frozen=True)
class DocumentFile:
    """One JSON document: an array, an API page or a single object. `links` are those of a page."""

    path: Path
    source: Reader
    count: int
    links: Mapping[str, str] | None


@dataclass(frozen=True)
class UnknownFile:
    """A file that cannot be imported, with the sentence that says why."""

    path: Path
    reason: str


ArchiveFile = LinesFile | DocumentFile | UnknownFile


def recognise(path: Path) -> ArchiveFile:
    """Look at the file until a petition of a known archive is seen; usually its first line is enough."""
    try:
        first = next(read_lines(path), None)
        if first is None:
            return _unknown(path, "it is empty")
        value = _decoded_or_none(first)
        page_or_array = isinstance(value, list) or (is_record(value) and isinstance(value.get("data"), list))
        complaint = "no line holds a petition"
        if page_or_array or (value is None and first.content.lstrip()[:1] in (b"{", b"[")):
            found = _recognise_document(path)
            if isinstance(found, DocumentFile):
                return found
            complaint = found
        source = _find_source_in_lines(path)
        return _unknown(path, complaint) if source is None else LinesFile(path, source)
    except UnreadableFile as failure:
        return UnknownFile(path, str(failure))


def source_of(value: object) -> Reader | None:
    """The module that reads this decoded JSON value, if any claims it."""
    if not is_record(value):
        return None
    return next((source for source in SOURCES if source.claims(value)), None)


def decode_line(line: Line) -> Record:
    """The object on a line. Raises `UnreadableRecord` for anything else."""
    if not line.whole:
        raise UnreadableRecord("The line is too long.")
    if b"\0" in line.content:
        raise UnreadableRecord("The line holds a NUL character.")
    try:
        value = json.loads(line.content.decode())
    except UnicodeDecodeError as failure:
        raise UnreadableRecord(f"Not UTF-8 at byte {failure.start + 1}.") from None
    except json.JSONDecodeError as failure:
        raise UnreadableRecord(f"Not JSON: {failure.msg} at column {failure.colno}.") from None
    except RecursionError:
        raise UnreadableRecord("Not JSON: nested too deeply.") from None
    except ValueError:
        raise UnreadableRecord("Not JSON: a number is too long.") from None
    if not is_record(value):
        raise UnreadableRecord("Not a JSON object.")
    return value


def _decoded_or_none(line: Line) -> object:
    try:
        return json.loads(line.content)
    except (ValueError, RecursionError):
        return None


def _recognise_document(path: Path) -> DocumentFile | str:
    """The document, or why the file is none."""
    text = read_document(path)
    if text is None:
        return "it is too large for a single JSON document"
    try:
        document = parse_document(text)
    except json.JSONDecodeError as failure:
        return f"not JSON: {failure.msg} at line {failure.lineno}, column {failure.colno}"
    except (ValueError, RecursionError):
        return "not JSON that can be read"
    source = _find_source_in_document(document)
    if source is None:
        return "it holds no petition"
    return DocumentFile(path, source, len(document.elements), _text_links(document))


def _find_source_in_document(document: Document) -> Reader | None:
    claimed = (source_of(element.value) for element in document.elements)
    source = next((source for source in claimed if source is not None), None)
    return uk_parliament if source is None and document.links is not None else source


def _text_links(document: Document) -> Mapping[str, str] | None:
    if document.links is None:
        return None
    return {name: link for name, link in document.links.items() if isinstance(link, str) and link}


def _find_source_in_lines(path: Path) -> Reader | None:
    for line in read_lines(path):
        try:
            source = source_of(decode_line(line))
        except UnreadableRecord:
            continue
        if source is not None:
            return source
    return None


def _unknown(path: Path, complaint: str) -> UnknownFile:
    return UnknownFile(path, f"Not a petition archive this importer knows: {complaint}.")
