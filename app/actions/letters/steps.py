"""Letters about the steps of the plan: claimed, voted on, paid out."""

from __future__ import annotations

from flask_babel import gettext as _

from app.actions.milestones import count_votes
from app.actions.models import Milestone, Payout
from app.actions.voting import vote_address, vote_at_once
from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.pledges.wording import pays_at_once
from app.web.formatting import format_money, moment, number
from app.web.links import absolute

from .parts import account_link, desk_link, has_payee, money_of, payee_link

LONGEST_EXCERPT = 400


def milestone_claimed(
    *, petition: Petition, milestone: Milestone, person: Person, let_go: bool = False
) -> Draft:
    """To a backer: look at the evidence and vote; saying nothing accepts."""
    lines = [
        _(
            "The organizer of “%(title)s” says that step %(position)d, “%(step)s”, is done:",
            title=petition.title,
            position=milestone.position,
            step=milestone.title,
        ),
        excerpt(milestone.evidence or ""),
        vote_at_once(petition, let_go=let_go)
        or _(
            "Is it? If the backers accept, %(share)d%% of the money is paid out. If more reject than accept, "
            "the action stops, and what has not been paid out comes back to all of you.",
            share=milestone.share,
        ),
    ]
    after = [_("One person, one vote, whatever you gave. You can change it until the end.")]
    if milestone.vote_ends_at is not None:
        after.insert(
            0,
            _(
                "The vote ends on %(moment)s. If you do nothing, you accept.",
                moment=moment(milestone.vote_ends_at),
            ),
        )
    return Draft(
        subject=_(
            "Your vote: is step %(position)d of “%(title)s” done?",
            position=milestone.position,
            title=petition.title,
        ),
        lines=[line for line in lines if line],
        link=(_("Look at the evidence and vote"), vote_address(milestone.id, person.id)),
        after=after,
        more_links=[account_link(petition)],
    )


def milestone_due(*, petition: Petition, milestone: Milestone) -> Draft:
    """To the organizer, on the day for which the step was promised and while nothing was shown of it."""
    named = {"position": milestone.position, "title": petition.title}
    return Draft(
        subject=_("Step %(position)d is expected today: “%(title)s”", **named),
        lines=[
            _(
                "You promised step %(position)d of “%(title)s”, “%(step)s”, for today. Its backers see that "
                "day on the page and in their calendars.",
                step=milestone.title,
                **named,
            ),
            _("Is it done? Show the backers what there is, and they vote on it."),
        ],
        link=desk_link(petition),
        after=[
            _("Not yet? Write an update and say why. From tomorrow on the page says that the step is late.")
        ],
    )


