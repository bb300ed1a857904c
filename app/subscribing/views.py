"""The public page of a petition's subscriptions; the other views hang on its blueprint."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.actions.reading import plan_view
from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, version_of
from app.web.caching import for_everybody, kept
from app.web.formatting import format_money, number
from app.web.guards import anyone
from app.web.links import absolute
from app.web.plotting import draw_bars

from .reading import MonthRow, Overview, overview
from .wording import month_name

blueprint = Blueprint("subscribing", __name__)
FEWEST_BARS = 6


@blueprint.get("/actions/<slug>/subscription")
@anyone
@for_everybody
def show(slug: str) -> Response:
    """What people give every month, what came in, and where it went."""
    petition = public_petition(slug)
    plan = plan_view(petition.id)
    if plan.action is None or plan.action.underway_at is None or not takes_subscriptions(petition):
        abort(404)
    found = overview(petition.id)
    version = version_of(petition.version, plan.version, found.version)
    joinable = plan.action.state == "underway" and takes_subscriptions(petition, new=True)
    return kept(("subscription", slug), version, lambda: render(petition, found, joinable))


def takes_subscriptions(petition: PetitionView, *, new: bool = False) -> bool:
    """Whether people pay for it by the month; with ``new`` whether its organizer lets more of them join."""
    return any(
        threshold.kind == "recurring" and not (new and threshold.closed_at)
        for threshold in petition.thresholds
    )


def render(petition: PetitionView, found: Overview, joinable: bool) -> str:
    return render_template(
        "subscribing/show.html",
        petition=petition,
        found=found,
        joinable=joinable,
        month_name=month_name,
        drawing=draw_months(found),
        columns=columns_of(found),
        rows=rows_of(found),
        address=absolute("subscribing.show", slug=petition.slug),
    )


def draw_months(found: Overview) -> Markup | None:
    """Income by month as bars; None before anything came in."""
    if not found.came_in:
        return None
    first = min(found.months[0].month, found.months[-1].month - FEWEST_BARS + 1)
    by_month = {row.month: row.came_in for row in found.months}
    points = [
        (
            month_name(month),
            f"{month_name(month)}: {format_money(by_month.get(month, 0), found.currency)}",
            by_month.get(month, 0),
        )
        for month in range(first, found.months[-1].month + 1)
    ]
    return draw_bars(
        points,
        title=_("Income by month"),
        most=_(
            "At most %(most)s in one month.",
            most=format_money(max(by_month.values()), found.currency),
        ),
        tone="plot-pledges",
    )


def columns_of(found: Overview) -> list[str]:
    each = [_("Value")] if found.unit is not None else []
    return [_("Month"), _("People who paid"), *each, _("Came in"), _("Paid out to the organizer")]


def rows_of(found: Overview) -> list[list[str]]:
    """The table below the plot, the latest month first."""
    return [row_of(found, row) for row in reversed(found.months)]


def row_of(found: Overview, row: MonthRow) -> list[str]:
    each = [format_money(row.value * found.unit, found.currency)] if found.unit is not None else []
    out = format_money(row.paid_out, found.currency) if row.payout == "paid" else "–"
    came_in = format_money(row.came_in, found.currency)
    return [month_name(row.month), number(row.payers), *each, came_in, out]


from . import desk_views, patron_views  # noqa: E402, F401
