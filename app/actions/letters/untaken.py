"""The letters of an action whose money was reserved, and of which not one card gave anything in the end."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.following import unsubscribe_url
from app.petitions.models import Petition

from .parts import account_link, desk_link


def nothing_taken(petition: Petition, person: Person | None = None) -> Draft:
    """To the organizer, or to a supporter: nothing begins, and nobody was charged."""
    return Draft(
        subject=_("Nothing could be collected: “%(title)s”", title=petition.title),
        lines=[
            _(
                "Enough was reserved for “%(title)s”, but when it was to be taken, not one card could be "
                "charged.",
                title=petition.title,
            ),
            _("So the action does not begin. Nobody was charged, and every reservation has been let go."),
        ],
        link=account_link(petition) if person else desk_link(petition),
        after=[_("The signatures remain. You hear of it if there is another try.")]
        if person
        else [_("The signatures remain. Tell your supporters what comes next; you may start again.")],
        unsubscribe_url=unsubscribe_url(petition.id, person.id) if person else None,
    )
