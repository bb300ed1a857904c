"""Letters to one backer about their own money, from the firing to the last refund."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.actions.planning import plan_of
from app.actions.settling import MOST_TRIES, OVER
from app.mail.posting import Draft
from app.petitions.models import Petition
from app.pledges.letters import address_of
from app.pledges.models import Pledge
from app.pledges.wording import pays_by_steps
from app.web.formatting import moment

from .parts import account_link, action_of, amount_of, goal_of, method_of, money_of, points_link, tip_in
from .promises import promise_fired, promise_released


def petition_fired(*, petition: Petition, pledge: Pledge) -> Draft:
    """The petition has become an action; the pledge is about to be collected."""
    if not pledge.cost:
        return promise_fired(petition=petition, pledge=pledge)
    return Draft(
        subject=_("“%(title)s” becomes an action", title=petition.title),
        lines=[
            _(
                "Enough people signed and enough was pledged: “%(title)s” has become an action.",
                title=petition.title,
            ),
            _(
                "We now reserve %(amount)s on your %(method)s. It is charged only if the pledges that can be "
                "reserved come to %(goal)s together. If they do not, nobody pays.",
                method=method_of(pledge),
                amount=amount_of(pledge),
                goal=goal_of(petition),
            ),
            *tip_in(pledge),
            _("You need not do anything. If your bank wants a word with you, we write with the link."),
        ],
        link=account_link(petition),
        after=[_("From now on the pledge stays: the others rely on it, as you rely on theirs.")],
        more_links=[(_("See your pledge"), address_of(pledge))],
    )


def pledge_failing(*, petition: Petition, pledge: Pledge) -> Draft:
    """The card was declined: why, how to mend it, when it is tried again."""
    return Draft(
        subject=_("Your card was declined: “%(title)s”", title=petition.title),
        lines=[
            _(
                "We could not reserve %(amount)s on your %(method)s for “%(title)s”. Nothing was charged.",
                amount=amount_of(pledge),
                method=method_of(pledge),
                title=petition.title,
            ),
            reason_of(pledge),
            _("Choose another card on the page of your pledge. It is tried at once."),
        ],
        link=(_("Mend the pledge"), address_of(pledge)),
        after=[
            next_try(pledge),
            stakes_of(petition),
        ],
        more_links=[account_link(petition)],
    )


def reason_of(pledge: Pledge) -> str:
    """What the bank said, as far as it said anything."""
    reasons = {
        "insufficient_funds": _("Your bank says that there is not enough money on it."),
        "card_declined": _("Your bank declined it without giving a reason."),
        "hold_lost": _("Your bank let the reservation lapse before the money could be taken."),
        "expired": _("Your bank let the reservation lapse before the money could be taken."),
    }
    return str(reasons.get(pledge.failure or "", _("Your bank did not allow it.")))


def next_try(pledge: Pledge) -> str:
    """When the same card is tried again, and how often still."""
    left = max(0, MOST_TRIES - pledge.tries)
    if pledge.next_try_at is None or not left:
        return str(_("The same card is not tried again."))
    return str(
        ngettext(
            "If you do nothing we try the same card again on %(moment)s; %(num)d try is left.",
            "If you do nothing we try the same card again on %(moment)s; %(num)d tries are left.",
            left,
            moment=moment(pledge.next_try_at),
        )
    )


def stakes_of(petition: Petition) -> str:
    """Why mending the pledge matters now."""
    if action_of(petition).state == "collecting":
        return str(
            _(
                "Others count on every pledge: without %(goal)s together, nobody pays and nothing begins.",
                goal=goal_of(petition),
            )
        )
    return str(_("The action has begun. Your pledge still joins it as soon as it can be collected."))


def pledge_needs_auth(*, petition: Petition, pledge: Pledge) -> Draft:
    """The bank wants the person to confirm; only they can."""
    return Draft(
        subject=_("Your bank asks you to confirm: “%(title)s”", title=petition.title),
        lines=[
            _(
                "We want to reserve %(amount)s on your %(method)s for “%(title)s”, and your bank wants to "
                "hear from you that it is all right. Nothing was charged.",
                amount=amount_of(pledge),
                method=method_of(pledge),
                title=petition.title,
            ),
            _(
                "Open your pledge and confirm there by %(moment)s. It takes a minute.",
                moment=moment(action_of(petition).collect_until),
            ),
        ],
        link=(_("Confirm with the bank"), address_of(pledge)),
        after=[_("We cannot do this for you, and we do not try again by ourselves.")],
        more_links=[account_link(petition)],
    )


def pledge_dropped(*, petition: Petition, pledge: Pledge, until: datetime) -> Draft:
    """Nothing could be reserved and no try is left; mending is possible ``until`` that moment."""
    state = action_of(petition).state
    over = state in OVER
    if state == "released":
        follows = [
            _("The action did not come about either: too little could be reserved, so nobody was charged.")
        ]
    elif over:
        follows = [_("The action is over, so there is nothing to mend.")]
    else:
        follows = [
            _(
                "You can still save it: choose another card by %(moment)s, and it is tried at once.",
                moment=moment(until),
            ),
            _("After that the promise counts as broken, and that costs reciprocity points."),
        ]
    return Draft(
        subject=_("Your pledge dropped out: “%(title)s”", title=petition.title),
        lines=[
            _(
                "We could not reserve your %(amount)s for “%(title)s”, and no try is left. You paid nothing.",
                amount=amount_of(pledge),
                title=petition.title,
            ),
            *follows,
        ],
        link=account_link(petition) if over else (_("Choose another card"), address_of(pledge)),
    )


def pledge_captured(*, petition: Petition, pledge: Pledge) -> Draft:
    """The receipt: how much, when, from where, and for what."""
    charged_at = pledge.captured_at or action_of(petition).started_at
    return Draft(
        subject=_(
            "Receipt: %(amount)s for “%(title)s”",
            amount=money_of(pledge.paid, pledge),
            title=petition.title,
        ),
        lines=[
            _(
                "Thank you. Your %(method)s was charged %(amount)s for “%(title)s” on %(moment)s.",
                method=method_of(pledge),
                amount=money_of(pledge.paid, pledge),
                title=petition.title,
                moment=moment(charged_at),
            ),
            *tip_in(pledge),
            _("Receipt number: %(number)s", number=pledge.id),
            *where_it_goes(petition),
        ],
        link=account_link(petition),
        after=[
            *if_a_step_fails(petition),
            _("You kept your word, and that earns you reciprocity points."),
        ],
        more_links=[points_link(), (_("See your pledge"), address_of(pledge))],
    )


def where_it_goes(petition: Petition) -> list[str]:
    """How collected money reaches the organizer."""
    if not pays_by_steps(petition.pledge_thresholds):
        return [
            _(
                "The money lies in escrow until a second person has approved the payment; then all of it "
                "goes to the organizer at once."
            )
        ]
    return [
        _(
            "The money lies in escrow. It goes to the organizer step by step, each time after you and "
            "the other backers have seen what was done:"
        ),
        *(
            _(
                "Step %(position)d: %(title)s (%(share)d%%)",
                position=step.position,
                title=step.title,
                share=step.share,
            )
            for step in plan_of(petition.id)
        ),
    ]


def if_a_step_fails(petition: Petition) -> list[str]:
    if not pays_by_steps(petition.pledge_thresholds):
        return []
    return [_("If the backers reject a step, what has not been paid out comes back to you in proportion.")]


def pledge_released(*, petition: Petition, pledge: Pledge) -> Draft:
    """Nobody was charged: the reservation is gone."""
    if not pledge.cost:
        return promise_released(petition=petition, pledge=pledge)
    if action_of(petition).state == "released":
        reason = _(
            "The pledges that could be reserved fell short of %(goal)s, so every reservation was let go. "
            "Nobody was charged.",
            goal=goal_of(petition),
        )
    else:
        reason = _("The action no longer needs it, so the reservation was let go. You were not charged.")
    return Draft(
        subject=_("You were not charged: “%(title)s”", title=petition.title),
        lines=[
            reason,
            _(
                "Your %(amount)s on your %(method)s is free again. Some banks take a few days to show it.",
                amount=amount_of(pledge),
                method=method_of(pledge),
            ),
        ],
        link=account_link(petition),
        after=[_("You have nothing left to do, and there is nothing to refund. Thank you for standing by.")],
    )


def pledge_refunded(*, petition: Petition, pledge: Pledge) -> Draft:
    """Money came back: how much, and where the rest went."""
    back = money_of(pledge.came_back, pledge)
    kept = pledge.captured - pledge.refunded
    rest = (
        _(
            "The other %(amount)s of your pledge goes to what was done and accepted.",
            amount=money_of(kept, pledge),
        )
        if kept
        else _("That is all you gave.")
    )
    why = (
        _(
            "The action “%(title)s” was stopped, and what was not earned by then goes back to its backers in "
            "proportion to what they gave.",
            title=petition.title,
        )
        if action_of(petition).state == "stopped"
        else _("Not all that you gave to “%(title)s” was needed.", title=petition.title)
    )
    return Draft(
        subject=_("%(amount)s comes back to you: “%(title)s”", amount=back, title=petition.title),
        lines=[
            why,
            _("%(amount)s in all was refunded to your %(method)s.", amount=back, method=method_of(pledge)),
            rest,
            *what_became_of_the_tip(pledge),
            _("Some banks take a few days to show it. You need not do anything."),
        ],
        link=account_link(petition),
        more_links=[(_("See your pledge"), address_of(pledge))],
    )


def what_became_of_the_tip(pledge: Pledge) -> list[str]:
    """It goes back where nothing was paid out; otherwise it stays with the platform."""
    if not pledge.tip:
        return []
    tip = money_of(pledge.tip, pledge)
    if pledge.tip_refunded:
        return [_("Your tip of %(tip)s for Dure is in it.", tip=tip)]
    return [_("Your tip of %(tip)s stays with Dure, because part of the money was used.", tip=tip)]
