"""What the links in letters open: confirm, look again, withdraw, sponsor, unsubscribe.

Looking changes nothing, for mail scanners follow every link; the one button on each page does.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from app.db import db, run_tx
from app.errors import Refusal
from app.people.models import Person
from app.people.sessions import signed_in
from app.web.guards import token_holder
from app.web.languages import speak

from . import following, signing
from .addresses import petition_path
from .answers import ask, show_signature
from .confirming import confirm, signature_of
from .forms import SignForm
from .launching import petition_for_sponsors
from .models import Petition, Signature
from .sign_views import sign_as_guest, sign_for
from .views import blueprint


def own_signature(token: str) -> tuple[Signature, str]:
    """The signature behind a letter's link, and the site whose widget led to it."""
    signature, via = signature_of(token)
    if signature is None:
        abort(404)
    speak(signature.locale)
    return signature, via


@blueprint.route("/signatures/<token>", methods=["GET", "POST"])
@token_holder
def signature(token: str) -> Response:
    own, via = own_signature(token)
    if request.method != "POST":
        return show_signature(own, token=token, via=via)
    try:
        number = run_tx(lambda: confirm(own.id, via))
    except Refusal as refusal:
        return show_signature(own, token=token, via=via, refusal=refusal)
    db.session.expire_all()
    return show_signature(own, token=token, via=via, number=number)


@blueprint.route("/signatures/<token>/withdrawal", methods=["GET", "POST"])
@token_holder
def withdrawal(token: str) -> Response:
    own, _via = own_signature(token)
    sentence, status = None, 200
    if request.method == "POST":
        try:
            run_tx(lambda: signing.withdraw(own.id))
        except Refusal as refusal:
            sentence, status = str(refusal.sentence), refusal.status
        db.session.expire_all()
    page = render_template(
        "petitions/withdrawal.html",
        signature=own,
        petition=db.session.get_one(Petition, own.petition_id),
        token=token,
        sentence=sentence,
    )
    return make_response(page, status)


@blueprint.route("/sponsors/<token>", methods=["GET", "POST"])
@token_holder
def sponsor(token: str) -> Any:
    """The draft and its form, for whoever the organizer gave the private link to."""
    petition = petition_for_sponsors(token)
    if petition is None:
        abort(404)
    if petition.is_public:
        return redirect(petition_path(petition.slug), 303)
    page: dict[str, Any] = {
        "template": "petitions/sponsor.html",
        "sign_action": url_for("petitions.sponsor", token=token),
    }
    person = signed_in()
    if request.method == "POST":
        return sign_for(person, petition, **page) if person else sign_as_guest(petition, **page)
    known = {"name": person.name, "email": person.email, "region": person.region} if person else {}
    return ask(petition, SignForm(data=known), **page)


@blueprint.route("/follows/<token>", methods=["GET", "POST"])
@token_holder
def follow(token: str) -> Response:
    """End the letters about one petition; mail programs press this without asking (RFC 8058)."""
    own = following.follow_of(token)
    person = db.session.get(Person, own.person_id) if own else None
    if own is None or person is None:
        abort(404)
    speak(person.locale)
    petition_id, person_id = own.petition_id, own.person_id
    if request.method == "POST":
        change = following.resume_following if "again" in request.form else following.end_following
        run_tx(lambda: change(petition_id, person_id))
        db.session.expire_all()
    page = render_template(
        "petitions/follow.html", follow=own, petition=db.session.get_one(Petition, petition_id), token=token
    )
    return make_response(page)
