"""The pages of the deeds."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("doing", __name__)

from . import disputing, door, mine, planning, public, sheet  # noqa: E402, F401
