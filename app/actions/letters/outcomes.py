"""Letters about what became of a petition: tipped, expired, underway, released, stopped, delivered.

Letters to supporters who only signed carry the link that ends them.
"""

from __future__ import annotations

from flask_babel import gettext as _

from app.actions.planning import plan_of
from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.addresses import petition_url
from app.petitions.following import unsubscribe_url
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.pledges.wording import pays_by_steps
from app.web.formatting import moment, number

from .parts import (
    account_link,
    action_of,
    amount_in,
    amount_of,
    collects,
    costs,
    desk_link,
    goal_of,
    has_many,
    has_payee,
    held_of,
    payee_link,
)
from .promises import begins_without_money, promise_lapsed
from .untaken import nothing_taken


def petition_tipped_for_organizer(*, petition: Petition) -> Draft:
    """Both thresholds hold; what the verification window is, and what follows by itself."""
    pledged = " · ".join(amount_in(threshold, threshold.tally) for threshold in petition.pledge_thresholds)
    reached = {
        "title": petition.title,
        "signatures": number(petition.signatures.tally),
        "pledged": pledged,
    }
    lines = [
        _(
            "“%(title)s” has reached every threshold: %(signatures)s signatures, and %(pledged)s pledged.",
            **reached,
        )
        if has_many(petition)
        else _(
            "“%(title)s” has reached both thresholds: %(signatures)s signatures, and %(pledged)s pledged.",
            **reached,
        )
    ]
    if petition.window_ends_at is not None:
        until = moment(petition.window_ends_at)
        lines.append(
            _(
                "Until %(moment)s the signatures are checked once more. If every threshold still holds "
                "then, it becomes an action by itself.",
                moment=until,
            )
            if has_many(petition)
            else _(
                "Until %(moment)s the signatures are checked once more. If both thresholds still hold then, "
                "it becomes an action by itself.",
                moment=until,
            )
        )
    if any(collects(threshold.kind) for threshold in petition.pledge_thresholds):
        lines.append(
            _(
                "Then the pledges are reserved on the backers' cards. If enough come together all are "
                "collected; otherwise nobody pays."
            )
        )
    return Draft(
        subject=_("Every threshold holds: “%(title)s”", title=petition.title)
        if has_many(petition)
        else _("Both thresholds hold: “%(title)s”", title=petition.title),
        lines=lines,
        link=desk_link(petition),
        after=[
            _("A good moment to tell your supporters. Pledges that come in now cover cards that fail.")
            if costs(petition)
            else _("A good moment to tell your supporters. More helping hands are still welcome.")
        ],
        more_links=[] if has_payee(petition) or not costs(petition) else [payee_link()],
    )


def petition_expired_for_organizer(*, petition: Petition) -> Draft:
    """The deadline passed first; nobody was charged."""
    tallies = [
        _(
            "%(tally)s of %(target)s signatures",
            tally=number(petition.signatures.tally),
            target=number(petition.signatures.target),
        ),
        *(
            _(
                "%(tally)s of %(target)s pledged",
                tally=amount_in(threshold, threshold.tally),
                target=amount_in(threshold, threshold.target),
            )
            for threshold in petition.pledge_thresholds
        ),
    ]
    return Draft(
        subject=_("The deadline passed: “%(title)s”", title=petition.title),
        lines=[
            ended_early(petition),
            " · ".join(tallies),
            _("Every pledge has lapsed. Nobody was charged, and the page stays as archive.")
            if costs(petition)
            else _("Every promise has lapsed, and the page stays as archive."),
        ],
        link=desk_link(petition),
        after=[
            _("Tell your supporters what comes next. They can be asked again, for less or with more time.")
        ],
    )


def ended_early(petition: Petition) -> str:
    """That the deadline came first."""
    if has_many(petition):
        return str(_("“%(title)s” ended before every threshold held.", title=petition.title))
    return str(_("“%(title)s” ended before both thresholds held.", title=petition.title))


def ended_for_signer(petition: Petition) -> str:
    """The same for somebody who signed, and what it cost."""
    said = {"title": petition.title, "signatures": number(petition.signatures.tally)}
    if not costs(petition):
        return str(
            _(
                "“%(title)s”, which you support, ended before everything came together. "
                "%(signatures)s people signed.",
                **said,
            )
        )
    if has_many(petition):
        return str(
            _(
                "“%(title)s”, which you support, ended before every threshold held. %(signatures)s people "
                "signed. Nobody was charged.",
                **said,
            )
        )
    return str(
        _(
            "“%(title)s”, which you support, ended before both thresholds held. %(signatures)s people "
            "signed. Nobody was charged.",
            **said,
        )
    )


