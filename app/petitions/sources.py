"""Whose petitions the archive holds, and under which licence they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Source:
    """A platform whose archive was imported; ``home`` and ``licence_url`` are addresses."""

    name: Any
    home: str
    licence: Any
    licence_url: str


SOURCES = {
    "cheongwadae": Source(
        _l("Cheong Wa Dae national petitions (2017–2022)"),
        "https://www.kogl.or.kr/",
        _l("Korea Open Government License, type 1"),
        "https://www.kogl.or.kr/info/license.do",
    ),
    "uk-parliament": Source(
        _l("Petitions to the UK Government and Parliament"),
        "https://petition.parliament.uk/",
        _l("Open Government Licence v3.0"),
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "white-house": Source(
        _l("We the People, petitions to the White House (2011–2013)"),
        "https://petitions.obamawhitehouse.archives.gov/",
        _l("public domain, United States Government"),
        "https://www.usa.gov/government-copyright",
    ),
}
UNKNOWN = Source(_l("another petition platform"), "", "", "")


def source_of(code: str) -> Source:
    """The source behind a petition's ``source``; an unknown one is named as such."""
    return SOURCES.get(code, UNKNOWN)
