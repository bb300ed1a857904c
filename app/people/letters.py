"""The letters of this room, in the language being spoken."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.web.links import absolute

from .models import SignIn
from .signing_in import sign_in_token


def sign_in_link(sign_in: SignIn) -> Draft:
    """To whoever asked to sign in: the link, good for an hour and one use."""
    return Draft(
        subject=_("Sign in to Dure"),
        lines=[_("Open this link and press the button to sign in. It works once, for one hour.")],
        link=(_("Sign in"), absolute("people.sign_in", token=sign_in_token(sign_in.id))),
        after=[_("If you did not ask for this, do nothing. Nobody can sign in without this link.")],
    )
