"""Why a point was given, in a few words and in one sentence of the rule behind it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

REASONS: dict[str, tuple[Any, Any]] = {
    "signature": (_l("You signed"), _l("A confirmed signature earns 1 point.")),
    "signature_received": (
        _l("Somebody signed your petition"),
        _l("Each signature earns the organizer 0.2 points, once the action is funded."),
    ),
    "pledge_kept": (
        _l("You kept your pledge"),
        _l(
            "Half of a pledge's points come when it is collected; 10,000 won are worth about 3 points in all."
        ),
    ),
    "month_paid": (
        _l("You paid for a month"),
        _l("Half of what all your months in this action are worth so far, less what they earned before."),
    ),
    "milestone_supported": (
        _l("A step you paid for was accepted"),
        _l("The other half of your pledge's points comes with each accepted step."),
    ),
    "milestone_organized": (
        _l("Your step was accepted"),
        _l("The organizer earns as much as the backers do when they accept a step."),
    ),
    "instalment_lent": (
        _l("An instalment came back on time"),
        _l("The other half of a loan's points comes with each instalment that is paid on time."),
    ),
    "instalment_paid": (
        _l("You paid an instalment on time"),
        _l("Each instalment paid on time earns the borrower as much as the lenders."),
    ),
    "thanks_given": (
        _l("You thanked somebody"),
        _l("Thanks for a gift that was collected earn 0.2 points, five times a week."),
    ),
    "thanks_received": (
        _l("Somebody thanked you"),
        _l("Thanks for a gift of yours earn 1 point."),
    ),
    "early": (_l("You signed early"), _l("The earlier you signed, the more you earn when it is delivered.")),
    "consolation": (
        _l("You pledged early, though it failed"),
        _l("Pledging in the first quarter of a campaign that fails earns half a point."),
    ),
    "third_party": (
        _l("You backed somebody else after your own action"),
        _l("Organizers who pass support on earn a quarter more."),
    ),
    "pledge_broken": (
        _l("A pledge of yours was not kept"),
        _l("A pledge that is still unpaid, or undone, after the days of grace costs twice its points."),
    ),
    "milestone_missed": (
        _l("The backers rejected a step"),
        _l("A rejected step costs the organizer 10 points."),
    ),
    "fraud": (_l("Fraud was found"), _l("Adjudicated fraud costs 50 points and the level for 180 days.")),
}
