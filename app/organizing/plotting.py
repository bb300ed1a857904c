"""Plots drawn on the server: one SVG of bars by day, with a title, readable without a script."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 640, 160
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 18, 22


def draw_bars(
    points: Sequence[tuple[str, str, int]], *, title: str, description: str, tone: str, most: str
) -> Markup:
    """Bars from 0 to the largest value. A point is its day, its day with its value, and its value.

    ``most`` labels the top line; the first and the last day sit below.
    ``tone`` is the class of the bars: ``plot-signatures`` or ``plot-pledges``.
    """
    tallest = max((value for _day, _words, value in points), default=0) or 1
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    high = HEIGHT - TOP - BOTTOM
    floor = HEIGHT - BOTTOM
    bars = []
    for position, (_day, words, value) in enumerate(points):
        tall = value * high / tallest
        bars.append(
            Markup(
                '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
            ).format(LEFT + position * wide + wide * 0.1, floor - tall, max(0.8, wide * 0.8), tall, words)
        )
    ends = [points[0][0], points[-1][0]] if points else ["", ""]
    identity = f"{tone}-title"
    return Markup(
        '<svg class="plot-svg {tone}" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{id} {id}-desc">'
        '<title id="{id}">{title}</title><desc id="{id}-desc">{description}</desc>'
        '<line class="plot-line" x1="{left}" x2="{right}" y1="{top}" y2="{top}"/>'
        '<line class="plot-line" x1="{left}" x2="{right}" y1="{floor}" y2="{floor}"/>'
        '<text class="plot-label" x="{left}" y="{above}">{most}</text>'
        '<text class="plot-label" x="{left}" y="{below}">{first}</text>'
        '<text class="plot-label" x="{right}" y="{below}" text-anchor="end">{last}</text>'
        '<g class="plot-bars">{bars}</g></svg>'
    ).format(
        tone=tone,
        w=WIDTH,
        h=HEIGHT,
        id=identity,
        title=title,
        description=description,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        floor=floor,
        above=TOP - 5,
        below=HEIGHT - 6,
        most=most,
        first=ends[0],
        last=ends[1] if len(points) > 1 else "",
        bars=Markup("").join(bars),
    )
