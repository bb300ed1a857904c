"""The token of a form inside a frame: signed, bound to its petition, good neither too early nor too late.

No session stands behind it, for a frame on another site has none. What keeps other sites from sending the
form is where the browser says that it comes from; the token says that the form was ours, and how old it is.
"""

from __future__ import annotations

from typing import Literal

from app import clock
from app.web.tokens import make_token, read_token

PURPOSE = "frame-form"
YOUNGEST = 2
"""Seconds that nobody who types a name and an address stays below."""
OLDEST = 2 * 60 * 60
"""Seconds after which a form is made anew."""

Verdict = Literal["good", "young", "old", "foreign"]


def frame_token(petition_id: str) -> str:
    """A token for the form of this petition, made now."""
    return make_token(PURPOSE, [petition_id, int(clock.now().timestamp())])


def judge_token(token: str, petition_id: str) -> Verdict:
    """Whether a form may be taken: ``foreign`` are those that are not ours or another petition's."""
    match read_token(PURPOSE, token):
        case [str(made_for), int(made_at)] if made_for == petition_id:
            age = clock.now().timestamp() - made_at
            return "young" if age < YOUNGEST else "old" if age > OLDEST else "good"
    return "foreign"
