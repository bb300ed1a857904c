"""The page that signs, for guests and for people who are signed in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Response, abort, request

from app.db import db, run_tx
from app.errors import Refusal
from app.people.models import Person, key_of
from app.people.sessions import signed_in
from app.web.caching import snapshot
from app.web.guards import anyone, csrf
from app.web.hosts import arrived_by
from app.web.languages import language

from . import signing
from .answers import ask, refuse, show_letter_sent, show_signature
from .forms import OnePressForm, SignForm
from .models import PUBLIC_STATES, Petition, Signature
from .plain import Filled, read_plainly
from .suspecting import looks_suspicious, network_key
from .views import blueprint

TO_SIGN = sa.select(Petition.id, Petition.slug, Petition.title, Petition.state, Petition.deadline)
ONE_PRESS = "petitions/one_press.html"


@blueprint.route("/petitions/<slug>/signatures", methods=["GET", "POST"])
@anyone
def sign(slug: str) -> Response:
    petition = find_petition(slug)
    person = signed_in()
    if request.method == "POST":
        return sign_for(person, petition) if person else sign_as_guest(petition)
    return show_own(person, petition) if person else ask(petition, SignForm())


def find_petition(slug: str) -> Any:
    """What signing needs to know of a public petition: id, slug, title, state, deadline."""

    if not slug.isprintable():
        abort(404)

    def read() -> Any:
        found = db.session.execute(TO_SIGN.where(Petition.slug == slug)).first()
        if found is None or found.state not in PUBLIC_STATES:
            abort(404)
        return found

    return snapshot(("petition to sign", slug), read)


def sign_as_guest(petition: Any, **page: Any) -> Response:
    """Record the signature and send its letter on the way; the same answer for every address."""
    wish = read_wish()
    if isinstance(wish, SignForm):
        return ask(petition, wish, 422, **page)
    try:
        signing.sign_now(petition.id, wish)
    except Refusal as refusal:
        return refuse(petition, SignForm(request.form), refusal, **page)
    return show_letter_sent(petition, wish.email, wish.via, page.get("sign_action"))


def read_wish() -> signing.SignatureWish | SignForm:
    """What a guest asks for, or the form that says what is wrong with it."""
    filled = read_plainly(request.form)
    if filled is None:
        form = SignForm(request.form)
        if not form.validate():
            return form
        filled = filled_in(form)
    return wish_from(filled)


def filled_in(form: SignForm) -> Filled:
    return Filled(
        name=form.name.data or "",
        email=form.email.data or "",
        region=form.region.data or "",
        reason=form.reason.data or "",
        hide_name=form.hide_name.data,
    )


def wish_from(filled: Filled) -> signing.SignatureWish:
    return signing.SignatureWish(
        name=filled.name,
        email=filled.email,
        region=filled.region,
        locale=language(),
        reason=filled.reason,
        hide_name=filled.hide_name,
        network=network_key(),
        suspicious=looks_suspicious(filled.email),
        via=arrived_by(),
    )


def show_own(person: Person, petition: Any) -> Response:
    """Somebody signed in sees their signature, or the form that asks only what is not known."""
    signature = db.session.scalar(signature_by(person, petition.id))
    if signature is not None and signature.state in {"validated", "invalidated", "fraudulent"}:
        return show_signature(signature)
    return ask(petition, OnePressForm(region=person.region), template=ONE_PRESS, person=person)


def sign_for(person: Person, petition: Any, **page: Any) -> Response:
    """One press signs at once; so does the guest form with the person's own address."""
    if "one_press" in request.form:
        csrf.protect()
        form: Any = OnePressForm(request.form)
        page |= {"template": ONE_PRESS, "person": person}
        name = person.name
    else:
        form = SignForm(request.form)
        name = form.name.data or ""
    if not form.validate():
        return ask(petition, form, 422, **page)
    if isinstance(form, SignForm) and key_of(form.email.data or "") != person.email_key:
        return sign_as_guest(petition, **page)
    try:
        number = run_tx(lambda: sign_at_once(petition.id, person, form, name))
    except Refusal as refusal:
        return refuse(petition, form, refusal, **page)
    db.session.expire_all()
    signature = db.session.scalars(signature_by(person, petition.id)).one()
    return show_signature(signature, number=number, via=arrived_by())


def sign_at_once(petition_id: str, person: Person, form: Any, name: str) -> int | None:
    """Sign and count in one transaction; the number of a new signer, else None."""
    petition = db.session.get_one(Petition, petition_id)
    signed = signing.sign_as(
        petition,
        person,
        name=name,
        region=form.region.data,
        reason=form.reason.data or "",
        hide_name=form.hide_name.data,
        via=arrived_by(),
    )
    return petition.signatures.tally if signed else None


def signature_by(person: Person, petition_id: str) -> sa.Select[Signature]:
    return sa.select(Signature).where(
        Signature.petition_id == petition_id, Signature.email_key == person.email_key
    )
