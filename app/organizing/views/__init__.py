"""The organizer's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organizing", __name__)

from . import (  # noqa: E402
    answering,
    desk,
    downloads,
    editing,
    launching,
    milestones,
    payee,
    updates,
    what_if,
    widgets,
)

__all__ = [
    "answering",
    "blueprint",
    "desk",
    "downloads",
    "editing",
    "launching",
    "milestones",
    "payee",
    "updates",
    "what_if",
    "widgets",
]
