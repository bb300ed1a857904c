"""Letters about pools: to sponsors, and to those who get a bonus."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.petitions.addresses import petition_url
from app.petitions.models import Petition
from app.purses.letters import purse_link
from app.web.formatting import format_money
from app.web.links import absolute

from .models import Pool


def deposited(*, pool: Pool, petition: Petition) -> Draft:
    """The money lies there; when it moves again."""
    amount = format_money(pool.amount, pool.currency)
    ends = (
        _("If it succeeds, all of it comes back to your purse. If it fails, those who pledged share it.")
        if pool.purpose == "bonus"
        else _("It covers the first losses if the loan is not repaid; what is left comes back to your purse.")
    )
    return Draft(
        subject=_("%(amount)s lies by for “%(title)s”", amount=amount, title=petition.title),
        lines=[
            _("%(amount)s of yours now lies by for “%(title)s”.", amount=amount, title=petition.title),
            ends,
        ],
        link=(_("Read the petition"), petition_url(petition.slug)),
    )


def deposited_for_organizer(*, pool: Pool, petition: Petition) -> Draft:
    """A sponsor stands behind the petition."""
    amount = format_money(pool.amount, pool.currency)
    return Draft(
        subject=_("A sponsor stands behind “%(title)s”", title=petition.title),
        lines=[
            _(
                "%(name)s laid %(amount)s by for “%(title)s”.",
                name=pool.name,
                amount=amount,
                title=petition.title,
            ),
            _("Everybody sees it on the petition. Tell your supporters: it makes pledging safer."),
        ],
        link=(_("Read the petition"), petition_url(petition.slug)),
    )


def refused(*, pool: Pool, petition: Petition) -> Draft:
    """The card said no."""
    return Draft(
        subject=_("%(amount)s could not be paid in", amount=format_money(pool.amount, pool.currency)),
        lines=[
            _("Your card refused the deposit for “%(title)s”. Nothing was taken.", title=petition.title),
            _("Try again or save another card; until then nothing lies there."),
        ],
        link=(
            _("Try again"),
            absolute("pools.deposit", slug=petition.slug, pool_id=pool.id),
        ),
    )


def returned(*, pool: Pool, petition: Petition) -> Draft:
    """What was left is the sponsor's again."""
    return Draft(
        subject=_("Your deposit for “%(title)s” has ended", title=petition.title),
        lines=[
            _(
                "You had laid %(amount)s by for “%(title)s”. What was left of it is in your purse now.",
                amount=format_money(pool.amount, pool.currency),
                title=petition.title,
            ),
            _("Your purse shows how much it is. Take it out, or stand behind another petition with it."),
        ],
        link=purse_link(),
    )


def given(*, pool: Pool, petition: Petition) -> Draft:
    """The petition failed, and the sponsor kept the word."""
    return Draft(
        subject=_("Your bonus was paid: “%(title)s”", title=petition.title),
        lines=[
            _(
                "“%(title)s” failed. Your %(amount)s was shared among everybody who had pledged.",
                amount=format_money(pool.amount, pool.currency),
                title=petition.title,
            ),
            _("Nobody lost anything by being ready. That was your doing; thank you."),
        ],
        link=(_("Read the petition"), petition_url(petition.slug)),
    )


def bonus(*, petition: Petition, amount: int, currency: str) -> Draft:
    """To somebody who had pledged: it failed, and there is money for them."""
    money = format_money(amount, currency)
    return Draft(
        subject=_("%(amount)s for being ready: “%(title)s”", amount=money, title=petition.title),
        lines=[
            _("“%(title)s” failed, so you paid nothing.", title=petition.title),
            _(
                "A sponsor had laid a bonus by for this case. Your share is %(amount)s; it is in your purse.",
                amount=money,
            ),
        ],
        link=purse_link(),
        after=[_("Promise it to another petition, or take it out.")],
    )
