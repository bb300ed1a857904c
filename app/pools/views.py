"""``/petitions/<slug>/pool``: a sponsor lays money by for a petition, in two steps and with one button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, run_tx
from app.errors import Refusal
from app.payments.door import SavedMethod
from app.payments.models import PaymentMethod
from app.payments.saving import claim, save_script_token, saving_page
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.from_purse import left_for_pledges
from app.purses.gateway import label_of, purse_method
from app.web.guards import person_required
from app.web.limits import limiter

from . import depositing
from .depositing import PoolWish
from .forms import PoolForm
from .models import Pool
from .reading import pools_of_sponsor, public_pools, read_pools

blueprint = Blueprint("pools", __name__)
blueprint.add_app_template_global(public_pools, "pools_of")


@blueprint.route("/petitions/<slug>/pool", methods=["GET", "POST"])
@person_required
@limiter.limit("20 per hour", methods=["POST"])
def pool(slug: str) -> Any:
    """What lies there, and the form for more; sending it charges nothing yet."""
    petition = find_petition(slug)
    if request.method == "GET":
        form = PoolForm(currency=petition.currency or "", data={"name": current_user.name})
        return show(petition, form)
    form = PoolForm(request.form, currency=petition.currency or "")
    if not form.validate():
        return show(petition, form, 422)
    person_id = current_user.id
    db.session.rollback()
    try:
        saved = method_of(form, person_id)
        wish = PoolWish(form.minor, form.name.data or "", form.form_key)
        drawn = run_tx(
            lambda: depositing.draw_up(petition.id, db.session.get_one(Person, person_id), wish, saved)
        )
        page = review_path(petition, drawn) if drawn.method_id else card_page(petition, drawn)
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return show(find_petition(slug), form, refusal.status)
    return redirect(page, 303)


@blueprint.route("/petitions/<slug>/pool/<uuid:pool_id>", methods=["GET", "POST"])
@person_required
@limiter.limit("20 per hour", methods=["POST"])
def deposit(slug: str, pool_id: UUID) -> Any:
    """What exactly is paid in, and when it comes back; the button charges it."""
    petition, own = find_petition(slug), find_own(slug, pool_id)
    refusal = None
    if request.method == "POST":
        try:
            run_tx(lambda: depositing.pay_in(own.id))
            flash(_("Being paid in. A letter says when it lies there."), "good")
            return redirect(url_for("pools.pool", slug=slug), 303)
        except Refusal as refused:
            refusal = refused
            db.session.expire_all()
            petition, own = find_petition(slug), find_own(slug, pool_id)
    method = db.session.get(PaymentMethod, own.method_id) if own.method_id else None
    html = render_template(
        "pools/deposit.html",
        petition=petition,
        pool=own,
        method_label=label_of(method) if method else None,
        refusal=refusal,
    )
    return make_response(html, refusal.status if refusal else 200)


@blueprint.route("/petitions/<slug>/pool/<uuid:pool_id>/method", methods=["GET", "POST"])
@person_required
@limiter.limit("20 per hour", methods=["POST"])
def method(slug: str, pool_id: UUID) -> Any:
    """Off to the gateway's page to save a method, and the way back from it; nothing is charged here."""
    petition, own = find_petition(slug), find_own(slug, pool_id)
    if request.method == "POST":
        return redirect(card_page(petition, own), 303)
    setup = request.args.get("setup")
    if setup:
        own_id = own.id
        saved = claim(setup, own_id)
        run_tx(lambda: depositing.save_method(own_id, saved))
    return redirect(url_for("pools.deposit", slug=slug, pool_id=pool_id), 303)


def find_petition(slug: str) -> Petition:
    """A public petition, or one of the reader's own on its way there."""
    petition = db.session.scalar(sa.select(Petition).where(Petition.slug == slug))
    if petition is None or not (petition.is_public or petition.organizer_id == current_user.id):
        abort(404)
    if depositing.purpose_of(petition) is None:
        abort(404)
    return petition


def find_own(slug: str, pool_id: UUID) -> Pool:
    found = db.session.scalar(
        sa.select(Pool)
        .join(Petition, Petition.id == Pool.petition_id)
        .where(
            Petition.slug == slug,
            Pool.id == str(pool_id),
            Pool.sponsor_id == current_user.id,
        )
    )
    if found is None:
        abort(404)
    return found


def method_of(form: PoolForm, person_id: str) -> SavedMethod | None:
    """The purse, or a method named by a script's token; None is saved on the gateway's page.

    Raises:
        Refusal: the token is not known, or the gateway did not answer.
    """
    if form.from_purse.data:
        return purse_method(person_id)
    return save_script_token(form.payment_method.data)


def card_page(petition: Petition, own: Pool) -> str:
    """Where a sponsor saves a card.

    Raises:
        Refusal: the gateway did not answer.
    """
    return saving_page(
        own.id,
        description=petition.title,
        amount=own.amount,
        currency=own.currency,
        return_path=url_for("pools.method", slug=petition.slug, pool_id=own.id),
    )


def review_path(petition: Petition, own: Pool) -> str:
    return url_for("pools.deposit", slug=petition.slug, pool_id=own.id)


def show(petition: Petition, form: PoolForm, status: int = 200) -> Response:
    person_id, currency = current_user.id, petition.currency or ""
    html = render_template(
        "pools/pool.html",
        petition=petition,
        form=form,
        purpose=depositing.purpose_of(petition),
        closed=depositing.why_closed(petition),
        pools=read_pools(petition.id),
        mine=pools_of_sponsor(petition.id, person_id),
        in_purse=left_for_pledges(person_id, currency) if currency else 0,
    )
    return make_response(html, status)
