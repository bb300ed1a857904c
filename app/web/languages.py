"""Which language a page speaks: ``?lang=``, else the person's own, else ``Accept-Language``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, refresh
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = ("ko", "en")
LOCALES = {code: Locale(code) for code in LANGUAGES}


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "ko"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Seoul"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=choose_language)

    @app.url_defaults
    def keep_asked_language(endpoint: str, values: dict[str, Any]) -> None:
        """A reader who asked for a language keeps it from page to page, without a cookie."""
        if has_request_context() and (asked := asked_language()) and not endpoint.startswith("api."):
            values.setdefault("lang", asked)


def asked_language() -> str | None:
    if not request.environ.get("QUERY_STRING"):
        return None
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else None


def choose_language() -> Locale:
    if not has_request_context():
        return LOCALES["ko"]
    code: str = asked_language() or g.get("own_language") or preferred(request.headers.get("Accept-Language"))
    return LOCALES.get(code, LOCALES["ko"])


@lru_cache(maxsize=256)
def preferred(accepted: str | None) -> str:
    """The best of our languages for an ``Accept-Language`` header."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES, "ko") or "ko"


def language() -> str:
    """The language being spoken now: ``ko`` or ``en``."""
    locale = get_locale()
    return locale.language if locale else "ko"


def speak(code: str) -> None:
    """Answer in this language, unless the reader asks for another."""
    g.own_language = code
    refresh()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak ``code`` inside the block, as letters do."""
    with force_locale(code if code in LANGUAGES else "ko"):
        yield
