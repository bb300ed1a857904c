"""Where signers live: Korea's seventeen provinces, every other ISO 3166-2 code, or a country code.

The provinces' names are written here because libraries lag behind their renaming. In ISO 3166-2 KR-50 is
Sejong and KR-49 Jeju; the administrative codes of the Korean government differ.
"""

from __future__ import annotations

from functools import cache

import pycountry
from babel import Locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.web.languages import speaking

PROVINCES: dict[str, tuple[str, str]] = {
    "KR-11": ("서울특별시", "Seoul"),
    "KR-26": ("부산광역시", "Busan"),
    "KR-27": ("대구광역시", "Daegu"),
    "KR-28": ("인천광역시", "Incheon"),
    "KR-29": ("광주광역시", "Gwangju"),
    "KR-30": ("대전광역시", "Daejeon"),
    "KR-31": ("울산광역시", "Ulsan"),
    "KR-50": ("세종특별자치시", "Sejong"),
    "KR-41": ("경기도", "Gyeonggi"),
    "KR-42": ("강원특별자치도", "Gangwon"),
    "KR-43": ("충청북도", "North Chungcheong"),
    "KR-44": ("충청남도", "South Chungcheong"),
    "KR-45": ("전북특별자치도", "Jeonbuk"),
    "KR-46": ("전라남도", "South Jeolla"),
    "KR-47": ("경상북도", "North Gyeongsang"),
    "KR-48": ("경상남도", "South Gyeongsang"),
    "KR-49": ("제주특별자치도", "Jeju"),
}
"""ISO 3166-2 code → (Korean name, English name), in the order in which Koreans list them."""

NEAR = ("US", "CN", "JP", "CA", "VN", "UZ", "AU", "RU", "KZ", "DE", "BR", "GB", "NZ", "PH")
"""The countries with many Koreans, which a short list offers besides the provinces."""

COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
CODES = COUNTRIES | PROVINCES.keys() | {division.code for division in pycountry.subdivisions}
"""Every code that a form may carry."""


def is_region(code: str) -> bool:
    """Whether ``code`` is an ISO 3166-2 subdivision or an ISO 3166-1 country, in capitals."""
    return code in CODES


def region_name(code: str, language: str) -> str:
    """The name of a region in ``ko`` or ``en``; an unknown code is its own name."""
    if code in PROVINCES:
        return PROVINCES[code][language != "ko"]
    if code in COUNTRIES:
        return str(Locale(language).territories[code])
    if code in CODES:
        return str(pycountry.subdivisions.get(code=code).name)  # type: ignore[no-untyped-call]
    return code


@cache
def listed_regions(language: str, *, short: bool = False) -> tuple[tuple[str, str], ...]:
    """(code, name) as the select lists them: the provinces, then other countries by name, few where short."""
    provinces = [(code, region_name(code, language)) for code in PROVINCES]
    countries = [(code, region_name(code, language)) for code in (NEAR if short else COUNTRIES - {"KR"})]
    return (*provinces, *sorted(countries, key=lambda pair: pair[1]))


@cache
def region_options(language: str, *, short: bool = False) -> str:
    """The ``<option>`` elements of the select: provinces first, in a group named Korea."""
    korea = escape(region_name("KR", language))
    with speaking(language):
        others = escape(_("Other countries"))
    options = [
        f'<option value="{code}">{escape(name)}</option>'
        for code, name in listed_regions(language, short=short)
    ]
    home, abroad = "".join(options[: len(PROVINCES)]), "".join(options[len(PROVINCES) :])
    return f'<optgroup label="{korea}">{home}</optgroup><optgroup label="{others}">{abroad}</optgroup>'


def region_select(language: str, chosen: str, unchosen: str, *, short: bool = False) -> Markup:
    """The inside of the select with ``chosen`` chosen; ``unchosen`` is what the empty choice says.

    A ``short`` list has few countries, and whatever is chosen.
    """
    options = region_options(language, short=short)
    if is_region(chosen):
        marked = options.replace(f'value="{chosen}"', f'value="{chosen}" selected', 1)
        if marked == options:
            name = escape(region_name(chosen, language))
            marked = f'<option value="{chosen}" selected>{name}</option>{options}'
        options = marked
    return Markup(f'<option value="">{escape(unchosen)}</option>{options}')  # noqa: S704 - escaped above
