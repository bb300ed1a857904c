"""The forms of the ballot and of the search for it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from app.db import new_id
from app.errors import Refusal
from app.web.forms import DureForm, one_line, tidy

from .reading import ProposalView
from .rules import CHOICES
from .voting import normal

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
