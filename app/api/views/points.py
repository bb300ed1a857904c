"""The rules of the reciprocity points, as numbers and in a sentence each."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.writing import public_answer
from app.points import rules, score
from app.points.levels import LEVELS
from app.points.reasons import REASONS
from app.web.caching import for_everybody
from app.web.guards import anyone

from . import blueprint

FIXED = {
    "signature": rules.SIGNATURE_MP,
    "signature_received": rules.SIGNATURE_FOR_ORGANIZER_MP,
    "thanks_given": rules.THANKS_GIVEN_MP,
    "thanks_received": rules.THANKS_RECEIVED_MP,
    "consolation": rules.CONSOLATION_MP,
    "milestone_missed": -rules.MISSED_MILESTONE_LOSS_MP,
    "fraud": -rules.FRAUD_LOSS_MP,
}
"""Deeds that are always worth the same; the others are computed."""


@blueprint.get("/points/rules")
@anyone
@for_everybody
def points_rules() -> Response:
    """What earns points and what costs them, how they fade, and what each level asks for."""
    return public_answer(("api.points_rules",), "1", all_rules, max_age=60)


def all_rules() -> dict[str, Any]:
    """Amounts are in mp, thousandths of a point; days are days."""
    return {
        "mp_per_point": rules.MP_PER_POINT,
        "deeds": [
            {"reason": reason, "title": str(title), "rule": str(sentence), "mp": FIXED.get(reason)}
            for reason, (title, sentence) in REASONS.items()
        ],
        "effort": {
            "most_mp": rules.EFFORT_CAP_MP,
            "won_per_hour": rules.HOUR_WON,
            "early_bonus_mp": rules.EARLY_BONUS_MP,
        },
        "limits": {
            "quarter_days": rules.QUARTER_DAYS,
            "quarter_mp": rules.QUARTER_CAP_MP,
            "classes": [
                {
                    "name": name,
                    "most_mp": rules.CLASS_CAP_MP[name],
                    "most_light_mp_a_day": rules.DAILY_LIGHT_CAP_MP[name],
                    "most_mp_for_one_neighbour": rules.DIMINISHING_MP[name],
                }
                for name in rules.EARNING_CLASSES
            ],
        },
        "half_life_days": score.HALF_LIFE_DAYS,
        "penalty_half_life_days": score.PENALTY_HALF_LIFE_DAYS,
        "levels": [
            {
                "level": rank,
                "mp": level.mp,
                "people": level.counterparties,
                "days": level.span_days,
                "kept_percent": int(level.reliability * 100),
            }
            for rank, level in enumerate(LEVELS)
        ],
    }
