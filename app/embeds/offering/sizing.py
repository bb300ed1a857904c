"""How tall a widget is, so that its static height looks right where no script may change it.

An estimate from the words and the style sheet of the frame: a host's fonts differ by a line at most.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.actions.sentences import next_sentence
from app.embeds.badge import width_of
from app.embeds.reading import Widget
from app.embeds.steps import MOST_STEPS, step_words
from app.petitions.showing import Listed
from app.web.languages import speaking

from .wishes import LOWEST, TALLEST

COLUMN = 340
"""The width, in pixels, for which a frame as wide as its column is measured: a telephone's."""
SIDE_BY_SIDE = 560
"""From this width on, two bars stand beside each other."""
NARROW = 300
"""Up to this width, what else is one line takes two."""


def fitting_height(widget: Widget, width: int | None, lang: str = "") -> int:
    """Pixels from top to bottom of a petition's widget ``width`` pixels wide, rounded up to ten.

    ``lang`` is the language it speaks, empty for the petition's own.
    """
    petition, width = widget.petition, width or COLUMN
    inner = width - 34
    with speaking(lang or petition.locale):
        sentence = next_sentence(petition, widget.plan)
        planned = [(step.title, step_words(step)) for step in widget.plan.milestones[:MOST_STEPS]]
    bars = len(petition.thresholds)
    rows = -(-bars // 2) if width >= SIDE_BY_SIDE else bars
    tall = 18 if width <= NARROW else 0
    steps = planned if widget.plan.action else []
    return rounded(
        164
        + 26 * min(lines(petition.title, 19, inner), 5)
        + (46 + tall) * rows
        + 20 * lines("0" * 54, 13, inner)
        + 21 * lines(sentence, 14, inner)
        + sum(tall + 4 + 20 * lines(title, 14, step_column(inner, words)) for title, words in steps)
        + 20 * lines("0" * 72, 13, inner)
        + (36 if widget.choices.signs_in_frame else 0)
    )


def fitting_list_height(petitions: Sequence[Listed], width: int) -> int:
    """Pixels from top to bottom of the widget that lists these petitions, rounded up to ten."""
    inner = width - 34
    items = (
        12 + 25 * lines(listed.title, 16, inner) + 26 * lines("0" * 20 * len(listed.thresholds), 13, inner)
        for listed in petitions
    )
    return rounded(100 + 20 * lines("0" * 60, 13, inner) + sum(items))


def step_column(inner: int, words: str) -> int:
    """How wide the title of a step is: what its number and the words beside it leave."""
    number = 30
    beside = 0 if inner + 34 <= NARROW else width_of(words) * 13 // 11 + 6
    return max(inner - number - beside, 60)


def lines(text: str, size: int, width: int) -> int:
    """How many lines a text takes in letters of ``size`` pixels."""
    return -(-width_of(text) * size // (11 * width))


def rounded(pixels: int) -> int:
    return min(max(-(-pixels // 10) * 10, LOWEST), TALLEST)
