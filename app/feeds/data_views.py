"""The open data for everybody: the page that describes it, and its files."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.feeds.opendata.keeping import DAY, DAYS_KEPT, data_folder
from app.feeds.opendata.packing import SUMS
from app.feeds.opendata.rows import LICENCE_URL
from app.feeds.opendata.showing import FILES, read_kept
from app.feeds.opendata.tables import TABLES
from app.web.caching import for_everybody, kept, snapshot
from app.web.guards import anyone

from .views import blueprint

LATEST = "latest"
UNASKED = 5 * 60
"""Seconds for which a copy is not asked about: what went out of sight is soon gone everywhere."""
TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "txt": "text/plain",
    "zip": "application/zip",
    SUMS: "text/plain",
}


@blueprint.get("/data")
@anyone
@for_everybody
def data() -> Response:
    """What there is, what each column means, and under which licence."""
    kept_now = snapshot(("open data",), read_kept)
    newest = kept_now.newest

    def write() -> str:
        return render_template(
            "feeds/data.html",
            day_shown=newest,
            days=kept_now.days,
            days_kept=DAYS_KEPT,
            tables=TABLES,
            licence=LICENCE_URL,
            latest=LATEST,
        )

    return kept(("data", kept_now.days), newest.sums if newest else "", write)


@blueprint.get("/data/<day>/<name>")
@anyone
@for_everybody
def data_file(day: str, name: str) -> AnyResponse:
    """One file of one day; ``latest`` leads to the newest."""
    if name not in FILES:
        abort(404)
    if day == LATEST:
        known = snapshot(("open data",), read_kept).days
        if not known:
            abort(404)
        leading = redirect(url_for("feeds.data_file", day=known[0], name=name), 302)
        leading.headers["Cache-Control"] = "public, no-cache"
        return leading
    if not DAY.fullmatch(day):
        abort(404)
    kind = TYPES.get(name) or TYPES[name.rpartition(".")[2]]
    response = send_from_directory(
        data_folder() / day, name, mimetype=kind, as_attachment=True, download_name=f"{day}-{name}"
    )
    response.headers["Cache-Control"] = f"public, max-age={UNASKED}"
    return response
