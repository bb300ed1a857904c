"""What may be sent. Whatever fits these is taken as far as the petition allows; nothing else is."""

from __future__ import annotations

from typing import Any

from app.petitions.forms import LONGEST_REASON
from app.petitions.regions import COUNTRIES, PROVINCES
from app.pledges import kinds
from app.web.languages import LANGUAGES

CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u0300-\u036f\u2028-\u202e\u2066-\u2069"
MANY_LINES = f"^[^{CONTROLS}]*$"
STRANGE = r"\u0000-\u001f\u007f-\u00a0\u00ad\u0300-\u036f\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164"
ONE_LINE = f"^[^{STRANGE}]*[^\\s{STRANGE}][^{STRANGE}]*$"
"""Something to read, in composed characters and without controls."""

NAME = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": ONE_LINE}
EMAIL = {"type": "string", "format": "email", "maxLength": 254, "description": "one address"}
FLAG = {"type": "boolean", "default": False}
LANGUAGE = {
    "enum": list(LANGUAGES),
    "description": "of the letter; else that of Accept-Language",
}
CONSENT = {
    "const": True,
    "description": "the person is at least 14 and agreed to the terms and the privacy notice",
}


def body(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


BODIES: dict[str, Any] = {
    "SignatureWish": body(
        ("name", "email", "region", "consent"),
        name=NAME,
        email=EMAIL,
        region={
            "enum": [*PROVINCES, *sorted(COUNTRIES)],
            "description": "where the person lives; further ISO 3166-2 codes are taken as well",
        },
        reason={
            "type": "string",
            "maxLength": LONGEST_REASON,
            "pattern": MANY_LINES,
            "description": "shown on the petition's page",
        },
        hide_name=FLAG,
        language=LANGUAGE,
        consent=CONSENT,
    ),
    "PledgeWish": body(
        ("amount", "name", "email", "consent"),
        kind={
            "enum": [kind.name for kind in kinds.all()],
            "description": "one that the petition takes; its first where none is named",
        },
        amount={
            "type": "integer",
            "minimum": 1,
            "maximum": 10**11,
            "description": "money in minor units, else hours or units",
        },
        currency={"type": "string", "description": "the one the person saw; another is refused"},
        tip={"type": "integer", "minimum": 0, "description": "for the platform, in minor units"},
        name=NAME,
        email=EMAIL,
        hide_name=FLAG,
        terms={
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "what the kind asks besides, by the names of its form",
        },
        payment_method={"type": "string", "description": "a token of the gateway; else saved by the letter"},
        language=LANGUAGE,
        consent=CONSENT,
    ),
}
