"""Letters about promises that nothing is held for: hours, things, subscriptions."""

from __future__ import annotations

from flask_babel import gettext as _

from app.actions.models import Action
from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.addresses import petition_url
from app.petitions.following import unsubscribe_url
from app.petitions.models import Petition
from app.pledges.letters import address_of
from app.pledges.models import Pledge
from app.pledges.wording import describe
from app.web.formatting import number

from .parts import account_link, action_of, amount_in, desk_link


def promise_fired(*, petition: Petition, pledge: Pledge) -> Draft:
    """The petition has become an action; the promise stands."""
    action = action_of(petition)
    waits = _(
        "Money is collected first. As soon as enough of it is there, we write when your part begins; "
        "if too little comes together, you owe nothing."
    )
    return Draft(
        subject=_("“%(title)s” becomes an action", title=petition.title),
        lines=[
            _("Everything came together: “%(title)s” has become an action.", title=petition.title),
            _("You promised: %(promise)s.", promise=describe(pledge)),
            waits if action.kind else _("It begins now; the next letter says what comes first."),
        ],
        link=(_("See your pledge"), address_of(pledge)),
        after=[_("From now on the pledge stays: the others rely on it, as you rely on theirs.")],
        more_links=[account_link(petition)],
    )


def promise_lapsed(*, petition: Petition, pledge: Pledge) -> Draft:
    """Too little came together by the deadline: nothing is owed."""
    return Draft(
        subject=_("You owe nothing: “%(title)s”", title=petition.title),
        lines=[
            _("“%(title)s” ended before everything came together.", title=petition.title),
            _("What you promised (%(promise)s) has lapsed. You owe nothing.", promise=describe(pledge)),
        ],
        link=(_("Read the petition"), petition_url(petition.slug)),
        after=[_("You need not do anything. Thank you for being ready.")],
    )


def promise_released(*, petition: Petition, pledge: Pledge) -> Draft:
    """The action does not happen, or not any more: nothing is owed."""
    action: Action = action_of(petition)
    reason = (
        _("The money that “%(title)s” needs did not come together.", title=petition.title)
        if action.state == "released"
        else _("“%(title)s” was stopped.", title=petition.title)
    )
    return Draft(
        subject=_("You owe nothing: “%(title)s”", title=petition.title),
        lines=[
            reason,
            _("What you promised (%(promise)s) has lapsed. You owe nothing.", promise=describe(pledge)),
        ],
        link=account_link(petition),
        after=[_("You need not do anything. Thank you for being ready.")],
    )


def begins_without_money(petition: Petition, person: Person | None = None) -> Draft:
    """To the organizer, or to a supporter: everything came together, and no money is needed for it."""
    lines = [
        _(
            "“%(title)s” begins: %(signatures)s people signed, and %(pledged)s came together.",
            title=petition.title,
            signatures=number(petition.signatures.tally),
            pledged=" · ".join(
                amount_in(threshold, threshold.tally) for threshold in petition.pledge_thresholds
            ),
        )
    ]
    if person is not None:
        return Draft(
            subject=_("It begins: “%(title)s”", title=petition.title),
            lines=lines,
            link=account_link(petition),
            after=[_("You can follow what happens on that page.")],
            unsubscribe_url=unsubscribe_url(petition.id, person.id),
        )
    return Draft(
        subject=_("It begins: “%(title)s”", title=petition.title),
        lines=[*lines, _("Everybody who promised something has had a letter. Now it is up to you to begin.")],
        link=desk_link(petition),
        after=[_("Write a short update to your supporters; they want to know that it has begun.")],
        more_links=[account_link(petition)],
    )
