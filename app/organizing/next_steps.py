"""The next best thing an organizer can do: one sentence and one link for every state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.actions.models import Milestone
from app.petitions.reasons import rejection_sentence
from app.petitions.thresholds import all_hold, holds
from app.pledges.allowing import unsigned
from app.pledges.wording import counted, pays_at_once, takes_money
from app.web.formatting import day, moment, number

from .loading import Progress
from .tallies import needed_per_day

BOTH = 2
"""Thresholds of a petition that asks for signatures and one kind of pledge."""


@dataclass(frozen=True)
class NextStep:
    """What happens now, and the one thing worth doing; ``href`` is None when there is nothing to do."""

    sentence: str
    label: str | None = None
    href: str | None = None


def next_step(progress: Progress) -> NextStep:
    """What this petition's organizer should know and do now."""
    if progress.action is not None:
        return step_of_action(progress)
    petition = progress.petition
    if petition.state in {"sponsoring", "moderation", "open"} and "loan" in unsigned(petition):
        return NextStep(
            _("Sign the schedule you pay back by. Until then it cannot open, and nobody can lend."),
            _("Read and sign the schedule"),
            url_for("lending.borrower", slug=petition.slug),
        )
    steps = {
        "sponsoring": while_sponsoring,
        "moderation": while_moderated,
        "rejected": once_rejected,
        "open": while_open,
        "hidden": while_hidden,
        "removed": once_removed,
        "closed": once_closed,
    }
    found = steps.get(petition.state)
    return found(progress) if found else NextStep(_("Nothing more happens here. The page stays as archive."))


def to(progress: Progress, endpoint: str, **values: Any) -> str:
    return url_for(f"organizing.{endpoint}", slug=progress.petition.slug, **values)


def while_sponsoring(progress: Progress) -> NextStep:
    petition = progress.petition
    missing = max(1, petition.sponsors_needed - petition.signatures.tally)
    return NextStep(
        ngettext(
            "%(num)d more sponsor and it goes to review.",
            "%(num)d more sponsors and it goes to review.",
            missing,
        ),
        _("Share the private link"),
        to(progress, "petition", _anchor="sponsors"),
    )


def while_moderated(progress: Progress) -> NextStep:
    return NextStep(
        _("A moderator is reading it. You get a letter with the decision."),
        _("Correct the wording"),
        to(progress, "edit"),
    )


def once_rejected(progress: Progress) -> NextStep:
    reason = rejection_sentence(progress.petition.rejection)
    return NextStep(
        _("It was not published. %(reason)s", reason=reason),
        _("Start again with a new petition"),
        url_for("organizing.new"),
    )


def while_hidden(progress: Progress) -> NextStep:
    return NextStep(
        _("A moderator has hidden it while something is looked into. Nothing is lost; you get a letter.")
    )


def once_removed(_progress: Progress) -> NextStep:
    return NextStep(_("A moderator has taken it down for good."))


def while_open(progress: Progress) -> NextStep:
    petition = progress.petition
    if petition.window_ends_at is not None:
        return NextStep(
            _(
                "Every threshold holds. It becomes an action on %(moment)s if they still hold then.",
                moment=moment(petition.window_ends_at),
            ),
            _("Tell the supporters"),
            to(progress, "updates"),
        )
    return NextStep(pace(progress), _("Share the petition"), to(progress, "petition", _anchor="share"))


def pace(progress: Progress) -> str:
    """What every remaining day must bring."""
    petition = progress.petition
    signatures = petition.signatures
    missing = [threshold for threshold in petition.pledge_thresholds if not holds(threshold)]
    each_day = number(needed_per_day(petition, signatures))
    amount = ", ".join(counted(threshold, needed_per_day(petition, threshold)) for threshold in missing)
    if all_hold(petition.thresholds):
        sentence = _("Every threshold holds.")
    elif holds(signatures):
        sentence = _(
            "Signatures are there. %(amount)s of pledges a day reach the goal in time.", amount=amount
        )
    elif not missing and not takes_money(petition.pledge_thresholds):
        sentence = _(
            "The pledges are there. %(number)s signatures a day reach the target in time.", number=each_day
        )
    elif not missing:
        sentence = _(
            "The money is there. %(number)s signatures a day reach the target in time.", number=each_day
        )
    elif len(petition.thresholds) > BOTH:
        sentence = _(
            "%(number)s signatures and %(amount)s of pledges a day reach every threshold in time.",
            number=each_day,
            amount=amount,
        )
    else:
        sentence = _(
            "%(number)s signatures and %(amount)s of pledges a day reach both thresholds in time.",
            number=each_day,
            amount=amount,
        )
    return str(sentence)


