"""Plots drawn on the server: bars by day with a title, readable without a script at any width."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 600, 120

DRAWING = Markup(
    '<p class="small muted num">{most}</p>'
    '<svg class="plot-svg {tone}" viewBox="0 0 {w} {h}" width="100%" height="{h}" preserveAspectRatio="none"'
    ' role="img" aria-labelledby="{tone}-title {tone}-desc">'
    '<title id="{tone}-title">{title}</title><desc id="{tone}-desc">{most}</desc>'
    '<line class="plot-line" x1="0" x2="{w}" y1="0" y2="0"/>'
    '<line class="plot-line" x1="0" x2="{w}" y1="{h}" y2="{h}"/>'
    '<g class="plot-bars">{bars}</g></svg>'
    '<p class="between small muted num"><span>{first}</span><span>{last}</span></p>'
)
BAR = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>')


def draw_bars(points: Sequence[tuple[str, str, int]], *, title: str, most: str, tone: str) -> Markup:
    """Bars from 0 to the largest value. A point is its day, its day with its value, and its value.

    ``most`` says how much the top line stands for; the first and the last day sit below. ``tone`` is the
    class of the bars: ``plot-signatures`` or ``plot-pledges``.
    """
    tallest = max((value for _day, _words, value in points), default=0) or 1
    wide = WIDTH / max(1, len(points))
    bars = [
        BAR.format(position * wide + wide * 0.1, HEIGHT - tall, wide * 0.8, tall, words)
        for position, (_day, words, value) in enumerate(points)
        if (tall := value * HEIGHT / tallest)
    ]
    return DRAWING.format(
        tone=tone,
        w=WIDTH,
        h=HEIGHT,
        title=title,
        most=most,
        first=points[0][0] if points else "",
        last=points[-1][0] if len(points) > 1 else "",
        bars=Markup("").join(bars),
    )
