"""The ballot and the search for it: their forms, and what becomes of them."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from app.db import db, new_id, run_tx
from app.errors import Refusal
from app.petitions.models import Petition
from app.web.forms import DureForm, one_line, tidy

from .models import Proposal, Voter
from .reading import ProposalView
from .rules import CHOICES
from .voting import cast, normal, spelled

CHOOSE = _l("Choose yes, no or abstain.")


class BallotForm(DureForm):
    """Yes, no or abstain; ``key`` makes sending it twice one vote."""

    choice = RadioField(_l("Your vote"), validators=[DataRequired(CHOOSE)], validate_choice=False)
    key = HiddenField(
        validators=[
            DataRequired(_l("Open the page again and vote there.")),
            Length(max=64),
            Regexp(r"[0-9a-f-]+", message=_l("Open the page again and vote there.")),
        ]
    )

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        words = {"yes": _("Yes"), "no": _("No"), "abstain": _("Abstain")}
        self.choice.choices = [(choice, words[choice]) for choice in CHOICES]
        self.choice.flags.required = True
        if formdata is None:
            self.key.data = new_id()


class FindForm(DureForm):
    """The receipt of one's own ballot."""

    receipt = StringField(
        _l("Receipt of your ballot"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write the receipt you got when you voted.")),
            Length(max=40, message=_l("A receipt has sixteen letters and digits.")),
            one_line,
        ],
    )


def find_ballot(proposal: ProposalView, form: FindForm) -> tuple[str, str] | None:
    """(receipt, choice) of the ballot asked for; None with the sentence beside the field."""
    if not form.validate():
        return None
    receipt = normal(form.receipt.data or "")
    if proposal.phase != "decided":
        form.refuse(Refusal(_("The ballots are published when the vote is over."), field="receipt"))
        return None
    choice = dict(proposal.ballots).get(receipt)
    if choice is None:
        form.refuse(
            Refusal(
                _("There is no ballot with this receipt in this vote. Check each letter and digit."),
                field="receipt",
            )
        )
        return None
    return receipt, choice


def show_or_vote(proposal: Proposal, person_id: str, address: str, *, signed_in: bool) -> Response:
    """The ballot; a POST puts it into the box and answers with its receipt."""
    petition = db.session.get_one(Petition, proposal.petition_id)
    voter = db.session.get(Voter, (proposal.id, person_id))
    if not petition.is_public or voter is None:
        abort(404)
    receipt, status = None, 200
    if request.method == "POST":
        form: BallotForm = BallotForm.from_request()
        receipt, status = vote(proposal.id, person_id, form)
    else:
        form = BallotForm()
    page = render_template(
        "proposing/ballot.html",
        proposal=db.session.get_one(Proposal, proposal.id),
        petition=petition,
        voted=db.session.get_one(Voter, (proposal.id, person_id)).voted,
        form=form,
        receipt=spelled(receipt) if receipt else None,
        address=address,
        signed_in=signed_in,
    )
    return make_response(page, status)


def vote(proposal_id: str, person_id: str, form: BallotForm) -> tuple[str | None, int]:
    """Cast what the form says: the receipt and the status of the answer."""
    if not form.validate():
        return None, 422
    choice, key = form.choice.data, form.key.data or ""
    try:
        return run_tx(lambda: cast(proposal_id, person_id, choice, key)), 200
    except Refusal as refusal:
        form.refuse(refusal)
        return None, refusal.status
    finally:
        db.session.expire_all()
