"""Uploaded pictures: written once under a random name, kept by browsers for good."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory

from .guards import anyone

NAME = re.compile(r"[0-9a-f]{32}\.webp")
YEAR = 365 * 24 * 60 * 60

blueprint = Blueprint("media", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


def media_folder() -> Path:
    """Where uploaded pictures lie."""
    folder: Path = current_app.config["DURE"].media_dir
    return folder


@blueprint.get("/media/<name>")
@anyone
def picture(name: str) -> Response:
    """One picture, under exactly the name it was given."""
    if not NAME.fullmatch(name):
        abort(404)
    response = send_from_directory(media_folder().resolve(), name, mimetype="image/webp", max_age=YEAR)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
