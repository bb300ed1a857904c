"""The letter that signs somebody in."""

from __future__ import annotations

from app.db import db, run_tx
from app.mail.posting import post
from app.people import letters
from app.people.models import SignIn


def send_sign_in_link(*, sign_in_id: str) -> None:
    """To the address that asked, unless it has been erased meanwhile."""

    def send() -> None:
        asked = db.session.get(SignIn, sign_in_id)
        if asked is not None:
            post(
                asked.email, asked.locale, lambda: letters.sign_in_link(asked), cause=f"sign-in-{sign_in_id}"
            )

    run_tx(send)
