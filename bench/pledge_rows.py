"""Reading conditional pledges from a CSV file, in the order in which they were made.

Columns are known by name, in any order: `dollars` (required), `row`, `timestamp`, `date`; others are ignored.

**A row's time** is `timestamp` (UTC), else `date`, else none, and then it comes after all dated rows. A
`timestamp` that is no moment counts as absent.

**A date** is `m/d/yy` or `m/d/yyyy` (20yy). It stands for the first second of that day in UTC, so a row known
only by its day comes before the timestamped rows of the day. The column is said to be US local, but in all
21,171 rows of the 2014 file that have both, the date is the UTC day of the timestamp. Midnight in any zone of
the continental United States replays that file alike; the end of the day does not. A date may drag a cut hour
behind it (`5/9/2014 1`): that digit is what is left of 1 or of 10 to 19, so only the day counts.

**Quarantined** are rows with a missing or non-positive amount, with a non-empty date that is no date, or
outside the asked-for days (the UTC day of the row's time; a row without a time is outside of nothing).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

_AMOUNT = re.compile(r"(-?)\$?(-?)([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})?(?:\.([0-9]*))?")
_US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})(?:\s+[0-9][0-9:]*\s?(?:[AaPp][Mm]?)?)?")
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class PledgeRow:
    """One pledge: the file's row number, US cents, and when it was made (aware, UTC) if that is known."""

    row: int
    cents: int
    at: datetime | None


@dataclass(frozen=True)
class Quarantined:
    """A row left out: its number, a short sentence why, and its cells as CSV."""

    row: int
    reason: str
    raw: str


def read_rows(
    path: Path, since: date | None = None, until: date | None = None
) -> tuple[list[PledgeRow], list[Quarantined]]:
    """The pledges in time order (ties in file order), and the quarantined rows in file order.

    `since` and `until` are days in UTC, both inclusive. A row's number is its `row` cell, or its place
    among the data rows (from 1) where that cell is missing or no number. Blank lines are no rows.
    Raises `OSError` when the file cannot be opened and `ValueError` when it has no `dollars` column.
    """
    accepted: list[PledgeRow] = []
    quarantined: list[Quarantined] = []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        records = _read_records(csv.reader(stream))
        header = [name.strip().lower() for name in next(records, [])]
        if "dollars" not in header:
            raise ValueError(f"{path}: a pledge file needs a column named dollars.")
        for ordinal, cells in enumerate(records, start=1):
            named = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            number = _read_row_number(named.get("row", ""), ordinal)
            try:
                at = _read_time(named.get("timestamp", ""), named.get("date", ""))
                cents = read_cents(named.get("dollars", ""))
                _check_days(at, since, until)
            except ValueError as verdict:
                quarantined.append(Quarantined(number, str(verdict), _write_csv(cells)))
            else:
                accepted.append(PledgeRow(number, cents, at))
    accepted.sort(key=lambda pledge: pledge.at or _LAST)
    return accepted, quarantined


def read_cents(text: str) -> int:
    """A positive amount of dollars (`10.5`, `$1,000.00`) as cents. Raises `ValueError` with a sentence."""
    if not text:
        raise ValueError("The amount is missing.")
    found = _AMOUNT.fullmatch(text.replace(" ", ""))
    if found is None or not (found[3] or found[4]):
        raise ValueError("The amount is no number.")
    fraction = (found[4] or "").rstrip("0")
    if len(fraction) > 2:
        raise ValueError("The amount is no whole number of cents.")
    cents = int((found[3] or "0").replace(",", "")) * 100 + int(fraction.ljust(2, "0"))
    if found[1] or found[2] or cents == 0:
        raise ValueError("The amount is not positive.")
    return cents


def parse_date(text: str) -> date:
    """The day of `m/d/yy` or `m/d/yyyy`, with or without a cut hour. Raises `ValueError` with a sentence."""
    found = _US_DATE.fullmatch(text)
    try:
        if found is None:
            return date.fromisoformat(text)
        year = int(found[3])
        return date(year if year > 99 else 2000 + year, int(found[1]), int(found[2]))
    except ValueError:
        raise ValueError("The date is no date.") from None


def _read_records(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield []
            continue
        if cells is None:
            return
        if cells:
            yield cells


def _read_row_number(text: str, ordinal: int) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else ordinal


def _read_time(timestamp: str, day: str) -> datetime | None:
    dated = parse_date(day) if day else None
    moment = _parse_timestamp(timestamp)
    if moment is not None or dated is None:
        return moment
    return datetime(dated.year, dated.month, dated.day, tzinfo=UTC)


def _parse_timestamp(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _check_days(at: datetime | None, since: date | None, until: date | None) -> None:
    if at is None:
        return
    if since is not None and at.date() < since:
        raise ValueError(f"The pledge was made before {since}.")
    if until is not None and at.date() > until:
        raise ValueError(f"The pledge was made after {until}.")


def _write_csv(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