def once_closed(progress: Progress) -> NextStep:
    petition = progress.petition
    if not takes_money(petition.pledge_thresholds):
        sentence = _("The deadline passed before everything came together. Every promise has lapsed.")
    elif len(petition.thresholds) > BOTH:
        sentence = _("The deadline passed before every threshold held. Nobody was charged.")
    else:
        sentence = _("The deadline passed before both thresholds held. Nobody was charged.")
    return NextStep(
        sentence,
        _("Tell the supporters what comes next"),
        to(progress, "updates"),
    )


def step_of_action(progress: Progress) -> NextStep:
    action = progress.action
    assert action is not None  # noqa: S101 - the caller has looked
    news = (_("Tell the backers"), to(progress, "updates"))
    if action.state == "collecting":
        return NextStep(
            _("Pledges are being reserved, at the latest until %(day)s.", day=day(action.collect_until)),
            *news,
        )
    if action.state == "underway":
        return step_underway(progress)
    sentences = {
        "delivered": _("All of it is paid back. The action is delivered.")
        if pays_at_once(action.kind)
        else _("Every step is accepted. The action is delivered."),
        "released": _("Too little could be reserved. Everything was released and nobody paid."),
        "stopped": _("The backers stopped it. What was left goes back to them."),
        "orphaned": _("The backers have waited too long for a sign of life."),
    }
    return NextStep(sentences[action.state], *news)


def step_underway(progress: Progress) -> NextStep:
    claimed = next((m for m in progress.milestones if m.state == "claimed"), None)
    if not progress.has_payee and takes_money(progress.petition.pledge_thresholds):
        return NextStep(
            _("The money is collected. Say which account payouts go to."),
            _("Name the account"),
            url_for("organizing.payee"),
        )
    if claimed is not None and claimed.vote_ends_at is not None:
        return NextStep(
            _(
                "Backers are voting on step %(position)d until %(moment)s.",
                position=claimed.position,
                moment=moment(claimed.vote_ends_at),
            )
        )
    if progress.action is not None and pays_at_once(progress.action.kind):
        return step_at_once(progress)
    planned = next((m for m in progress.milestones if m.state == "planned"), None)
    if planned is None:
        if not progress.payouts:
            return NextStep(_("Every step is accepted. It is over once everybody has done their part."))
        return NextStep(_("Every step is accepted. The last payout is on its way."))
    return NextStep(
        work_on(progress, planned),
        _("Claim step %(position)d", position=planned.position),
        to(progress, "claim", milestone_id=planned.id),
    )


def step_at_once(progress: Progress) -> NextStep:
    """All of the money goes out in one payment, and is paid back."""
    page = url_for("lending.borrower", slug=progress.petition.slug)
    if any(payout.paid_at and payout.cause.startswith("disbursement-") for payout in progress.payouts):
        sentence = _("The money was paid out to you. Pay it back by the schedule you signed.")
        return NextStep(sentence, _("Pay back"), page)
    sentence = _(
        "A second person approves the payout. Your first instalment is counted from the day the money leaves."
    )
    return NextStep(sentence, _("Open my loan"), page)


def work_on(progress: Progress, planned: Milestone) -> str:
    """What the next step asks of its organizer, and by when it was promised."""
    named = {"position": planned.position, "title": planned.title}
    if planned.due_on is None:
        return str(_("Do step %(position)d: %(title)s. Then show the backers.", **named))
    named["day"] = day(planned.due_on)
    if progress.is_late(planned):
        return str(
            _(
                "Step %(position)d, %(title)s, was expected by %(day)s and is late since then. Show the "
                "backers what is done, or write them why it takes longer.",
                **named,
            )
        )
    return str(_("Do step %(position)d by %(day)s: %(title)s. Then show the backers.", **named))
