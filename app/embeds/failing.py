"""What goes wrong under ``/embed/``, said small: a page for frames, one line for files.

The database may be what is wrong, so it is not asked: whose sites may show the page is said as it was last
read, and no site may where that is not known.
"""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.web.errors import show_http_error, words_for
from app.web.headers import policy

from .answers import open_to_other_sites
from .choosing import frame_ancestors
from .keeping import PREFIX
from .looks import asked_look
from .reading import remembered_widget

FILES = (".css", ".js", ".svg", ".json")
AGAIN = 60
"""Seconds after which a widget that could not be shown is asked for again."""


def show_failure(error: HTTPException) -> Response:
    """The answer to a request under ``/embed/`` that failed; elsewhere the site's own page."""
    if not request.path.startswith(PREFIX):
        return show_http_error(error)
    response = say_in_a_line(error) if request.path.endswith(FILES) else say_in_a_frame(error)
    response.status_code = error.code or 500
    response.headers["Content-Security-Policy"] = policy(frame_ancestors=who_may_frame())
    return open_to_other_sites(response)


def say_in_a_line(error: HTTPException) -> Response:
    return Response(f"{words_for(error.code or 500)[0]}.\n", mimetype="text/plain")


def say_in_a_frame(error: HTTPException) -> Response:
    """A page that looks again by itself where we are to blame, and nothing was sent that it would lose."""
    heading, sentence = words_for(error.code or 500)
    comes_back = (error.code or 500) >= 500 and request.method == "GET"
    if comes_back:
        heading, sentence = _("We will be right back"), _("This widget looks again by itself in a minute.")
    html = render_template(
        "embeds/missing.html",
        look=asked_look(),
        heading=heading,
        sentence=sentence,
        again=AGAIN if comes_back else None,
    )
    return Response(html, mimetype="text/html")


def who_may_frame() -> str:
    """The sites that the organizer let show it when last read; none where that was not read lately."""
    widget = remembered_widget((request.view_args or {}).get("slug", ""))
    return frame_ancestors(widget.choices) if widget else "'none'"
