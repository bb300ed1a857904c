"""Voting by letter: the link that carries one backer's vote on one step."""

from __future__ import annotations

from flask_babel import gettext as _

from app.db import db
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.wording import pays_at_once
from app.web.links import absolute
from app.web.tokens import make_token, read_token

from .models import Milestone

PURPOSE = "vote"


def vote_at_once(petition: Petition, *, let_go: bool) -> str | None:
    """What a vote does where all of the money goes out in one payment; None where it goes step by step.

    ``let_go`` is whether a second person has approved that payment.
    """
    if not any(pays_at_once(threshold.kind) for threshold in petition.pledge_thresholds):
        return None
    sentence = (
        _(
            "The money has gone out in one payment and is owed to the backers, whatever comes of this vote. "
            "It says in public whether the step was done."
        )
        if let_go
        else _(
            "The money goes out in one payment, not step by step. If more reject than accept before a second "
            "person has let it go, the action stops and all of it goes back to the backers."
        )
    )
    return str(sentence)


def vote_token(milestone_id: str, person_id: str) -> str:
    """What the link in a backer's letter carries."""
    return make_token(PURPOSE, [milestone_id, person_id])


def vote_address(milestone_id: str, person_id: str) -> str:
    """The address in the letter: it opens the page, and opening changes nothing."""
    return absolute("actions.vote_link", token=vote_token(milestone_id, person_id))


def vote_of(token: str) -> tuple[Milestone, Person] | None:
    """The step and the person a link speaks of, or None when it is not ours, or the person was erased."""
    content = read_token(PURPOSE, token)
    if not isinstance(content, list) or len(content) != 2:
        return None
    milestone, person = db.session.get(Milestone, content[0]), db.session.get(Person, content[1])
    if milestone is None or person is None or person.erased_at is not None:
        return None
    return milestone, person
