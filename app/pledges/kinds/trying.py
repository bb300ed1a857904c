"""Trying a pledge out: a JSON document in, what becomes of it out, by the rules that real pledges follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import all as all_kinds
from . import find
from .base import Impossible, Kind


def try_document(document: bytes) -> dict[str, Any]:
    """The result of the made-up campaign that the bytes of a JSON file describe.

    Raises:
        Impossible: the file is not JSON, or what it describes cannot be.
    """
    return try_out(read_document(document))


def read_document(document: bytes) -> Mapping[str, Any]:
    """The one object of a JSON file.

    Raises:
        Impossible: with what is wrong with it.
    """
    try:
        given = json.loads(document, parse_constant=refuse_constant)
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeError:
        raise Impossible("This is not text in UTF-8.") from None
    except RecursionError:
        raise Impossible("This is nested too deeply.") from None
    except ValueError as error:
        raise Impossible(f"This is not JSON: {error}.") from None
    if not isinstance(given, Mapping):
        raise Impossible('This should be one object, such as {"kind": "gift", …}.')
    return given


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def try_out(given: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of made-up pledges, by the kind they name, or else by the only kind they fit.

    Raises:
        Impossible: no such kind, or terms and pledges that contradict themselves.
    """
    name = given.get("kind")
    if name is None:
        return try_what_fits(given)
    kind = find(name) if isinstance(name, str) else None
    if kind is None:
        raise Impossible(f"{json.dumps(name, ensure_ascii=False)[:60]} is no kind of pledge. {known_kinds()}")
    return kind.simulate(given)


def try_what_fits(given: Mapping[str, Any]) -> dict[str, Any]:
    results = [result for kind in all_kinds() if (result := result_or_none(kind, given)) is not None]
    if len(results) != 1:
        raise Impossible(f"Say in “kind” what is tried out. {known_kinds()}")
    return results[0]


def result_or_none(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return kind.simulate(given)
    except Impossible:
        return None


def known_kinds() -> str:
    return f"There are {', '.join(kind.name for kind in all_kinds())}."
