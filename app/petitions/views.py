"""The blueprint of this room; the modules imported last hang their views on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("petitions", __name__)

from . import link_views, listing, sign_views  # noqa: E402, F401
