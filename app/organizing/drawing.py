"""The two plots of a desk: signatures by day and pledges by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from markupsafe import Markup

from app.petitions.models import Petition
from app.pledges.wording import counted
from app.web.formatting import day, number
from app.web.plotting import draw_bars

from .tallies import Day

FEWEST_BARS = 14


@dataclass(frozen=True)
class Drawings:
    """Two drawings and the table below them; the first cell of a row names its day."""

    signatures: Markup | None
    pledges: Markup | None
    rows: list[list[str]]


def drawings_of(petition: Petition, days: Sequence[Day]) -> Drawings:
    """Plots and table of the days there are; both plots are None without any day."""
    first = petition.pledge_thresholds[0]
    rows = [
        [day(d.day), number(d.signatures), number(d.pledges), counted(first, d.amount)]
        for d in reversed(days)
    ]
    if not days:
        return Drawings(None, None, rows)
    days = padded(days)
    most_signatures, most_amount = max(d.signatures for d in days), max(d.amount for d in days)
    signed = draw_bars(
        [(day(d.day), f"{day(d.day)}: {number(d.signatures)}", d.signatures) for d in days],
        title=_("Confirmed signatures by day"),
        most=_("At most %(most)s on one day.", most=number(most_signatures)),
        tone="plot-signatures",
    )
    pledged = draw_bars(
        [(day(d.day), f"{day(d.day)}: {counted(first, d.amount)}", d.amount) for d in days],
        title=_("Pledges by day"),
        most=_("At most %(most)s on one day.", most=counted(first, most_amount)),
        tone="plot-pledges",
    )
    return Drawings(signed, pledged if most_amount else None, rows)


def padded(days: Sequence[Day]) -> list[Day]:
    """At least two weeks, so that a first day is no wall: empty days go in front."""
    missing = FEWEST_BARS - len(days)
    return [Day(days[0].day - timedelta(days=back), 0, 0, 0) for back in range(missing, 0, -1)] + list(days)
