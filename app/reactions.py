"""What follows what: read this table and you know the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Reaction = Callable[..., None]

REACTIONS: Mapping[str, Sequence[Reaction]] = {}

SWEEPS: Sequence[Callable[[], object]] = ()
"""What the worker looks after at every look, whether or not anything was announced."""
