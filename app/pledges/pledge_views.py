"""The page where a pledge is made."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort, make_response, redirect, request, url_for
from flask_babel import gettext as _

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.payments.door import SavedMethod
from app.payments.saving import save_script_token, saving_page
from app.people.models import Person, key_of
from app.people.names import masked_address
from app.people.sessions import signed_in
from app.petitions.models import Petition
from app.purses.gateway import purse_method
from app.web.guards import anyone
from app.web.hosts import arrived_by
from app.web.htmx import answer, wants_fragment
from app.web.languages import language
from app.web.limits import limiter

from .allowing import PledgeWish, takes_pledges, why_closed
from .forms import PledgeForm
from .from_purse import left_for_pledges
from .links import browser_token
from .models import Pledge
from .pledging import kind_of, make
from .views import blueprint, pledges_a_minute
from .wording import explain, next_step


@blueprint.get("/petitions/<slug>/pledges")
@anyone
def pledge(slug: str) -> Response:
    """The form, filled in with what is known: a suggested amount, a signed-in person."""
    petition, person = find_petition(slug), signed_in()
    known = {"name": person.name, "email": person.email} if person else {}
    form = PledgeForm(petition=petition, data={"kind": kind_asked_for(petition)} | known)
    form.suggest(request.args.get("amount") or request.args.get("choice") or "")
    return show_form(form, person)


@blueprint.post("/petitions/<slug>/pledges")
@limiter.limit(pledges_a_minute)
@anyone
def make_pledge(slug: str) -> Response:
    """Make the pledge, then send the person to save a method, or say what is left to do."""
    petition, person = find_petition(slug), signed_in()
    form = PledgeForm(request.form, petition=petition)
    if not form.offered:
        return show_form(PledgeForm(petition=petition), person, 422)
    if not form.validate():
        return show_form(form, person, 422)
    if person is not None and key_of(form.email.data or "") != person.email_key:
        person = None
    try:
        open_now = takes_pledges(petition, clock.now(), form.kind.data)
        saved = method_of(form, person) if open_now else None
        wish = wish_of(form)
        pledge = run_tx(
            lambda: make(petition.id, wish, idempotency_key=form.form_key, saved=saved, person=person)
        )
    except Refusal as refusal:
        if refusal.field == "key":
            form.renew()
        form.refuse(refusal)
        return show_form(form, person, refusal.status)
    if pledge.payment_method_id is None and pledge.state == "draft" and kind_of(pledge).needs_method:
        return go_to(card_page(pledge, petition, wish.via))
    return show_made(pledge, petition)


def find_petition(slug: str) -> Petition:
    if not slug.isprintable():
        abort(404)
    petition = db.session.scalar(sa.select(Petition).where(Petition.slug == slug))
    if petition is None or not petition.is_public:
        abort(404)
    return petition


def kind_asked_for(petition: Petition) -> str | None:
    """The kind that the address of the page names, if the petition takes it."""
    threshold = petition.threshold_of(request.args.get("kind") or "")
    return threshold.kind if threshold else None


def wish_of(form: PledgeForm) -> PledgeWish:
    """What a valid form asks for.

    Raises:
        ValueError: the form has not been validated.
    """
    if form.promise is None:
        raise ValueError("validate the form first")
    return PledgeWish(
        kind=form.kind.data or "",
        amount=form.promise.amount,
        email=form.email.data or "",
        name=form.name.data or "",
        locale=language(),
        hide_name=form.hide_name.data,
        currency=form.currency.data or None,
        tip=form.tipped,
        terms=form.promise.terms,
        via=arrived_by(),
    )


def method_of(form: PledgeForm, person: Person | None) -> SavedMethod | None:
    """The purse of whoever is signed in, or a method named by a script's token; None is saved on a page.

    Raises:
        Refusal: nobody is signed in, the token is not known, or the gateway did not answer.
    """
    if not form.from_purse.data or not (form.chosen_kind and form.chosen_kind.needs_method):
        return save_script_token(form.payment_method.data)
    if person is None:
        raise Refusal(_("Sign in with this address to pay from your purse."), field="from_purse")
    return purse_method(person.id)


def card_page(pledge: Pledge, petition: Petition, via: str) -> str:
    """Where the person saves a method for this pledge; the page leads back to us.

    ``via`` is the site whose widget led to the pledge.

    Raises:
        Refusal: the gateway did not answer.
    """
    return saving_page(
        pledge.id,
        description=petition.title,
        amount=pledge.cost,
        currency=pledge.currency or "",
        return_path=url_for("pledges.method", token=browser_token(pledge, via)),
    )


def go_to(path: str) -> Response:
    """A redirect that htmx follows as a page, not as a fragment."""
    if wants_fragment():
        return make_response("", 200, {"HX-Redirect": path})
    return make_response(redirect(path, 303))


def show_form(form: PledgeForm, person: Person | None, status: int = 200) -> Response:
    """The form; htmx swaps it only with the status of a form error."""
    petition = form.petition
    closed = why_closed(petition, clock.now())
    kind = form.chosen_kind
    return answer(
        "pledges/pledge.html",
        "pledges/_form.html",
        422 if status != 200 and wants_fragment() else status,
        form=form,
        petition=petition,
        person=person,
        closed=closed,
        kind=kind,
        via=arrived_by() or None,
        offer=form.offer if kind else None,
        in_purse=left_for_pledges(person.id, petition.currency) if person and petition.currency else 0,
        sentence=explain(kind, petition, form.promise, form.tipped) if kind and not closed else None,
    )


def show_made(pledge: Pledge, petition: Petition) -> Response:
    """What is left to do, or that the pledge counts."""
    return answer(
        "pledges/made.html",
        "pledges/_made.html",
        pledge=pledge,
        petition=petition,
        address=masked_address(pledge.email) if pledge.email else None,
        step=next_step(pledge, petition, open_now=takes_pledges(petition, clock.now(), pledge.kind)),
    )
