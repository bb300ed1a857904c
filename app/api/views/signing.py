"""Signing on a partner's site: the letter and its button stay what makes a signature count."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.api.asking import bearer, needs, refuse_excess
from app.api.once import answer_once, kept_answer, name_of_request
from app.api.reading import Body, Errors, Sort, check_fields, fields_of, language_of, read_json
from app.api.tokens import note_use
from app.api.writing import JSON, as_json
from app.petitions.forms import SignForm
from app.petitions.reading import public_petition
from app.petitions.signing import SignatureWish, sign
from app.petitions.suspecting import is_flooded, sender_key
from app.web.errors import problem

from . import blueprint

SORTS: dict[str, Sort] = {
    "name": "text",
    "email": "text",
    "region": "text",
    "reason": "text",
    "hide_name": "flag",
    "language": "text",
    "consent": "flag",
}


@blueprint.post("/petitions/<slug>/signatures")
@needs("sign")
def make_signature(slug: str) -> Response:
    """Record a signature that waits for its letter's button; the answer is the same for every address."""
    body = read_json()
    petition = public_petition(slug)
    named = name_of_request(bearer().token_id, body, required=False)
    if (text := kept_answer(named)) is not None:
        return accepted(text, repeated=True)
    form = SignForm(typed(body, SORTS))
    if errors := errors_of(body, SORTS, form):
        return refuse_fields(errors)
    refuse_excess()
    wish = wish_from(form, language_of(body))
    text, repeated = answer_once(named, partial(record, petition.id, slug, wish))
    return accepted(text, repeated=repeated)


def wish_from(form: SignForm, locale: str) -> SignatureWish:
    """What a valid form asks for; it comes from a partner, whom many signers share."""
    email = form.email.data or ""
    return SignatureWish(
        name=form.name.data or "",
        email=email,
        region=form.region.data or "",
        locale=locale,
        reason=form.reason.data or "",
        hide_name=form.hide_name.data,
        network=sender_key(bearer().person_id),
        suspicious=is_flooded(email),
    )


def record(petition_id: str, slug: str, wish: SignatureWish) -> str:
    note_use(bearer().token_id)
    sign(petition_id, wish)
    return as_json(
        {
            "petition": slug,
            "state": "pending",
            "next": _("A letter is on its way. The signature counts once the button in it is pressed."),
        }
    )


def typed(body: Body, sorts: dict[str, Sort]) -> MultiDict[str, str]:
    """The fields as a form carries them; those of another sort are left out."""
    fields: MultiDict[str, str] = MultiDict()
    for name, sort in sorts.items():
        value = body.get(name)
        if sort == "text" and isinstance(value, str):
            fields[name] = value
        elif sort == "flag" and isinstance(value, bool):
            fields[name] = "true" if value else "false"
    return fields


def errors_of(
    body: Body, sorts: dict[str, Sort], form: Any, said: Callable[[Any], Errors] = fields_of
) -> Errors:
    """All that is wrong, by field: what the form has ``said``, unless the value was of another sort."""
    fine = form.validate()
    errors = check_fields(body, sorts)
    return errors if fine else said(form) | errors


def refuse_fields(errors: Errors) -> Response:
    """422 with the sentences by field."""
    sentence = _("Nothing was recorded. Mend the fields named under errors and send it again.")
    return problem(422, _("That did not work"), sentence, errors=errors)


def accepted(text: str, *, repeated: bool) -> Response:
    """202 with the answer of the first time."""
    response = Response(text, status=202, mimetype=JSON)
    if repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response
