"""Opening archive files, gzip or plain, and reading them line by line in bounded memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

LONGEST_LINE = 16 * 2**20
"""Bytes; a longer line is reported, not read."""

LARGEST_DOCUMENT = 64 * 2**20
"""Bytes after decompression; only files that are one JSON document are ever held whole."""

GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnreadableFile(Exception):  # noqa: N818 — it is a verdict on the file, told to a person
    """A file cannot be read (on); the message is a short sentence for the person importing it."""


class Line(NamedTuple):
    """One line without its line end; `number` counts from 1; `whole` is False where it was cut for length."""

    number: int
    content: bytes
    whole: bool


@contextmanager
def open_archive(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, decompressed if they begin like gzip. Raises `UnreadableFile`, also while reading."""
    try:
        with path.open("rb") as plain:
            zipped = plain.read(2) == GZIP_MAGIC
            plain.seek(0)
            if not zipped:
                yield plain
                return
            with gzip.GzipFile(fileobj=plain) as inflated:
                yield cast("IO[bytes]", inflated)
    except FileNotFoundError:
        raise UnreadableFile("The file does not exist.") from None
    except IsADirectoryError:
        raise UnreadableFile("This is a folder, not a file.") from None
    except EOFError:
        raise UnreadableFile("The gzip file is cut short; what follows is lost.") from None
    except (gzip.BadGzipFile, zlib.error):
        raise UnreadableFile("The gzip file is damaged; what follows is lost.") from None
    except (OSError, ValueError) as failure:
        detail = getattr(failure, "strerror", None) or "its name is not a path"
        raise UnreadableFile(f"The file cannot be read: {detail}.") from None


def read_lines(path: Path) -> Iterator[Line]:
    """Every non-blank line in order. Raises `UnreadableFile` where the file breaks off."""
    number = 0
    with open_archive(path) as stream:
        while content := stream.readline(LONGEST_LINE + 1):
            number += 1
            if number == 1:
                content = content.removeprefix(BYTE_ORDER_MARK)
            whole = content.endswith(b"\n") or len(content) <= LONGEST_LINE
            if not whole:
                _skip_to_line_end(stream)
            content = content.rstrip(b"\r\n")
            if content.strip():
                yield Line(number, content, whole)


def read_document(path: Path) -> str | None:
    """The whole file as text, or None where it is too large to be one document.

    Bytes that are not UTF-8 become lone surrogates, so that only the elements holding them are bad.
    """
    with open_archive(path) as stream:
        content = stream.read(LARGEST_DOCUMENT + 1)
    if len(content) > LARGEST_DOCUMENT:
        return None
    return content.removeprefix(BYTE_ORDER_MARK).decode(errors="surrogateescape")


def _skip_to_line_end(stream: IO[bytes]) -> None:
    while (piece := stream.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
        pass
