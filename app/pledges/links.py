"""The two keys to a pledge: the letter's, which proves the address, and the browser's, which does not."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.db import db
from app.errors import Refusal
from app.petitions.arriving import carried, carry
from app.petitions.models import Petition
from app.web.tokens import make_token, read_token

from .models import Pledge

LETTER = "pledge"
BROWSER = "pledge-method"


def letter_token(pledge: Pledge, via: str = "") -> str:
    """What only the letter carries: it confirms, shows and withdraws the pledge.

    ``via`` is the site whose widget led to the pledge.
    """
    return make_token(LETTER, carry(pledge.id, via))


def browser_token(pledge: Pledge, via: str = "") -> str:
    """What the browser that made the pledge carries to the gateway and back: it saves a method, no more.

    ``via`` as for :func:`letter_token`.
    """
    return make_token(BROWSER, carry(pledge.id, via))


def via_of(token: str) -> str:
    """The site whose widget led to the pledge behind either link."""
    return carried(read_token(BROWSER, token) or read_token(LETTER, token))[1]


def is_letters(token: str) -> bool:
    """Whether it is a letter's."""
    return read_token(LETTER, token) is not None


def open_letter(token: str) -> tuple[Pledge, Petition]:
    """The pledge behind a letter's link.

    Raises:
        Refusal: there is none.
    """
    return found(read_token(LETTER, token))


def open_any(token: str) -> tuple[Pledge, Petition]:
    """The pledge behind either link.

    Raises:
        Refusal: there is none.
    """
    return found(read_token(BROWSER, token) or read_token(LETTER, token))


def found(content: Any) -> tuple[Pledge, Petition]:
    pledge_id, _via = carried(content)
    pledge = db.session.get(Pledge, pledge_id) if pledge_id else None
    petition = db.session.get(Petition, pledge.petition_id) if pledge else None
    if pledge is None or petition is None:
        raise Refusal(
            _(
                "No pledge belongs to this link. Open it from the newest letter again; "
                "if you copy it, copy all of it."
            ),
            status=404,
        )
    return pledge, petition
