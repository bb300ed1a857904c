"""Casting a ballot: once, secret, with a receipt that only its voter has."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.db import db, insert_unless_there, lock
from app.errors import Refusal
from app.people.models import Person
from app.web.links import absolute
from app.web.tokens import make_token, read_token

from .counting import close
from .models import Ballot, Proposal, Voter
from .rules import CHOICES

PURPOSE = "ballot"
RECEIPT_BYTES = 10


def cast(proposal_id: str, person_id: str, choice: str, key: str) -> str:
    """Put one ballot into the box and return its receipt; the same ``key`` again returns the same receipt.

    Nothing stored ties the person to the ballot: the receipt follows from ``key``, which the voter's form
    alone holds. The last vote of all ends the vote.

    Raises:
        Refusal: not a member at the time, not open, no such choice, or voted already.
    """
    proposal = lock(Proposal, proposal_id)
    voter = db.session.get(Voter, (proposal_id, person_id))
    if voter is None:
        raise Refusal(_("Only people who were members when the proposal was put can vote on it."), status=403)
    if choice not in CHOICES:
        raise Refusal(_("Choose yes, no or abstain."), field="choice")
    receipt = receipt_of(proposal_id, person_id, key)
    if voter.voted:
        if db.session.get(Ballot, (proposal_id, receipt)) is not None:
            return receipt
        raise Refusal(
            _("You have voted already. A ballot cannot be changed: nobody can tell which one is yours."),
            status=409,
        )
    refuse_unless_open(proposal)
    taken: Any = db.session.execute(
        sa.update(Voter)
        .where(Voter.proposal_id == proposal_id, Voter.person_id == person_id, Voter.voted.is_(False))
        .values(voted=True)
    )
    ballot = {"proposal_id": proposal_id, "receipt": receipt, "choice": choice}
    if taken.rowcount != 1 or not insert_unless_there(Ballot, ballot):
        raise Refusal(_("This form has been used before. Open the page again and vote there."), status=409)
    if turnout(proposal_id) == proposal.voters:
        close(proposal)
    return receipt


def refuse_unless_open(proposal: Proposal) -> None:
    """Let a vote through between the opening and the end alone.

    Raises:
        Refusal: with the sentence that says why not.
    """
    sentences = {
        "notice": _("The vote has not begun. You get a letter when it does."),
        "withdrawn": _("The proposal was taken back."),
        "counting": _("The vote is over."),
        "decided": _("The vote is over."),
    }
    if proposal.phase in sentences:
        raise Refusal(sentences[proposal.phase], status=409)


def receipt_of(proposal_id: str, person_id: str, key: str) -> str:
    """Sixteen letters and digits that nobody can guess, the same for the same three."""
    secret = current_app.config["SECRET_KEY"].encode()
    said = f"ballot\0{proposal_id}\0{person_id}\0{key}".encode()
    return base64.b32encode(hmac.digest(secret, said, hashlib.sha256)[:RECEIPT_BYTES]).decode()


def spelled(receipt: str) -> str:
    """A receipt as people copy it: in groups of four."""
    return "-".join(re.findall("....", receipt))


def normal(text: str) -> str:
    """What somebody typed as a receipt, without its dashes and spaces, in capitals."""
    return re.sub(r"[\s\-–]", "", text).upper()


def turnout(proposal_id: str) -> int:
    """How many members have voted."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(Voter.proposal_id == proposal_id, Voter.voted.is_(True))
        )
        or 0
    )


def ballot_address(proposal_id: str, person_id: str) -> str:
    """The address in a member's letter: it opens the page, and opening changes nothing."""
    return absolute("proposing.ballot_link", token=make_token(PURPOSE, [proposal_id, person_id]))


def ballot_of(token: str) -> tuple[Proposal, Person] | None:
    """The proposal and the person a letter's link speaks of, or None when the link is not ours."""
    content = read_token(PURPOSE, token)
    if not isinstance(content, list) or len(content) != 2:
        return None
    proposal, person = db.session.get(Proposal, content[0]), db.session.get(Person, content[1])
    return (proposal, person) if proposal is not None and person is not None else None
