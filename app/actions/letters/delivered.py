"""Letters about what was delivered: to the organizer, to those who gave and to those who signed."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.actions.figuring import figures_of
from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.following import unsubscribe_url
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.pledges.wording import pays_at_once
from app.web.formatting import format_money, number

from .parts import account_link, action_of, desk_link, has_earned, money_of, points_link


def action_delivered_for_organizer(*, petition: Petition) -> Draft:
    """Every step is accepted and paid."""
    figures = figures_of(petition.id, action_of(petition).currency)
    return Draft(
        subject=_("Delivered: “%(title)s”", title=petition.title),
        lines=[
            _("You paid back all of “%(title)s”. You did what you said you would.", title=petition.title)
            if any(pays_at_once(threshold.kind) for threshold in petition.pledge_thresholds)
            else _(
                "The backers accepted every step of “%(title)s”, and %(paid)s was paid out to you. You did "
                "what you said you would.",
                title=petition.title,
                paid=format_money(figures.paid_out, figures.currency),
            ),
            _("The page stays as the public account. Your points are settled."),
        ],
        link=points_link(),
        after=[_("One last update with a picture of the result is the best thanks to those who helped.")],
        more_links=[account_link(petition), desk_link(petition)],
    )


def action_delivered_for_backer(*, petition: Petition, pledge: Pledge, backers: int) -> Draft:
    """To one of the ``backers``: it is done, and their money is where it should be."""
    earned = has_earned(pledge.person_id, petition)
    return Draft(
        subject=_("It is done: “%(title)s”", title=petition.title),
        lines=[
            _("“%(title)s” is delivered: all of it was paid back.", title=petition.title)
            if any(pays_at_once(threshold.kind) for threshold in petition.pledge_thresholds)
            else _(
                "“%(title)s” is delivered: every step is accepted, every payout made.", title=petition.title
            ),
            ngettext(
                "Your %(amount)s helped. Nobody else gave: this was yours alone.",
                "Your %(amount)s helped, with the pledges of %(num)d backers together.",
                backers,
                amount=money_of(pledge.captured - pledge.refunded, pledge),
            ),
            _("Thank you. Your reciprocity points show it.") if earned else _("Thank you."),
        ],
        link=account_link(petition),
        more_links=[points_link()] if earned else [],
    )


def action_delivered_for_signer(*, petition: Petition, person: Person) -> Draft:
    """To a supporter: it is done."""
    earned = has_earned(person.id, petition)
    return Draft(
        subject=_("It is done: “%(title)s”", title=petition.title),
        lines=[
            _(
                "“%(title)s”, which you support, is delivered: its plan was carried out.",
                title=petition.title,
            ),
            _(
                "You were one of %(signatures)s people who asked for it. Thank you; your reciprocity points "
                "show it.",
                signatures=number(petition.signatures.tally),
            )
            if earned
            else _(
                "You were one of %(signatures)s people who asked for it. Thank you.",
                signatures=number(petition.signatures.tally),
            ),
        ],
        link=account_link(petition),
        more_links=[points_link()] if earned else [],
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )
