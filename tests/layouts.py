"""Which layout a page is laid out in, and a watch over the views that are the same for everybody."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request
from flask.signals import before_render_template
from jinja2 import Template

from app.config import ROOT
from app.web.caching import is_for_everybody

TEMPLATES = ROOT / "templates"
EXTENDS = re.compile(r"{%-?\s*extends\s+['\"]([^'\"]+)['\"]")


def ancestry(path: Path) -> list[Path]:
    """The template and every template it extends."""
    found = EXTENDS.search(path.read_text())
    return [path, *(ancestry(TEMPLATES / found[1]) if found else [])]


@cache
def is_private(path: Path) -> bool:
    """Whether a page belongs to one signed-in person."""
    return TEMPLATES / "private.html" in ancestry(path)


def watch_layouts(app: Flask) -> None:
    """Let every rendering fail in which a view for everybody shows a private page."""

    def look(_app: Flask, template: Template, **_rest: Any) -> None:
        if has_request_context() and is_for_everybody(request.endpoint):
            path = TEMPLATES / (template.name or "")
            private = path.is_file() and is_private(path)
            assert not private, f"{request.endpoint} is for everybody and shows {template.name}"

    before_render_template.connect(look, app, weak=False)
