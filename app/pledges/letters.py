"""The letters of a pledge. Each is written in the person's language, once per cause."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.petitions.addresses import petition_url
from app.petitions.models import Petition
from app.web.formatting import day
from app.web.links import absolute

from . import kinds
from .links import letter_token
from .models import Pledge
from .wording import describe


def confirm_pledge(pledge: Pledge, petition: Petition, via: str = "") -> Draft:
    """To an address somebody typed: one button says that the pledge is theirs; they came ``via`` a site.

    It quotes nothing that the sender could fill with words or links of their own.
    """
    return Draft(
        subject=_("Confirm your pledge to “%(title)s”", title=petition.title),
        lines=[
            _(
                "Somebody pledged %(amount)s to “%(title)s” with this address. If it was you, open the page "
                "and press its button.",
                amount=amount_of(pledge),
                title=petition.title,
            ),
        ],
        link=(_("Confirm the pledge"), address_of(pledge, via)),
        after=[
            pledge.mandate,
            _("If it was not you, leave this letter alone: nothing counts and nothing is charged.")
            if costs(pledge)
            else _("If it was not you, leave this letter alone: nothing counts."),
        ],
    )


def pledge_ready(pledge: Pledge, petition: Petition) -> Draft:
    """The pledge counts: what was agreed, and how to take it back."""
    return Draft(
        subject=_("Your pledge to “%(title)s” counts", title=petition.title),
        lines=[
            _("Hello %(name)s,", name=pledge.name),
            _("your pledge of %(amount)s counts now. Nothing has been charged.", amount=amount_of(pledge))
            if costs(pledge)
            else _("your pledge of %(amount)s counts now.", amount=amount_of(pledge)),
            pledge.mandate,
        ],
        link=(_("See your pledge"), address_of(pledge)),
        after=[_("We write again when the petition becomes an action, or when it ends without one.")],
        more_links=[
            (_("Take it back"), absolute("pledges.withdrawal", token=letter_token(pledge))),
            (_("Read the petition"), petition_url(petition.slug)),
        ],
    )


def pledge_withdrawn(pledge: Pledge, petition: Petition) -> Draft:
    """The pledge is gone; nothing will be charged."""
    lines = [
        _("Hello %(name)s,", name=pledge.name),
        _(
            "you took back your pledge of %(amount)s to “%(title)s”. Nothing was charged, and "
            "nothing will be.",
            amount=amount_of(pledge),
            title=petition.title,
        )
        if costs(pledge)
        else _(
            "you took back your pledge of %(amount)s to “%(title)s”. You owe nothing.",
            amount=amount_of(pledge),
            title=petition.title,
        ),
    ]
    if petition.deadline is not None and petition.fired_at is None:
        lines.append(
            _("You can pledge again until %(day)s, as long as it is open.", day=day(petition.deadline))
        )
    return Draft(
        subject=_("You took back your pledge to “%(title)s”", title=petition.title),
        lines=lines,
        link=(_("Read the petition"), petition_url(petition.slug)),
    )


def amount_of(pledge: Pledge) -> str:
    """What was promised, as the letter's language writes it."""
    return describe(pledge)


def costs(pledge: Pledge) -> bool:
    """Whether this pledge may ever be charged."""
    kind = kinds.find(pledge.kind)
    return kind is None or kind.needs_method


def address_of(pledge: Pledge, via: str = "") -> str:
    return absolute("pledges.pledge_link", token=letter_token(pledge, via))
