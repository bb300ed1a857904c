"""What an open widget, a reader with a copy, or a reader without one lacks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from urllib.parse import quote

from flask import Response, request

from app import clock
from app.web.formatting import moment

from .answers import AS_OF, good_for
from .keeping import SHOWS, young_age
from .reading import drawn


def newest(
    name: Hashable, content: str, as_of: datetime, draw: Callable[[], str], *, shows: str | None = None
) -> Response:
    """The widget of this ``name``, drawn where somebody lacks it.

    ``content`` names all of it but ``as_of``, the moment of the read. 204 where that is all that an open
    widget lacks, which names its own with ``?since=``; 304 for a young copy. ``shows`` is the petition whose
    load is counted.
    """
    age = max(int((clock.now() - as_of).total_seconds()), 0)
    if request.args.get("since") == content:
        response = Response(status=204)
        response.headers[AS_OF] = said_as_of(as_of)
        return good_for(response, age)
    if shows:
        request.environ[SHOWS] = shows
    tag, copy = f"{content}-{int(as_of.timestamp())}", request.environ.get("HTTP_IF_NONE_MATCH", "")
    copy_age = young_age(copy, f'W/"{tag}"', clock.now().timestamp())
    if copy_age is not None:
        return good_for(Response(status=304, headers={"ETag": copy}), copy_age)
    response = Response(drawn((name, tag), draw), mimetype="text/html")
    response.set_etag(tag, weak=True)
    return good_for(response, age)


def said_as_of(as_of: datetime) -> str:
    """The value of :data:`AS_OF`."""
    return f"{as_of.isoformat(timespec='seconds')} {quote(moment(as_of))}"
