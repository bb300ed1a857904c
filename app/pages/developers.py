"""For those who build something on Dure: the documentation, with this Dure's own address in its examples."""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Response, abort, current_app, render_template
from flask_babel import lazy_gettext as _l

from app.config import ROOT
from app.petitions.showing import version_of
from app.web.caching import for_everybody, kept
from app.web.guards import anyone
from app.web.markdown import Document, render_document

from .views import blueprint

DOCUMENTS = {
    "embedding": _l("Petitions on any page: a frame, an element, a badge, or just the link."),
    "api": _l(
        "Petitions, actions and books as JSON for any program; signing and pledging for partner sites."
    ),
    "webhooks": _l("Your own program is told what happens, by signed messages."),
}
"""What is documented, each in ``docs/<name>.md``, and what it is for."""

EXAMPLE = re.compile(r"https://dure\.example(?:\.org)?(?![\w-])")
"""The address that the documents take for ours."""


@blueprint.get("/developers")
@anyone
@for_everybody
def developers() -> Response:
    """What there is to build with."""
    found = {name: document_named(name, base_url()) for name in DOCUMENTS}
    return kept(
        ("developers",),
        version_of(found),
        lambda: render_template("pages/developers.html", found=found, about=DOCUMENTS),
    )


@blueprint.get("/developers/<name>")
@anyone
@for_everybody
def document(name: str) -> Response:
    """One document as a page."""
    if name not in DOCUMENTS:
        abort(404)
    found = document_named(name, base_url())
    return kept(
        ("developers", name),
        version_of(found),
        lambda: render_template("pages/document.html", document=found, name=name, about=DOCUMENTS[name]),
    )


def base_url() -> str:
    return str(current_app.config["DURE"].base_url)


@lru_cache(maxsize=len(DOCUMENTS))
def document_named(name: str, base: str) -> Document:
    """The document with ``base`` as the address in its examples; read once a process."""
    text = (ROOT / "docs" / f"{name}.md").read_text()
    return render_document(EXAMPLE.sub(base, text), place_of)


def place_of(link: str) -> str | None:
    """Where a link between the files leads here; None for what is no page."""
    file, _hash, section = link.partition("#")
    name = file.removesuffix(".md")
    if name == file or name not in DOCUMENTS:
        return None
    return f"/developers/{name}" + (f"#{section}" if section else "")
