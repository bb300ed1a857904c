"""Where an action stands and what happens next, in one sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.pledges.wording import counted_as, pays_at_once
from app.web.formatting import format_money, moment

from .accounting import PayoutView, PublicAccount
from .reading import ActionView, MilestoneView, Plan


def what_now(action: ActionView, plan: Plan, account: PublicAccount) -> str:
    """The state now and the next thing to happen, in the language being spoken."""
    if action.state == "released" and action.underway_at is not None:
        return str(
            _(
                "Enough was reserved, but not one card could be charged, so every pledge was let go. Nobody "
                "was charged, and there is nothing to refund."
            )
        )
    return str(sentence_of(action, plan, account))


def payout_title(cause: str, position: int | None, title: str | None) -> str:
    """What a payout is for: a step of the plan, the whole of a loan, what is left, or a month."""
    if position is not None:
        return str(_("Step %(position)d: %(title)s", position=position, title=title))
    if cause.startswith("disbursement-"):
        return str(_("The whole sum, in one payment"))
    if cause.startswith("remainder-"):
        return str(_("What is left of shares that were paid back"))
    return str(_("A month of subscriptions"))


def sentence_of(action: ActionView, plan: Plan, account: PublicAccount) -> Any:
    if action.kind is None and action.state in {"underway", "delivered", "stopped"}:
        return without_money(action, plan)
    if action.state == "collecting":
        return _(
            "Pledges are being reserved on the backers' cards; nobody has been charged. Cards that fail are "
            "tried again until %(moment)s: if %(goal)s is reserved by then all is collected, otherwise "
            "nobody pays.",
            moment=moment(action.collect_until),
            goal=counted_as(action.kind, action.goal, action.currency),
        )
    if action.state == "released":
        return _(
            "Less than %(goal)s could be reserved, so every pledge was let go. Nobody was charged, and there "
            "is nothing to refund.",
            goal=counted_as(action.kind, action.goal, action.currency),
        )
    if action.state == "stopped":
        return stopped(account)
    if pays_at_once(action.kind):
        return at_once(action, plan, account)
    return carried_out(action, account) if action.state == "delivered" else underway(plan, account)


def carried_out(action: ActionView, account: PublicAccount) -> Any:
    return _(
        "Delivered: the backers accepted every step and %(amount)s was paid out. The page stays as the "
        "public account.",
        amount=format_money(account.figures.paid_out, action.currency),
    )


def at_once(action: ActionView, plan: Plan, account: PublicAccount) -> Any:
    """Where all of the money goes out in one payment and is paid back."""
    payout = next((found for found in account.payouts if found.cause.startswith("disbursement-")), None)
    amount = format_money(payout.amount, action.currency) if payout else ""
    if action.state == "delivered":
        return _(
            "Delivered: %(amount)s was paid out, and all of it was paid back. The page stays as the public "
            "account.",
            amount=amount,
        )
    claimed = next((step for step in plan.milestones if step.state == "claimed"), None)
    if claimed is not None and claimed.vote_ends_at is not None:
        return voting(claimed, claimed.vote_ends_at)
    if payout is None:
        return _("The pledges are being collected. Then all of the money goes out in one payment.")
    if payout.state == "paid":
        return _("%(amount)s was paid out. It is over once all of it is paid back.", amount=amount)
    if payout.state == "proposed":
        return _("%(amount)s goes out in one payment once a second person approves it.", amount=amount)
    return _("%(amount)s is on its way, in one payment.", amount=amount)


def without_money(action: ActionView, plan: Plan) -> Any:
    """Where nothing was collected: hours, things, subscriptions."""
    if action.state == "delivered":
        return _("Delivered: every step is accepted. The page stays as the public account.")
    if action.state == "stopped":
        return _("The action was stopped. What people promised has lapsed, and nobody owes anything.")
    claimed = next((step for step in plan.milestones if step.state == "claimed"), None)
    if claimed is not None and claimed.vote_ends_at is not None:
        return voting(claimed, claimed.vote_ends_at)
    planned = next((step for step in plan.milestones if step.state == "planned"), None)
    if planned is None:
        return _("Every step is accepted. It is over once everybody has done what they promised.")
    return _(
        "The organizer works on step %(position)d, “%(title)s”, with everybody who promised to help. When it "
        "is done they show evidence here.",
        position=planned.position,
        title=planned.title,
    )


def voting(step: MilestoneView, until: datetime) -> Any:
    return _(
        "Backers are voting on step %(position)d until %(moment)s; silence accepts.",
        position=step.position,
        moment=moment(until),
    )


def stopped(account: PublicAccount) -> Any:
    figures = account.figures
    if figures.refunds_due:
        return _(
            "The action was stopped. %(amount)s is on its way back to the backers, each in proportion to "
            "what they gave.",
            amount=format_money(figures.refunds_due, figures.currency),
        )
    if figures.refunded:
        return _(
            "The action was stopped, and %(amount)s went back to the backers, each in proportion to what "
            "they gave.",
            amount=format_money(figures.refunded, figures.currency),
        )
    return _("The action was stopped. All of the money had been paid out, so there is nothing to give back.")


def underway(plan: Plan, account: PublicAccount) -> Any:
    """Whoever is to move next: backers who vote, somebody who approves, or the organizer."""
    claimed = next((step for step in plan.milestones if step.state == "claimed"), None)
    if claimed is not None and claimed.vote_ends_at is not None:
        return voting(claimed, claimed.vote_ends_at)
    planned = next((step for step in plan.milestones if step.state == "planned"), None)
    unpaid = next((payout for payout in account.payouts if payout.state != "paid"), None)
    if unpaid is not None:
        return waiting_payout(unpaid, planned, account.figures.currency)
    if planned is None:
        return _("Every step is accepted; the last payout is being prepared.")
    return _(
        "The organizer works on step %(position)d, “%(title)s”. When it is done they show evidence here, "
        "and the backers vote on paying for it.",
        position=planned.position,
        title=planned.title,
    )


def waiting_payout(payout: PayoutView, planned: MilestoneView | None, currency: str) -> Any:
    amount = format_money(payout.amount, currency)
    sentence = {
        "proposed": _(
            "Step %(position)d is accepted; its %(amount)s goes out once a second person approves it.",
            position=payout.position,
            amount=amount,
        ),
        "failed": _(
            "Step %(position)d is accepted, but its %(amount)s could not be paid out; it is tried again.",
            position=payout.position,
            amount=amount,
        ),
    }.get(
        payout.state,
        _(
            "Step %(position)d is accepted; its %(amount)s is on its way.",
            position=payout.position,
            amount=amount,
        ),
    )
    if planned is None:
        return sentence
    return sentence + " " + _("Step %(position)d comes next.", position=planned.position)