def excerpt(text: str) -> str:
    """The beginning of the organizer's words, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_EXCERPT else words[:LONGEST_EXCERPT].rstrip() + " …"


def result_of(votes: tuple[int, int]) -> str:
    """How the backers voted: so many for it, so many against."""
    accepted, rejected = votes
    if not accepted + rejected:
        return str(_("Nobody voted, and silence accepts."))
    return str(
        _(
            "%(accepted)s voted for it, %(rejected)s against.",
            accepted=number(accepted),
            rejected=number(rejected),
        )
    )


def milestone_accepted_for_organizer(
    *, petition: Petition, milestone: Milestone, votes: tuple[int, int], payout: Payout | None = None
) -> Draft:
    """The step counts; what happens with its money."""
    lines = [
        _(
            "The backers of “%(title)s” accepted step %(position)d, “%(step)s”.",
            title=petition.title,
            position=milestone.position,
            step=milestone.title,
        ),
        result_of(votes),
    ]
    if payout is not None:
        lines.append(
            _(
                "%(amount)s goes out once a second person has approved it. You get a letter when it is paid.",
                amount=format_money(payout.amount, payout.currency),
            )
        )
    payee = has_payee(petition)
    return Draft(
        subject=_(
            "Step %(position)d is accepted: “%(title)s”", position=milestone.position, title=petition.title
        ),
        lines=lines,
        link=desk_link(petition) if payee else payee_link(),
        after=[] if payee else [_("Name the account first: without it nothing can be paid out.")],
        more_links=[account_link(petition)],
    )


def milestone_accepted_for_backer(
    *, petition: Petition, milestone: Milestone, votes: tuple[int, int]
) -> Draft:
    """To a backer: how the vote ended."""
    step = {"position": milestone.position, "step": milestone.title}
    at_once = any(pays_at_once(threshold.kind) for threshold in petition.pledge_thresholds)
    return Draft(
        subject=_(
            "Step %(position)d is accepted: “%(title)s”", position=milestone.position, title=petition.title
        ),
        lines=[
            _("Step %(position)d, “%(step)s”, is accepted.", **step)
            if at_once
            else _(
                "Step %(position)d, “%(step)s”, is accepted, and %(share)d%% of the money goes to the "
                "organizer.",
                share=milestone.share,
                **step,
            ),
            result_of(votes),
        ],
        link=account_link(petition),
        after=[] if at_once else [_("The rest stays in escrow until the next step is done and accepted.")],
    )


def milestone_rejected_for_organizer(
    *, petition: Petition, milestone: Milestone, votes: tuple[int, int], let_go: bool = False
) -> Draft:
    """The backers said no: the action stops, unless all of the money is owed in any case."""
    return Draft(
        subject=_(
            "Step %(position)d was rejected: “%(title)s”", position=milestone.position, title=petition.title
        ),
        lines=[
            _(
                "The backers of “%(title)s” rejected step %(position)d, “%(step)s”.",
                title=petition.title,
                position=milestone.position,
                step=milestone.title,
            ),
            result_of(votes),
            _("The money that was paid out to you is owed all the same: pay it back by the schedule.")
            if let_go
            else _(
                "The action stops here. What has not been paid out goes back to the backers; "
                "you keep earlier payouts."
            ),
        ],
        link=account_link(petition),
        after=[_("Write to your supporters and say what you could not show. It is what they remember.")],
        more_links=[desk_link(petition)],
    )


def milestone_rejected_for_backer(
    *, petition: Petition, milestone: Milestone, pledge: Pledge, votes: tuple[int, int], let_go: bool = False
) -> Draft:
    """To a backer: the action stops, and their part of the rest comes back; a loan goes on."""
    step = {"position": milestone.position, "step": milestone.title}
    return Draft(
        subject=_(
            "Step %(position)d was rejected: “%(title)s”", position=milestone.position, title=petition.title
        ),
        lines=[
            _("The backers rejected step %(position)d, “%(step)s”.", **step)
            if let_go
            else _("The backers rejected step %(position)d, “%(step)s”, so the action stops.", **step),
            result_of(votes),
            _("The loan goes on: the borrower owes you your part of it all the same.")
            if let_go
            else _(
                "You gave %(amount)s. Your part of what has not been paid out comes back to you; a letter "
                "with the exact amount follows.",
                amount=money_of(pledge.captured, pledge),
            ),
        ],
        link=account_link(petition),
        after=[_("You need not do anything.")],
    )


def payout_proposed(*, petition: Petition, milestone: Milestone | None, payout: Payout) -> Draft:
    """To a moderator: somebody other than the organizer must approve."""
    return Draft(
        subject=_(
            "A payout waits for you: %(amount)s",
            amount=format_money(payout.amount, payout.currency),
        ),
        lines=[
            *reason_to_pay(petition, milestone),
            _(
                "%(amount)s is to go to the organizer. It needs a second person: look at the evidence, then "
                "approve it.",
                amount=format_money(payout.amount, payout.currency),
            ),
        ],
        link=(_("Open the payouts"), absolute("moderation.payouts")),
        after=[_("Nothing is paid before that. Whoever organizes the action cannot approve it.")],
        more_links=[account_link(petition)],
    )


def reason_to_pay(petition: Petition, milestone: Milestone | None) -> list[str]:
    """Why money goes out: a step was accepted, or all of it goes out at once."""
    if milestone is None:
        return [
            _(
                "Everything that was collected for “%(title)s” is there, and goes out at once.",
                title=petition.title,
            )
        ]
    accepted = _(
        "The backers of “%(title)s” accepted step %(position)d, “%(step)s”.",
        title=petition.title,
        position=milestone.position,
        step=milestone.title,
    )
    return [accepted, result_of(count_votes(milestone.id))]


def payout_paid(*, petition: Petition, milestone: Milestone | None, payout: Payout) -> Draft:
    """To the organizer: the money is out."""
    return Draft(
        subject=_(
            "%(amount)s was paid out: “%(title)s”",
            amount=format_money(payout.amount, payout.currency),
            title=petition.title,
        ),
        lines=[
            _(
                "%(amount)s for step %(position)d, “%(step)s”, has been sent to your account.",
                amount=format_money(payout.amount, payout.currency),
                position=milestone.position,
                step=milestone.title,
            )
            if milestone
            else _(
                "%(amount)s has been sent to your account.",
                amount=format_money(payout.amount, payout.currency),
            ),
            _("Banks need up to two working days. The public account shows the payout already."),
        ],
        link=desk_link(petition),
        more_links=[account_link(petition)],
    )


def payout_failed(*, petition: Petition, milestone: Milestone | None, payout: Payout) -> Draft:
    """To the organizer: the account must be mended; nothing is lost."""
    reasons = {
        "account_closed": _("The bank says that the account is closed."),
        "unknown_payee": _("The bank does not know the account."),
    }
    return Draft(
        subject=_(
            "%(amount)s could not be paid out: “%(title)s”",
            amount=format_money(payout.amount, payout.currency),
            title=petition.title,
        ),
        lines=[
            _(
                "We tried to send %(amount)s for step %(position)d, “%(step)s”, and it did not arrive.",
                amount=format_money(payout.amount, payout.currency),
                position=milestone.position,
                step=milestone.title,
            )
            if milestone
            else _(
                "We tried to send %(amount)s to your account, and it did not arrive.",
                amount=format_money(payout.amount, payout.currency),
            ),
            reasons.get(payout.failure or "", _("The bank did not accept it.")),
            _("Nothing is lost. Check the account or name another one; the payout is tried again by itself."),
        ],
        link=payee_link(),
        more_links=[account_link(petition)],
    )
