"""Point events in a file: read, check and score them, so that anybody can recompute what we show.

The file is JSON: a list of events, or an object whose ``events`` is that list. An event is ``{"id", "day",
"u", "v", "cls", "mp", "light"}``; ``v`` may be null and, like ``light``, left out; ``action`` (or ``note``)
says why. An event with ``"void": "<event id>"`` takes that event back, is worth nothing itself and needs
only its ``id`` beside it. In files a counterparty is its own cluster.
"""

import json
from pathlib import Path
from reprlib import repr as brief
from typing import Final, cast, get_args

from app.points.rules import EventClass, PointEvent
from app.points.score import LAST_DAY, scores_at

__all__ = ["parse_events", "read_events", "scores_at"]

_CLASSES: Final = get_args(EventClass)


def read_events(path: str | Path) -> list[PointEvent]:
    """Return the events of the JSON file at ``path``, in the file's order, duplicates and voids included.

    Raises OSError when the file cannot be read, ValueError naming the bad event when its content is
    malformed.
    """
    try:
        document = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    return parse_events(document)


def parse_events(document: object) -> list[PointEvent]:
    """Return the events of a decoded JSON ``document``; raises ValueError naming the first bad event."""
    rows = document.get("events") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise ValueError('expected a list of events, or an object with a list named "events"')
    return [_parse_event(row, _name_event(number, row)) for number, row in enumerate(rows, start=1)]


def _name_event(number: int, row: object) -> str:
    if isinstance(row, dict) and isinstance(row.get("id"), str):
        return f"event {number} ({brief(row['id'])})"
    return f"event {number}"


def _parse_event(row: object, name: str) -> PointEvent:
    if not isinstance(row, dict):
        raise ValueError(f"{name}: expected an object, got {brief(row)}")
    if row.get("void") is not None:
        return PointEvent(
            id=_text(row, "id", name),
            day=_whole(row, "day", name) if row.get("day") is not None else 0,
            person=_optional_text(row, "u", name) or "",
            counterparty=_optional_text(row, "v", name),
            action="void",
            class_="penalty",
            mp=0,
            voids=_text(row, "void", name),
        )
    return PointEvent(
        id=_text(row, "id", name),
        day=_whole(row, "day", name),
        person=_text(row, "u", name),
        counterparty=_optional_text(row, "v", name),
        action=_optional_text(row, "action", name) or _optional_text(row, "note", name) or "",
        class_=_class(row, name),
        mp=_amount(row, name),
        light=_light(row, name),
    )


def _text(row: dict[str, object], key: str, name: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f'{name}: "{key}" must be a text that is not empty, got {brief(value)}')
    return value


def _optional_text(row: dict[str, object], key: str, name: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f'{name}: "{key}" must be a text or null, got {brief(value)}')
    return value


def _whole(row: dict[str, object], key: str, name: str) -> int:
    value = row.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f'{name}: "{key}" must be a whole number, got {brief(value)}')
    if key == "day" and abs(value) > LAST_DAY:
        raise ValueError(f'{name}: "day" must lie within ±{LAST_DAY}, got {brief(value)}')
    return value


def _amount(row: dict[str, object], name: str) -> int:
    value = _whole(row, "mp", name)
    if value < 0:
        raise ValueError(
            f'{name}: "mp" must not be negative; a loss is a penalty with a positive mp, got {brief(value)}'
        )
    return value


def _light(row: dict[str, object], name: str) -> bool:
    value = row.get("light")
    if value is not None and not isinstance(value, bool):
        raise ValueError(f'{name}: "light" must be true or false, got {brief(value)}')
    return bool(value)


def _class(row: dict[str, object], name: str) -> EventClass:
    value = row.get("cls")
    if value not in _CLASSES:
        raise ValueError(f'{name}: "cls" must be one of {", ".join(_CLASSES)}, got {brief(value)}')
    return cast(EventClass, value)
