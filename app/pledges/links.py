"""The two keys to a pledge: the letter's, which proves the address, and the browser's, which does not."""

from __future__ import annotations

from flask_babel import gettext as _

from app.db import db
from app.errors import Refusal
from app.petitions.models import Petition
from app.web.tokens import make_token, read_token

from .models import Pledge

LETTER = "pledge"
BROWSER = "pledge-method"


def letter_token(pledge: Pledge) -> str:
    """What only the letter carries: it confirms, shows and withdraws the pledge."""
    return make_token(LETTER, pledge.id)


def browser_token(pledge: Pledge) -> str:
    """What the browser that made the pledge carries to the gateway and back: it saves a method, no more."""
    return make_token(BROWSER, pledge.id)


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


def found(pledge_id: str | None) -> tuple[Pledge, Petition]:
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
