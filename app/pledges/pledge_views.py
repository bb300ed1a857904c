"""The page where a pledge is made."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.db import db, run_tx
from app.errors import Refusal, Trouble
from app.payments.door import SavedMethod, gateway
from app.people.models import Person, key_of
from app.people.names import masked_address
from app.petitions.models import Petition
from app.web.cookies import has_session
from app.web.guards import anyone
from app.web.htmx import answer, wants_fragment
from app.web.languages import language
from app.web.limits import limiter

from .allowing import PledgeWish, takes_pledges, why_closed
from .forms import PledgeForm
from .kinds.base import Promise
from .links import browser_token
from .models import Pledge
from .pledging import make
from .views import blueprint, pledges_a_minute
from .wording import explain, next_step


@blueprint.get("/petitions/<slug>/pledges")
@anyone
def pledge(slug: str) -> Response:
    """The form, filled in with what is known: a suggested amount, a signed-in person."""
    petition, person = find_petition(slug), signed_in()
    form = PledgeForm(
        petition=petition,
        data={"name": person.name, "email": person.email} if person else None,
    )
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
        saved = save_script_method(form) if takes_pledges(petition, clock.now()) else None
        wish = wish_of(form)
        pledge = run_tx(
            lambda: make(petition.id, wish, idempotency_key=form.idempotency_key, saved=saved, person=person)
        )
    except Refusal as refusal:
        if refusal.field == "key":
            form.renew()
        form.refuse(refusal)
        return show_form(form, person, refusal.status)
    if pledge.payment_method_id is None and pledge.state == "draft":
        return go_to(saving_page(pledge, petition))
    return show_made(pledge, petition)


def find_petition(slug: str) -> Petition:
    if not slug.isprintable():
        abort(404)
    petition = db.session.scalar(sa.select(Petition).where(Petition.slug == slug))
    if petition is None or not petition.is_public:
        abort(404)
    return petition


def signed_in() -> Person | None:
    """Whoever is signed in, without touching a session that is not there."""
    if not has_session():
        return None
    return current_user._get_current_object() if current_user.is_authenticated else None


def wish_of(form: PledgeForm) -> PledgeWish:
    return PledgeWish(
        kind=form.kind.data or "",
        amount=form.promised,
        email=form.email.data or "",
        name=form.name.data or "",
        locale=language(),
        hide_name=form.hide_name.data,
        currency=form.currency.data or None,
        terms=form.terms,
    )


def save_script_method(form: PledgeForm) -> SavedMethod | None:
    """A method named by a script's token; people save theirs on the gateway's page.

    Raises:
        Refusal: the token is not known, or the gateway did not answer.
    """
    token = form.payment_method.data
    if not token:
        return None
    try:
        return gateway().save_token(token)
    except Trouble as trouble:
        raise no_answer() from trouble


def no_answer() -> Refusal:
    return Refusal(
        _("The payment service did not answer. Nothing was charged; try again in a minute."), status=503
    )


def saving_page(pledge: Pledge, petition: Petition) -> str:
    """Where the person saves a method for this pledge; the page leads back to us.

    Raises:
        Refusal: the gateway did not answer.
    """
    try:
        return gateway().saving_page(
            pledge_id=pledge.id,
            description=petition.title,
            amount=pledge.amount,
            currency=pledge.currency or "",
            return_path=url_for("pledges.method", token=browser_token(pledge)),
        )
    except Trouble as trouble:
        raise no_answer() from trouble


def go_to(path: str) -> Response:
    """A redirect that htmx follows as a page, not as a fragment."""
    if wants_fragment():
        return make_response("", 200, {"HX-Redirect": path})
    return make_response(redirect(path, 303))


def show_form(form: PledgeForm, person: Person | None, status: int = 200) -> Response:
    """The form; htmx swaps it only with the status of a form error."""
    petition = form.petition
    closed = why_closed(petition, clock.now())
    promise = Promise(form.promised, petition.currency) if form.promised else None
    return answer(
        "pledges/pledge.html",
        "pledges/_form.html",
        422 if status != 200 and wants_fragment() else status,
        form=form,
        petition=petition,
        person=person,
        closed=closed,
        sentences={} if closed else {kind.name: explain(kind, petition, promise) for kind in form.offered},
    )


def show_made(pledge: Pledge, petition: Petition) -> Response:
    """What is left to do, or that the pledge counts."""
    return answer(
        "pledges/made.html",
        "pledges/_made.html",
        pledge=pledge,
        petition=petition,
        address=masked_address(pledge.email) if pledge.email else None,
        step=next_step(pledge, petition, open_now=takes_pledges(petition, clock.now())),
    )
