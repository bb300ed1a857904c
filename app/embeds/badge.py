"""The badge, drawn by hand: two parts, a title for screen readers, at most 2 KB."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from app.petitions.showing import PetitionView, ThresholdView
from app.web.formatting import moment, number, percent_text
from app.web.languages import language

from .colours import ink_on
from .looks import Look
from .reading import Widget

LONGEST_TITLE = 90
COLOURS = {
    "open": "1f5f8b",
    "tipped": "8a5a00",
    "fired": "8a5a00",
    "collecting": "8a5a00",
    "underway": "2f6b3c",
    "delivered": "2f6b3c",
    "stopped": "a3342c",
    "orphaned": "a3342c",
    "removed": "a3342c",
}
PLAIN = "5c5f66"
NAME_COLOURS = {"light": "e9e7e0", "dark": "3d434e"}
NAME_COLOUR = "2b2f36"
SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-labelledby="t">'
    '<title id="t">{title}</title>'
    '<rect width="{left}" height="20" rx="3" fill="#{name_colour}"/>'
    '<rect x="{left}" width="{right}" height="20" rx="3" fill="#{colour}"/>'
    '<rect x="{seam}" width="6" height="20" fill="#{colour}"/>'
    '<g fill="#{ink}" text-anchor="middle" font-family="Pretendard,Verdana,Geneva,sans-serif" font-size="11">'
    '<text x="{left_middle}" y="14" textLength="{left_text}" fill="#{name_ink}">{name}</text>'
    '<text x="{right_middle}" y="14" textLength="{right_text}">{words}</text></g></svg>'
)


@dataclass(frozen=True)
class Badge:
    """What a badge says in the language being spoken; ``status`` is that of the HTTP answer.

    ``title`` also says, to the minute, when the numbers were read: ``as_of``, None where there are none.
    """

    name: str
    words: str
    title: str
    colour: str
    status: int = 200
    as_of: datetime | None = field(default=None, repr=False)


def words_for(widget: Widget | None) -> Badge:
    """The badge of a petition, or of one that is not there to be seen."""
    name = "두레" if language() == "ko" else "Dure"
    if widget is None:
        words = str(_("no such petition"))
        return Badge(name, words, words, PLAIN, 404)
    if not widget.is_public:
        words = str(_("taken down"))
        return Badge(name, words, words, COLOURS["removed"], 410)
    petition, as_of = widget.petition, widget.petition.as_of
    words = progress_words(petition, widget.state)
    read = _("as of %(moment)s", moment=moment(as_of))
    title = f"{clean(petition.title)} · {words} · {read}"
    return Badge(name, words, title, COLOURS.get(widget.state, PLAIN), as_of=as_of)


def progress_words(petition: PetitionView, state: str) -> str:
    if petition.archive is not None:
        return str(_("archive: %(tally)s signatures", tally=number(petition.archive.signatures)))
    tallies = " · ".join(tally_words(threshold) for threshold in petition.thresholds)
    end = end_words(petition, state)
    return f"{end} · {tallies}" if end else tallies


def tally_words(threshold: ThresholdView) -> str:
    if threshold.measure == "signatures":
        figures = {"tally": number(threshold.tally), "target": number(threshold.target)}
        return str(_("%(tally)s of %(target)s signed", **figures))
    percent = percent_text(threshold.tally, threshold.target)
    if threshold.measure == "money":
        return str(_("%(percent)s pledged", percent=percent))
    return str(_("%(percent)s promised", percent=percent))


def end_words(petition: PetitionView, state: str) -> str:
    """What became of the petition; empty while it is open.

    What is reached stays provisional until the signatures have been checked.
    """
    ends = {
        "tipped": (
            _("every threshold reached, provisionally")
            if len(petition.thresholds) > 2
            else _("both thresholds reached, provisionally")
        ),
        "fired": _("became an action"),
        "collecting": _("became an action"),
        "underway": _("action underway"),
        "delivered": _("delivered"),
        "released": _("nobody paid"),
        "stopped": _("stopped"),
        "orphaned": _("waiting for the organizer"),
        "closed": _("closed"),
    }
    return str(ends.get(state, ""))


def draw_badge(shown: Badge, look: Look) -> str:
    """The picture: our colour of the state, or the owner's."""
    left, right = width_of(shown.name) + 12, width_of(shown.words) + 12
    colour = colour_of(shown, look)
    name_colour = NAME_COLOURS.get(look.theme, NAME_COLOUR)
    return str(
        SVG.format(
            width=left + right,
            left=left,
            right=right,
            seam=left - 3,
            left_middle=left / 2,
            right_middle=left + right / 2,
            left_text=left - 12,
            right_text=right - 12,
            colour=colour,
            ink=ink_on(colour),
            name_colour=name_colour,
            name_ink=ink_on(name_colour),
            name=shown.name,
            words=shown.words,
            title=shown.title,
        )
    )


def colour_of(shown: Badge, look: Look) -> str:
    """The owner's colour where there is something to show, else ours of the state."""
    return look.colour if look.colour and shown.status == 200 else shown.colour


def width_of(text: str) -> int:
    """About how many pixels the text takes at 11 px: wide characters 11, others 6."""
    return sum(22 if unicodedata.east_asian_width(c) in {"W", "F"} else 12 for c in text) // 2


def clean(title: str) -> str:
    """The title as XML may hold it, at most 90 characters."""
    allowed = "".join(c for c in title if c.isprintable())
    return allowed if len(allowed) <= LONGEST_TITLE else f"{allowed[: LONGEST_TITLE - 1]}…"
