"""One module of pure rules per kind of pledge; a module with a ``KIND`` is found by being here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from .base import Kind


def find(name: str) -> Kind | None:
    """The kind of this name, or None when nobody knows it."""
    return known().get(name)


def all() -> tuple[Kind, ...]:  # noqa: A001 - read as kinds.all()
    """Every kind, in the order of their names."""
    return tuple(known().values())


@cache
def known() -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for module in sorted(info.name for info in iter_modules(__path__)):
        kind: Kind | None = getattr(import_module(f"{__name__}.{module}"), "KIND", None)
        if kind is not None:
            found[kind.name] = kind
    return found
