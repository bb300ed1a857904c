"""The letter about a webhook that was switched off."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.web.links import absolute

from .guarding import read_address
from .models import Endpoint


def switched_off(*, endpoint: Endpoint) -> Draft:
    """Nothing reached it for days, or it asked for no more."""
    host = read_address(endpoint.url, loopback=True).host
    reason = (
        _("It answered “410 Gone”, which asks us to send nothing more.")
        if endpoint.disabled_because == "gone"
        else _("Nothing has reached it for days, and a message has used up all its tries.")
    )
    return Draft(
        subject=_("Your webhook to %(host)s is switched off", host=host),
        lines=[
            _("We switched off your webhook to %(url)s.", url=endpoint.url),
            reason,
            _("What was not delivered is kept for thirty days: switch it on again and replay it."),
        ],
        link=(_("Look at the webhook"), absolute("hooks.endpoint", endpoint_id=endpoint.id)),
    )
