"""Sentences about addresses that are refused and deliveries that failed."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from .models import SCOPES

SCOPE_WORDS: Mapping[str, str] = dict(
    zip(
        SCOPES,
        (_l("Every public petition"), _l("The petitions I started"), _l("One petition")),
        strict=True,
    )
)

REFUSED: Mapping[str, str] = {
    "form": _l("Write the whole address, such as https://example.org/dure."),
    "scheme": _l("Write an address that begins with https://."),
    "credentials": _l("Leave name and password out of the address; our signature shows that it is us."),
    "fragment": _l("Leave out the # and what follows; a server never sees it."),
    "port": _l("Use port 443, or one from 1024 up."),
    "host": _l("Check the host's name: it should look like example.org."),
    "private": _l("This address lies inside a network. Write one that the whole Internet can reach."),
}
"""What to do about an address, by the code of ``BadAddress``."""

FAILED: Mapping[str, str] = {
    "status": _l("It answered with an error."),
    "redirect": _l("It redirects, and we follow no redirects. Write the address it leads to."),
    "gone": _l("It answered “gone”, so we send nothing more."),
    "timeout": _l("No answer within ten seconds."),
    "name": _l("The host's name was not found."),
    "private": _l("Its name leads to an address inside a network; we send nothing there."),
    "certificate": _l("Its certificate does not fit its name, or has run out."),
    "tls": _l("No secure connection came about."),
    "connection": _l("The connection failed."),
    "answer": _l("What came back was no HTTP answer."),
    "hidden": _l("The petition is not public any more, so this was not sent."),
    "off": _l("The webhook was switched off before this was sent."),
}
"""What went wrong with a delivery, by its ``error``."""


def failure(error: str) -> str:
    """What went wrong, in a sentence."""
    return str(FAILED.get(error) or REFUSED.get(error, FAILED["connection"]))
