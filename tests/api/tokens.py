"""Access tokens for tests."""

from __future__ import annotations

from uuid import uuid4

from app.api.tokens import SCOPES, make_token
from app.db import run_tx
from tests.world import World


def token_for(world: World, name: str = "alice", *, scopes: tuple[str, ...] = SCOPES, days: int = 30) -> str:
    """A token of this person's, made just now."""
    person, form_key = world.person(name), uuid4().hex * 2
    made = run_tx(lambda: make_token(person.id, name="Daily", scopes=scopes, days=days, form_key=form_key))
    assert made is not None
    return made