def petition_expired_for_signer(*, petition: Petition, person: Person) -> Draft:
    """To a supporter: it was not enough."""
    return Draft(
        subject=_("It was not enough this time: “%(title)s”", title=petition.title),
        lines=[
            ended_for_signer(petition),
            _(
                "The page stays, with everything that was reached. "
                "If the organizer tries again, you hear of it."
            ),
        ],
        link=(_("Read the petition"), petition_url(petition.slug)),
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def petition_expired_for_backer(*, petition: Petition, pledge: Pledge) -> Draft:
    """The pledge has lapsed; nothing was charged."""
    if not pledge.cost:
        return promise_lapsed(petition=petition, pledge=pledge)
    return Draft(
        subject=_("Nothing was charged: “%(title)s”", title=petition.title),
        lines=[
            ended_early(petition),
            _(
                "Your pledge of %(amount)s has lapsed. Nothing was charged, and nothing will be.",
                amount=amount_of(pledge),
            ),
        ],
        link=(_("Read the petition"), petition_url(petition.slug)),
        after=[_("You need not do anything. Thank you for being ready.")],
    )


def action_underway_for_organizer(*, petition: Petition) -> Draft:
    """Enough is reserved: the first step can begin."""
    action = action_of(petition)
    if action.kind is None:
        return begins_without_money(petition)
    first = next(iter(plan_of(petition.id)), None)
    lines = [
        _(
            "%(held)s was reserved for “%(title)s”, and the goal was %(goal)s. It is being collected now and "
            "lies in escrow.",
            held=held_of(petition),
            title=petition.title,
            goal=goal_of(petition),
        )
    ]
    if not pays_by_steps(petition.pledge_thresholds):
        lines.append(
            _("All of it is paid out to you in one payment, as soon as a second person has approved it.")
        )
    elif first is not None:
        lines.append(
            _(
                "Now do step 1, “%(step)s”. When it is done, claim it with evidence: the backers vote, and "
                "%(share)d%% of the money is paid out to you.",
                step=first.title,
                share=first.share,
            )
        )
    return Draft(
        subject=_("The money is there: “%(title)s”", title=petition.title),
        lines=lines,
        link=desk_link(petition) if has_payee(petition) else payee_link(),
        after=[_("Write a short update to your supporters; they want to know that it has begun.")],
        more_links=[account_link(petition)],
    )


def action_underway_for_signer(*, petition: Petition, person: Person) -> Draft:
    """To a supporter: the plan has begun."""
    action = action_of(petition)
    if action.kind is None:
        return begins_without_money(petition, person)
    return Draft(
        subject=_("It begins: “%(title)s”", title=petition.title),
        lines=[
            _(
                "“%(title)s”, which you support, is funded: %(signatures)s people signed, and %(amount)s "
                "came together.",
                title=petition.title,
                signatures=number(petition.signatures.tally),
                amount=held_of(petition),
            ),
            _(
                "The organizer now works through the plan. "
                "Money goes out step by step, after the backers' vote."
            )
            if pays_by_steps(petition.pledge_thresholds)
            else _("The organizer now works through the plan."),
        ],
        link=account_link(petition),
        after=[_("You can follow every step and every won on that page.")],
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def action_released_for_organizer(*, petition: Petition) -> Draft:
    """Too little could be reserved: nobody was charged."""
    if action_of(petition).underway_at is not None:
        return nothing_taken(petition)
    return Draft(
        subject=_("Not enough could be collected: “%(title)s”", title=petition.title),
        lines=[
            _(
                "Of %(goal)s only %(held)s could be reserved, after every card had been tried for the "
                "last time.",
                goal=goal_of(petition),
                held=held_of(petition),
            ),
            _("So every reservation was let go. Nobody was charged, and every backer has had a letter."),
        ],
        link=desk_link(petition),
        after=[
            _(
                "The signatures remain. Tell your supporters what comes next; you may start again with "
                "a new plan."
            )
        ],
        more_links=[account_link(petition)],
    )


def action_released_for_signer(*, petition: Petition, person: Person) -> Draft:
    """To a supporter: the money did not come together."""
    if action_of(petition).underway_at is not None:
        return nothing_taken(petition, person)
    return Draft(
        subject=_("Not enough could be collected: “%(title)s”", title=petition.title),
        lines=[
            _(
                "“%(title)s” reached every threshold, but too many cards failed: less than %(goal)s could be "
                "reserved. Nobody was charged.",
                title=petition.title,
                goal=goal_of(petition),
            )
            if has_many(petition)
            else _(
                "“%(title)s” reached both thresholds, but too many cards failed: less than %(goal)s could be "
                "reserved. Nobody was charged.",
                title=petition.title,
                goal=goal_of(petition),
            ),
            _("Your signature stands. If the organizer tries again, you hear of it."),
        ],
        link=account_link(petition),
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def action_stopped_for_signer(*, petition: Petition, person: Person) -> Draft:
    """To a supporter: the action ended early."""
    return Draft(
        subject=_("The action was stopped: “%(title)s”", title=petition.title),
        lines=[
            _(
                "“%(title)s”, which you support, was stopped before its plan was finished.",
                title=petition.title,
            ),
            _("What had not been paid out goes back to the backers. The page shows where every part went."),
        ],
        link=account_link(petition),
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )
