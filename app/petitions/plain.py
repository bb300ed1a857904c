"""The commonest sign form, read without building a form.

Building, filling and asking a form costs as much as writing the signature. Here only what the form would
take exactly as it was typed is recognised; everything else goes to the form, which says what is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.addresses import LONGEST
from app.addresses import PLAIN as ADDRESS
from app.web.forms import NO

from .regions import is_region

NAME = re.compile(r"[!-~가-힣](?:[ -~가-힣]{0,78}[!-~가-힣])?")
REASON = re.compile(r"(?:[!-~가-힣](?:[ -~가-힣]{0,498}[!-~가-힣])?)?")


@dataclass(frozen=True)
class Filled:
    """What the form's fields would hold."""

    name: str
    email: str
    region: str
    reason: str
    hide_name: bool


def read_plainly(posted: MultiDict[str, str]) -> Filled | None:
    """What was posted, where every field is of the commonest shape; else None."""
    name, email, region = posted.get("name", ""), posted.get("email", ""), posted.get("region", "")
    reason = posted.get("reason", "")
    usual = (
        NAME.fullmatch(name)
        and ADDRESS.fullmatch(email)
        and len(email) <= LONGEST
        and is_region(region)
        and REASON.fullmatch(reason)
    )
    return Filled(name, email, region, reason, posted.get("hide_name", "") not in NO) if usual else None
