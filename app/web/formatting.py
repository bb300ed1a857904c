"""Filters and globals of the templates: numbers, money, moments, static files."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode
from zlib import crc32

from babel.dates import format_date, format_datetime
from flask import Flask, request
from flask_babel import gettext, ngettext
from markupsafe import Markup

from app import clock, money
from app.config import ROOT

from .languages import LANGUAGES, language
from .markdown import render_markdown


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        number=number,
        markdown=lambda text: Markup(render_markdown(text)),  # noqa: S704 - sanitised there
        isodate=lambda at: at.isoformat(timespec="seconds"),
    )
    app.jinja_env.globals.update(
        asset=asset,
        lang=language,
        number=number,
        money=format_money,
        money_short=format_money_short,
        day=day,
        moment=moment,
        time_of_day=time_of_day,
        percent=percent_text,
        languages=LANGUAGES,
        in_language=in_language,
        cover_pattern=cover_pattern,
        sandbox_money=True,
        now=clock.now,
    )


def number(value: int) -> str:
    return money.format_number(value, language())


def format_money(minor: int, currency: str) -> str:
    return money.format_money(minor, currency, language())


def format_money_short(minor: int, currency: str) -> str:
    return money.format_money_short(minor, currency, language())


def measured(measure: str, value: int, currency: str | None = None) -> str:
    """So much of a measure in words: ₩3,000,000, 200 hours, 40 units; signatures are a plain number."""
    if measure == "money" and currency:
        return format_money(value, currency)
    if measure == "hours":
        return str(gettext("1 hour") if value == 1 else gettext("%(count)s hours", count=number(value)))
    if measure == "units":
        return str(gettext("1 unit") if value == 1 else gettext("%(count)s units", count=number(value)))
    return number(value)


def day(at: datetime | date) -> str:
    """The day in Seoul, spelled out."""
    if isinstance(at, datetime):
        at = at.astimezone(clock.SEOUL)
    return format_date(at, "long", locale=language())


def short_day(at: date) -> str:
    """The day for narrow places, abbreviated."""
    return format_date(at, "medium", locale=language())


def moment(at: datetime) -> str:
    """Day and time in Seoul, spelled out. Korean halves of the day are ours: CLDR says AM and PM."""
    at = at.astimezone(clock.SEOUL)
    half = "오전" if at.hour < 12 else "오후"
    pattern = f"y년 M월 d일 (E) '{half}' h:mm" if language() == "ko" else "EEE, d MMMM y, HH:mm 'KST'"
    return format_datetime(at, pattern, tzinfo=clock.SEOUL, locale=language())


def time_of_day(at: datetime) -> str:
    """The time in Seoul as :func:`moment` writes it, for the end of a span within one day."""
    at = at.astimezone(clock.SEOUL)
    half = "오전" if at.hour < 12 else "오후"
    pattern = f"'{half}' h:mm" if language() == "ko" else "HH:mm 'KST'"
    return format_datetime(at, pattern, tzinfo=clock.SEOUL, locale=language())


def percent_text(part: int, whole: int) -> str:
    return f"{percent(part, whole)}%"


def percent(part: int, whole: int) -> int:
    """Whole per cent, rounded down, so that 100 means reached."""
    return part * 100 // whole if whole > 0 else 0


def time_left(deadline: datetime) -> str:
    """How long is left, in one unit: days, hours or minutes."""
    seconds = int((deadline - clock.now()).total_seconds())
    if seconds <= 0:
        return str(gettext("closed"))
    if seconds >= 2 * 86400:
        return str(ngettext("%(num)d day left", "%(num)d days left", seconds // 86400))
    if seconds >= 2 * 3600:
        return str(ngettext("%(num)d hour left", "%(num)d hours left", seconds // 3600))
    return str(ngettext("%(num)d minute left", "%(num)d minutes left", max(1, seconds // 60)))


def cover_pattern(slug: str) -> int:
    """Which of the twelve patchwork covers a petition wears: always the same one."""
    return crc32(slug.encode()) % 12


@lru_cache(maxsize=256)
def fingerprint(path: str) -> str:
    file = ROOT / "static" / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "0"


def asset(path: str) -> str:
    """The address of a static file; it changes when the file does."""
    return f"/static/{path}?v={fingerprint(path)}"


def in_language(code: str) -> str:
    """This page's address in another language; what else was asked stays."""
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode([*arguments, ('lang', code)])}"
