"""The blueprint of this room; the modules imported last hang their views on it."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from app.petitions.showing import PetitionView, ThresholdView

from . import kinds
from .amounts import major_text, suggested_amounts
from .from_purse import promised_from_purse
from .kinds.base import Conditions, Offer
from .wording import (
    SPEECH,
    collects_money,
    counted,
    counted_as,
    describe,
    pays_by_steps,
    takes_money,
)

blueprint = Blueprint("pledges", __name__)
blueprint.add_app_template_global(suggested_amounts)
blueprint.add_app_template_global(major_text)
blueprint.add_app_template_global(promised_from_purse)
blueprint.add_app_template_global(kinds.find, "kind_named")
blueprint.add_app_template_global(counted)
blueprint.add_app_template_global(counted_as)
blueprint.add_app_template_global(describe)
blueprint.add_app_template_global(takes_money)
blueprint.add_app_template_global(collects_money)
blueprint.add_app_template_global(pays_by_steps)


@blueprint.record_once
def give_templates_a_voice(state: BlueprintSetupState) -> None:
    """``speech``, which the kinds' rules speak with, on every page and in every macro."""
    state.app.jinja_env.globals["speech"] = SPEECH


@blueprint.app_template_global()
def offer_in(petition: PetitionView, threshold: ThresholdView) -> Offer:
    """What a petition offers under one of its thresholds, for the pages that show it."""
    return Offer(threshold.target, petition.currency or "", threshold.terms, petition.deadline)


@blueprint.app_template_global()
def terms_in_words(petition: PetitionView, threshold: ThresholdView) -> str:
    """The kind's one sentence about pledging under a threshold."""
    kind = kinds.find(threshold.kind)
    if kind is None or petition.deadline is None or petition.signatures is None:
        return ""
    conditions = Conditions(petition.signatures.target, offer_in(petition, threshold), petition.deadline)
    return kind.explain(None, conditions, SPEECH)


def pledges_a_minute() -> str:
    """How often one network may send the form; a demo is tried out by many behind one address."""
    return "300 per minute" if current_app.config["DURE"].demo else "20 per minute"


def cards_an_hour() -> str:
    """How often one network may set out to save a card: people need a few, card testers thousands."""
    return "600 per hour" if current_app.config["DURE"].demo else "30 per hour"


from . import link_views, pledge_views  # noqa: E402, F401
