"""The pages of a group order: for everybody, for its buyers, for its organizer, for moderators."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("ordering", __name__)

from . import buyer, debt, disputes, packing, public  # noqa: E402

__all__ = ["blueprint", "buyer", "debt", "disputes", "packing", "public"]
