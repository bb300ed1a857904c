"""Reading archive files: one petition or one bad line for every record, in order, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.petitions.archives.documents import Element, parse_document
from app.petitions.archives.fields import UnreadableRecord
from app.petitions.archives.files import Line, UnreadableFile, read_document, read_lines
from app.petitions.archives.pages import arrange
from app.petitions.archives.recognising import (
    DocumentFile,
    LinesFile,
    Reader,
    UnknownFile,
    decode_line,
    recognise,
    source_of,
)
from app.petitions.archives.records import ArchivedPetition, BadLine

Result = ArchivedPetition | BadLine
Note = Callable[[str], None]

RAW_OF_OVERLONG_LINE = 1_000
"""Characters kept of a line that is too long to be read."""


def _drop_note(_text: str) -> None:
    return None


def read_archives(paths: Sequence[Path], note: Note = _drop_note) -> Iterator[Result]:
    """Every record of the files, in order; never raises for what a file holds.

    JSON Lines are streamed; a document (array, API page, single petition) is read whole, up to 64 MiB.
    Pages of one query follow their `next` links, and a petition met on two pages comes once. A file that
    is unknown, missing or unreadable is one `BadLine` on its line 1; one that breaks off is a `BadLine`
    after its last whole line. `note` is told, in a sentence, of a next page that was not given.
    The same petition in two files comes twice: who imports decides.
    """
    seen_on_pages: set[tuple[str, str]] = set()
    for step in arrange([recognise(path) for path in paths]):
        match step.file:
            case UnknownFile(path, reason):
                yield BadLine(str(path), 1, reason, "")
            case LinesFile():
                yield from _read_lines_file(step.file)
            case DocumentFile(links=None):
                yield from _read_document_file(step.file)
            case DocumentFile():
                yield from _skip_seen(_read_document_file(step.file), seen_on_pages)
        if step.missing_next is not None:
            note(f"{step.file.path}: the next page was not given: {ascii(step.missing_next)[1:-1]}")


def count_records(paths: Sequence[Path]) -> int:
    """How many results `read_archives` will give, for a progress bar; petitions on two pages count twice."""
    total = 0
    for path in paths:
        file = recognise(path)
        if isinstance(file, LinesFile):
            total += _count_lines(file.path)
        else:
            total += file.count if isinstance(file, DocumentFile) else 1
    return total


def _count_lines(path: Path) -> int:
    count = 0
    try:
        for _line in read_lines(path):
            count += 1
    except UnreadableFile:
        count += 1
    return count


def _read_lines_file(file: LinesFile) -> Iterator[Result]:
    number = 0
    try:
        for line in read_lines(file.path):
            number = line.number
            yield _read_line(line, file)
    except UnreadableFile as failure:
        yield BadLine(str(file.path), number + 1, str(failure), "")


def _read_line(line: Line, file: LinesFile) -> Result:
    try:
        return _read_record(decode_line(line), file.source)
    except UnreadableRecord as verdict:
        raw = line.content if line.whole else line.content[:RAW_OF_OVERLONG_LINE]
        return BadLine(str(file.path), line.number, str(verdict), raw.decode(errors="backslashreplace"))


def _read_document_file(file: DocumentFile) -> Iterator[Result]:
    try:
        elements = parse_document(read_document(file.path) or "").elements
    except (UnreadableFile, ValueError, RecursionError):
        yield BadLine(str(file.path), 1, "The file changed while it was being read.", "")
        return
    for element in elements:
        yield _read_element(element, file)


def _read_element(element: Element, file: DocumentFile) -> Result:
    encoded = element.raw.encode(errors="surrogateescape")
    line = Line(element.line, encoded, whole=True)
    try:
        encoded.decode()
        return _read_record(element.value, file.source)
    except UnicodeDecodeError as failure:
        reason = f"Not UTF-8 at byte {failure.start + 1}."
    except UnreadableRecord as verdict:
        reason = str(verdict)
    return BadLine(str(file.path), line.number, reason, encoded.decode(errors="backslashreplace"))


def _read_record(value: object, fallback: Reader) -> ArchivedPetition:
    if not isinstance(value, dict):
        raise UnreadableRecord("Not a JSON object.")
    return (source_of(value) or fallback).read(value)


def _skip_seen(results: Iterator[Result], seen: set[tuple[str, str]]) -> Iterator[Result]:
    for result in results:
        if isinstance(result, ArchivedPetition):
            key = (result.source, result.source_id)
            if key in seen:
                continue
            seen.add(key)
        yield result
