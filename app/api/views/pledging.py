"""Pledging on a partner's site: the letter confirms it, and nobody is charged before the firing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Response
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import clock
from app.api.asking import bearer, needs
from app.api.once import answer_once, kept_answer, name_of_request
from app.api.reading import Body, Errors, Sort, fields_of, language_of, read_json
from app.api.tokens import note_use
from app.api.writing import as_json
from app.db import db
from app.errors import Refusal
from app.payments.door import SavedMethod
from app.payments.saving import save_script_token
from app.petitions.models import Petition
from app.petitions.reading import public_petition
from app.pledges import kinds
from app.pledges.allowing import PledgeWish, why_closed
from app.pledges.amounts import MOST, major_text
from app.pledges.forms import PledgeForm
from app.pledges.pledge_views import wish_of
from app.pledges.pledging import make
from app.pledges.wording import next_step

from . import blueprint
from .signing import accepted, errors_of, refuse_fields, typed

SORTS: dict[str, Sort] = {
    "kind": "text",
    "amount": "whole",
    "currency": "text",
    "tip": "whole",
    "name": "text",
    "email": "text",
    "hide_name": "flag",
    "terms": "texts",
    "payment_method": "text",
    "language": "text",
    "consent": "flag",
}


@blueprint.post("/petitions/<slug>/pledges")
@needs("pledge")
def make_pledge(slug: str) -> Response:
    """Record a pledge that waits for its letter's button and for a payment method."""
    body = read_json()
    petition = db.session.get_one(Petition, public_petition(slug).id)
    named = name_of_request(bearer().token_id, body, required=True)
    if (text := kept_answer(named)) is not None:
        return accepted(text, repeated=True)
    if closed := why_closed(petition, clock.now()):
        raise Refusal(closed, status=409)
    form = PledgeForm(written(body, petition), petition=petition)
    if errors := errors_of(body, SORTS, form, said_of) | unknown_terms(body, form):
        return refuse_fields(errors)
    wish = replace(wish_of(form), locale=language_of(body))
    try:
        saved = save_script_token(form.payment_method.data)
        text, repeated = answer_once(named, partial(record, petition.id, wish, named.pledge_key, saved))
    except Refusal as refusal:
        if refusal.field is None or refusal.status != 422:
            raise
        form.refuse(refusal)
        return refuse_fields(said_of(form))
    return accepted(text, repeated=repeated)


def written(body: Body, petition: Petition) -> MultiDict[str, str]:
    """The body as the form's fields: amounts of money in major units, the kind's own terms beside them."""
    terms = body.get("terms")
    fields: MultiDict[str, str] = MultiDict()
    if isinstance(terms, dict):
        fields.update({name: text for name, text in terms.items() if isinstance(text, str)})
    for name in PledgeForm(petition=petition):
        fields.pop(name.name, None)
    fields.update(typed(body, SORTS))
    named = petition.threshold_of(body["kind"]) if isinstance(body.get("kind"), str) else None
    threshold = named or next(iter(petition.pledge_thresholds), None)
    kind = kinds.find(threshold.kind) if threshold else None
    if threshold is not None and kind is not None:
        in_money = kind.asks_for(threshold.terms) == "money"
        put_amount(fields, body, "amount", petition.currency if in_money else None)
        put_amount(fields, body, "tip", petition.currency)
    return fields


def put_amount(fields: MultiDict[str, str], body: Body, name: str, currency: str | None) -> None:
    """An amount as the form takes it: minor units of ``currency`` in major ones, else the bare number."""
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = max(-1, min(value, MOST + 1))
        fields[name] = major_text(value, currency) if currency else str(value)


def unknown_terms(body: Body, form: PledgeForm) -> Errors:
    """The form's own fields are no terms."""
    terms = body.get("terms")
    named = [name for name in terms if name in form._fields] if isinstance(terms, dict) else []
    return {f"terms.{name}": [_("There is no such field here.")] for name in named}


def said_of(form: PledgeForm) -> Errors:
    """The form's sentences by the body's fields: what belongs to the kind's own stands under ``terms``."""
    names = {"choice": "amount", "key": "form"}
    said: Errors = {}
    for name, sentences in fields_of(form).items():
        said.setdefault(names.get(name, name), []).extend(sentences)
    return said | {f"terms.{name}": [sentence] for name, sentence in form.wrong.items()}


def record(petition_id: str, wish: PledgeWish, key: str, saved: SavedMethod | None) -> str:
    note_use(bearer().token_id)
    pledge = make(petition_id, wish, idempotency_key=key, saved=saved)
    petition = db.session.get_one(Petition, petition_id)
    return as_json(
        {
            "petition": petition.slug,
            "state": pledge.state,
            "kind": pledge.kind,
            "measure": pledge.measure,
            "amount": pledge.amount,
            "currency": pledge.currency,
            "cost": pledge.cost,
            "tip": pledge.tip,
            "terms": pledge.mandate,
            "next": next_step(pledge, petition, open_now=True),
        }
    )
