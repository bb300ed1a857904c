"""Sheets for a spreadsheet: UTF-8 with a mark that Excel knows, and no cell that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Response

from app.clock import SEOUL

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MARK = "\ufeff"


def defused(cell: object) -> str:
    """The cell as text; one that a spreadsheet would run as a formula gets an apostrophe in front.

    White space before the formula does not hide it.
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS) else text


def in_seoul(at: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """A moment as a spreadsheet reads it, by the clock in Seoul; nothing where there is none."""
    return at.astimezone(SEOUL).strftime(form) if at else ""


def sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV (RFC 4180, CRLF) that starts with a byte order mark."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([defused(column) for column in columns])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return MARK + written.getvalue()


def download(text: str, name: str) -> Response:
    """The sheet as a file to save; ``name`` is ASCII."""
    response = Response(text, mimetype="text/csv", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
