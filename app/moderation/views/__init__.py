"""The moderator's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("moderation", __name__)

from . import payouts, petitions, queue, signatures  # noqa: E402

__all__ = ["blueprint", "payouts", "petitions", "queue", "signatures"]
