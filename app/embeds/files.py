"""The loader, and the style sheet of an owner's colour: the same bytes for everybody."""

from __future__ import annotations

from flask import Response, abort

from app.web.caching import for_everybody
from app.web.guards import anyone

from .answers import has_copy
from .colours import accent_styles, read_colour
from .loader import Release, bytes_of, loader_release, release_named
from .views import blueprint

MOVING = "public, max-age=300"
LASTING = "public, max-age=31536000, immutable"


@blueprint.get("/embed/v1/loader.js")
@anyone
@for_everybody
def moving_loader() -> Response:
    """The newest release of the loader."""
    return script(loader_release(), MOVING)


@blueprint.get("/embed/v1.<int:minor>.<int:patch>/loader.js")
@anyone
@for_everybody
def lasting_loader(minor: int, patch: int) -> Response:
    """One release of the loader, to be named with its digest."""
    return script(release_named(f"{minor}.{patch}"), LASTING)


@blueprint.get("/embed/v1/accent-<colour>.css")
@anyone
@for_everybody
def accent(colour: str) -> Response:
    """What dresses a widget in an owner's colour: six hex digits."""
    found = read_colour(colour)
    if found is None or found != colour:
        abort(404)
    return lasting_text(accent_styles(found).encode(), "text/css", found, MOVING)


def script(release: Release | None, age: str) -> Response:
    if release is None:
        abort(404)
    return lasting_text(bytes_of(release), "text/javascript", release.version, age)


def lasting_text(content: bytes, mimetype: str, tag: str, age: str) -> Response:
    response = Response(status=304) if has_copy(tag) else Response(content, mimetype=mimetype)
    response.set_etag(tag)
    response.headers["Cache-Control"] = age
    return response
