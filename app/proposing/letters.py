"""Letters to members about a proposal: it is put, the vote is open, this was decided."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.models import Petition
from app.web.formatting import moment, number
from app.web.links import absolute

from .models import Proposal
from .voting import ballot_address

LONGEST_EXCERPT = 400


def page_link(proposal: Proposal) -> tuple[str, str]:
    return _("Read the proposal"), absolute("proposing.show", proposal_id=proposal.id)


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_EXCERPT else words[:LONGEST_EXCERPT].rstrip() + " …"


def proposal_put(*, petition: Petition, proposal: Proposal) -> Draft:
    """The notice: what is proposed, and when the vote is."""
    return Draft(
        subject=_("Notice of a vote: “%(proposal)s”", proposal=proposal.title),
        lines=[
            _("The members of “%(title)s” are asked to decide:", title=petition.title),
            excerpt(proposal.text),
            _(
                "The vote begins on %(opens)s and ends on %(ends)s. One member, one vote, whatever you paid.",
                opens=moment(proposal.opens_at),
                ends=moment(proposal.ends_at),
            ),
            _(
                "It counts if at least %(needed)s of %(voters)s members vote; otherwise nothing is decided.",
                needed=number(proposal.needed),
                voters=number(proposal.voters),
            ),
        ],
        link=page_link(proposal),
        after=[_("You need not do anything now: a letter with your ballot comes when the vote begins.")],
    )


def vote_open(*, petition: Petition, proposal: Proposal, person: Person) -> Draft:
    """The ballot."""
    return Draft(
        subject=_("Your ballot: “%(proposal)s”", proposal=proposal.title),
        lines=[
            _("The members of “%(title)s” are voting now:", title=petition.title),
            excerpt(proposal.text),
            _(
                "Vote by %(ends)s. The ballot is secret, and nobody sees a count before the end. You get a "
                "receipt, with which you find your own ballot in the published list.",
                ends=moment(proposal.ends_at),
            ),
        ],
        link=(_("Open my ballot"), ballot_address(proposal.id, person.id)),
        after=[
            _("The link is yours alone: whoever has it can vote in your place. Do not forward this letter.")
        ],
        more_links=[page_link(proposal)],
    )


def vote_decided(*, petition: Petition, proposal: Proposal) -> Draft:
    """What was decided, and where everybody can count again."""
    result = proposal.result
    if result is None:
        raise ValueError(f"proposal {proposal.id} is not decided")
    verdicts = {
        "accepted": _("The members accepted “%(proposal)s”.", proposal=proposal.title),
        "rejected": _("The members rejected “%(proposal)s”.", proposal=proposal.title),
        "no_quorum": _("Too few members voted on “%(proposal)s”.", proposal=proposal.title),
    }
    lines = [
        verdicts[result.outcome],
        _(
            "%(yes)s voted yes, %(no)s no, %(abstain)s abstained; %(needed)s ballots were needed.",
            yes=number(result.yes),
            no=number(result.no),
            abstain=number(result.abstain),
            needed=number(result.needed),
        ),
    ]
    if result.outcome == "no_quorum":
        lines.append(_("So nothing is decided and everything stays as it is. It may be put to a vote again."))
    return Draft(
        subject=_("Decided: “%(proposal)s”", proposal=proposal.title),
        lines=lines,
        link=(_("See every ballot and count again"), absolute("proposing.show", proposal_id=proposal.id)),
        after=[_("This vote was about “%(title)s”.", title=petition.title)],
    )


def proposal_withdrawn(*, petition: Petition, proposal: Proposal) -> Draft:
    """The vote does not take place."""
    return Draft(
        subject=_("No vote: “%(proposal)s” was taken back", proposal=proposal.title),
        lines=[
            _(
                "The proposal “%(proposal)s” to the members of “%(title)s” was taken back before the vote.",
                proposal=proposal.title,
                title=petition.title,
            ),
            _("You need not do anything; nothing changes."),
        ],
        link=page_link(proposal),
    )
