"""The plot of a loan: what was due by when, and what has come, as two stairs over the same days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

WIDTH, HEIGHT = 600, 160

DRAWING = Markup(
    '<p class="small muted num">{most}</p>'
    '<svg class="plot-svg plot-stairs" viewBox="0 0 {w} {h}" width="100%" height="{h}" preserveAspectRatio='
    '"none" role="img" aria-labelledby="stairs-title stairs-desc">'
    '<title id="stairs-title">{title}</title><desc id="stairs-desc">{told}</desc>'
    '<line class="plot-line" x1="0" x2="{w}" y1="0" y2="0"/>'
    '<line class="plot-line" x1="0" x2="{w}" y1="{h}" y2="{h}"/>'
    '<path class="plot-due" d="{due}"/><path class="plot-came" d="{came}"/></svg>'
    '<p class="between small muted num"><span>{first}</span><span>{last}</span></p>'
    '<p class="small"><span class="plot-key plot-key-due" aria-hidden="true"></span> {due_name} '
    '<span class="plot-key plot-key-came" aria-hidden="true"></span> {came_name}</p>'
)

Step = tuple[datetime, int]


def draw_stairs(
    due: Sequence[Step],
    came: Sequence[Step],
    *,
    start: datetime,
    now: datetime,
    total: int,
    words: dict[str, str],
) -> Markup:
    """Two stairs from ``start`` on: totals due by their days, and totals that came, up to ``now``.

    ``words`` are title, told (one sentence), most (what the top line is), first, last, due_name, came_name.
    """
    end = max([now, *(moment for moment, _total in (*due, *came))])
    seconds = max(1.0, (end - start).total_seconds())

    def place(moment: datetime, value: int) -> tuple[str, str]:
        across = min(max((moment - start).total_seconds() / seconds, 0.0), 1.0) * WIDTH
        return f"{across:.1f}", f"{HEIGHT - HEIGHT * value / max(1, total):.1f}"

    def path(steps: Sequence[Step], until: datetime) -> str:
        drawn, height = [f"M0 {HEIGHT}"], f"{HEIGHT:.1f}"
        for moment, value in steps:
            across, height = place(moment, value)
            drawn.append(f"H{across}V{height}")
        return "".join([*drawn, f"H{place(until, 0)[0]}"])

    return DRAWING.format(w=WIDTH, h=HEIGHT, due=path(due, end), came=path(came, now), **words)
