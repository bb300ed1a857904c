"""Letters about thanks."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.mail.posting import Draft
from app.petitions.addresses import petition_url
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.web.formatting import format_money
from app.web.links import absolute


def thanked(*, petition: Petition, pledge: Pledge, organizer: str) -> Draft:
    """To the giver: thanks, and what is on its way."""
    amount = format_money(pledge.captured, pledge.currency or "")
    what = pledge.terms.get("thanks")
    lines = [
        _(
            "%(name)s thanks you for your %(amount)s for “%(title)s”.",
            name=organizer,
            amount=amount,
            title=petition.title,
        )
    ]
    if what:
        lines.append(_("On its way to you: %(what)s.", what=what))
    return Draft(
        subject=_("Thank you: “%(title)s”", title=petition.title),
        lines=lines,
        link=(_("See what it became"), petition_url(petition.slug)),
    )


def due(*, petition: Petition, count: int) -> Draft:
    """To the organizer: people still wait."""
    return Draft(
        subject=_("Thanks to send: “%(title)s”", title=petition.title),
        lines=[
            ngettext(
                "%(num)d giver of “%(title)s” still waits for what you offered in thanks.",
                "%(num)d givers of “%(title)s” still wait for what you offered in thanks.",
                count,
                title=petition.title,
            ),
            _("Send it and mark it within 30 days; after that everybody sees that it was not sent."),
        ],
        link=(_("Open the list"), absolute("giving.owed", slug=petition.slug)),
    )
