"""What would become of it: a page to try out, which changes nothing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import ValidationError

from app.db import db
from app.money import NotMoney, parse_major, to_major
from app.organizing.fields import WholeNumberField
from app.organizing.loading import own_petition
from app.organizing.what_if import Asked, Given, Scenario, scenarios_of
from app.petitions.models import Petition
from app.pledges import kinds
from app.pledges.kinds.base import Held, Impossible, Promise
from app.pledges.models import COUNTING, Pledge
from app.pledges.wording import SPEECH, offer_of, takes_money
from app.web.amounts import money_problem
from app.web.forms import DureForm, tidy
from app.web.guards import person_required

from . import blueprint

MONEY = ("part", "reserve", "surplus")
ASKS = {
    "loan": ("months", "part", "reserve"),
    "share": ("surplus", "use"),
    "deed": ("others",),
}
"""What is asked of the organizer beside the cards that fail, by kind."""


class WhatIfForm(DureForm):
    """What to try out; an empty sum of money is none."""

    failing = WholeNumberField(
        _l("Cards that fail, in per cent"), least=0, most=90, required=_l("Write a number.")
    )
    months = WholeNumberField(
        _l("Instalments the borrower pays"), least=0, most=120, required=_l("Write a number.")
    )
    part = StringField(_l("And a part of the next one"), filters=[tidy])
    reserve = StringField(_l("A reserve for losses"), filters=[tidy])
    surplus = StringField(_l("Surplus of a year"), filters=[tidy])
    use = WholeNumberField(
        _l("One member's part of all use, in per cent"), least=0, most=100, required=_l("Write a number.")
    )
    others = WholeNumberField(
        _l("More people who promise"), least=1, most=100_000, required=_l("Write a number.")
    )

    def __init__(self, given: Any, *, currency: str) -> None:
        self.currency = currency
        super().__init__(given)
        self.minor: dict[str, int] = {}
        for field in self:
            field.flags.required = field.name not in MONEY

    def validate_part(self, field: Any) -> None:
        text = field.data or ""
        try:
            self.minor[field.name] = 0 if text in {"", "0"} else parse_major(text, self.currency)
        except NotMoney as error:
            raise ValidationError(money_problem(error, self.currency)) from error

    validate_reserve = validate_surplus = validate_part

    def asked(self) -> Asked:
        """What a valid form asks for."""
        return Asked(
            failing=self.failing.number or 0,
            months=self.months.number or 0,
            use=self.use.number or 0,
            others=self.others.number or 1,
            **self.minor,
        )


@blueprint.get("/desk/<slug>/what-if")
@person_required
def what_if(slug: str) -> Response:
    """The kinds' own rules, tried out on the pledges there are."""
    petition = own_petition(slug)
    currency = petition.currency or "KRW"
    form = WhatIfForm(MultiDict(starts(currency) | request.args.to_dict()), currency=currency)
    answers: list[tuple[str, list[Scenario]]] = []
    fine = form.validate()
    if fine:
        try:
            answers = [
                (given.kind.label(SPEECH), scenarios_of(given, form.asked())) for given in givens_of(petition)
            ]
        except Impossible:
            form.part.errors = [_("That is more than the borrower still owes.")]
    page = render_template(
        "organizing/what_if.html",
        petition=petition,
        form=form,
        asked=[form[name] for name in asks_of(petition)],
        answers=answers,
    )
    return make_response(page, 422 if form.errors else 200)


def starts(currency: str) -> dict[str, str]:
    """What the form holds before anything was asked."""
    first = Asked()
    return {
        "failing": str(first.failing),
        "months": str(first.months),
        "part": "",
        "reserve": "",
        "surplus": f"{to_major(1_000_000, currency):,f}",
        "use": str(first.use),
        "others": str(first.others),
    }


def asks_of(petition: Petition) -> list[str]:
    """The fields that matter for what this petition offers."""
    cards = ["failing"] if has_cards(petition) else []
    return cards + [name for threshold in petition.pledge_thresholds for name in ASKS.get(threshold.kind, ())]


def has_cards(petition: Petition) -> bool:
    """Whether any card is charged here, at the firing or month by month."""
    return takes_money(petition.pledge_thresholds)


def givens_of(petition: Petition) -> list[Given]:
    """Every offer of a petition with the pledges that count for it, in order."""
    found = []
    for threshold in petition.pledge_thresholds:
        kind = kinds.find(threshold.kind)
        if kind is not None:
            found.append(Given(kind, offer_of(petition, kind.name), pledges_for(petition.id, kind.name)))
    return found


def pledges_for(petition_id: str, kind: str) -> tuple[Held, ...]:
    rows = db.session.execute(
        sa.select(Pledge.id, Pledge.email_key, Pledge.amount, Pledge.currency, Pledge.terms)
        .where(Pledge.petition_id == petition_id, Pledge.kind == kind, Pledge.state.in_(COUNTING))
        .order_by(Pledge.ready_at, Pledge.id)
    )
    return tuple(Held(row.id, row.email_key, Promise(row.amount, row.currency, row.terms)) for row in rows)
