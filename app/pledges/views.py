"""The blueprint of this room; the modules imported last hang their views on it."""

from __future__ import annotations

from flask import Blueprint, current_app

from .amounts import major_text, suggested_amounts

blueprint = Blueprint("pledges", __name__)
blueprint.add_app_template_global(suggested_amounts)
blueprint.add_app_template_global(major_text)


def pledges_a_minute() -> str:
    """How often one network may send the form; a demo is tried out by many behind one address."""
    return "300 per minute" if current_app.config["DURE"].demo else "20 per minute"


def cards_an_hour() -> str:
    """How often one network may set out to save a card: people need a few, card testers thousands."""
    return "600 per hour" if current_app.config["DURE"].demo else "30 per hour"


from . import link_views, pledge_views  # noqa: E402, F401
