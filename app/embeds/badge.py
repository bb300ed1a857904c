"""The badge, drawn by hand: two parts, a title for screen readers, at most 2 KB."""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _
from markupsafe import Markup

from app.petitions.showing import PetitionView
from app.web.formatting import number, percent_text
from app.web.languages import language

LONGEST_TITLE = 90
COLOURS = {
    "open": "#1f5f8b",
    "tipped": "#8a5a00",
    "fired": "#8a5a00",
    "collecting": "#8a5a00",
    "underway": "#2f6b3c",
    "delivered": "#2f6b3c",
    "stopped": "#a3342c",
    "removed": "#a3342c",
}
PLAIN = "#5c5f66"
SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-labelledby="t">'
    '<title id="t">{title}</title>'
    '<rect width="{left}" height="20" rx="3" fill="#2b2f36"/>'
    '<rect x="{left}" width="{right}" height="20" rx="3" fill="{colour}"/>'
    '<rect x="{seam}" width="6" height="20" fill="{colour}"/>'
    '<g fill="#fff" text-anchor="middle" font-family="Pretendard,Verdana,Geneva,sans-serif" font-size="11">'
    '<text x="{left_middle}" y="14" textLength="{left_text}">{name}</text>'
    '<text x="{right_middle}" y="14" textLength="{right_text}">{words}</text></g></svg>'
)


def draw_badge(petition: PetitionView | None, state: str) -> str:
    """The badge of a petition in the language being spoken; without one, what ``state`` says of it."""
    name = "두레" if language() == "ko" else "Dure"
    words = words_for(petition, state)
    left, right = width_of(name) + 12, width_of(words) + 12
    title = f"{clean(petition.title)} · {words}" if petition else words
    return str(
        SVG.format(
            width=left + right,
            left=left,
            right=right,
            seam=left - 3 if left > 3 else left,
            left_middle=left / 2,
            right_middle=left + right / 2,
            left_text=left - 12,
            right_text=right - 12,
            colour=COLOURS.get(state, PLAIN),
            name=name,
            words=words,
            title=title,
        )
    )


def words_for(petition: PetitionView | None, state: str) -> str:
    if petition is None:
        return str(_("taken down") if state == "removed" else _("no such petition"))
    if petition.archive is not None:
        return str(_("archive: %(tally)s signatures", tally=number(petition.archive.signatures)))
    tallies = " · ".join(
        _("%(tally)s of %(target)s signed", tally=number(t.tally), target=number(t.target))
        if t.measure == "signatures"
        else _("%(percent)s pledged", percent=percent_text(t.tally, t.target))
        if t.measure == "money"
        else _("%(percent)s promised", percent=percent_text(t.tally, t.target))
        for t in petition.thresholds
    )
    ends = {
        "tipped": (
            _("every threshold reached") if len(petition.thresholds) > 2 else _("both thresholds reached")
        ),
        "fired": _("became an action"),
        "collecting": _("became an action"),
        "underway": _("action underway"),
        "delivered": _("delivered"),
        "released": _("nobody paid"),
        "stopped": _("stopped"),
        "closed": _("closed"),
    }
    return f"{ends[state]} · {tallies}" if state in ends else tallies


def width_of(text: str) -> int:
    """About how many pixels the text takes at 11 px: wide characters 11, others 6."""
    return sum(22 if unicodedata.east_asian_width(c) in {"W", "F"} else 12 for c in text) // 2


def clean(title: str) -> str:
    """The title as XML may hold it, at most 90 characters."""
    allowed = "".join(c for c in title if c.isprintable())
    return allowed if len(allowed) <= LONGEST_TITLE else f"{allowed[: LONGEST_TITLE - 1]}…"
