"""Where a petition stands, in the words of its widget, and what makes an open widget speak up.

It speaks of a state, a quarter of a threshold and a milestone; the rest changes silently.
"""

from __future__ import annotations

from flask_babel import gettext as _

from app.actions.reading import MilestoneView
from app.actions.sentences import next_sentence
from app.petitions.showing import ThresholdView
from app.pledges.wording import counted
from app.web.formatting import percent, percent_text, short_day

from .reading import Widget

MOST_STEPS = 6
"""Milestones that a widget lists; the petition's page lists them all."""
QUARTER = 25
GOING_ON = {"fired", "collecting", "underway", "orphaned"}


def stage_of(widget: Widget) -> str:
    """A name that changes exactly when an open widget has news."""
    quarters = (min(percent(t.tally, t.target) // QUARTER, 4) for t in widget.petition.thresholds)
    milestones = ("late" if step.late else step.state for step in widget.plan.milestones)
    return " ".join((widget.state, *map(str, quarters), *milestones))


def news_of(widget: Widget) -> str:
    """What is said aloud then: how far each threshold is, and what happens next."""
    petition = widget.petition
    return " ".join((*(far(t) for t in petition.thresholds), next_sentence(petition, widget.plan)))


def button_words(widget: Widget) -> str:
    """What the way to the petition's page is called."""
    petition = widget.petition
    if petition.pledging:
        return str(_("Sign or pledge"))
    if petition.signing:
        return str(_("Sign"))
    if widget.state in GOING_ON:
        return str(_("See how it goes"))
    return str(_("See what became of it"))


def step_words(step: MilestoneView) -> str:
    """Where a milestone stands; while it is awaited, the day it was promised for."""
    if step.state == "planned" and step.due_on is not None:
        told = {"day": short_day(step.due_on)}
        return str(_("Late since %(day)s", **told) if step.late else _("By %(day)s", **told))
    return str(
        {
            "planned": _("Planned"),
            "claimed": _("Backers are voting"),
            "accepted": _("Accepted"),
            "rejected": _("Not accepted"),
        }[step.state]
    )


def far(threshold: ThresholdView) -> str:
    return str(
        _("%(tally)s of %(target)s signatures, %(percent)s.", **figures(threshold))
        if threshold.measure == "signatures"
        else _("%(tally)s of %(target)s pledged, %(percent)s.", **figures(threshold))
    )


def figures(threshold: ThresholdView) -> dict[str, str]:
    return {
        "tally": counted(threshold, threshold.tally),
        "target": counted(threshold, threshold.target),
        "percent": percent_text(threshold.tally, threshold.target),
    }
