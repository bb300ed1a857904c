"""Planning shifts: new ones, changes, calling one off."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.db import db, run_tx
from app.doing.forms import ShiftForm
from app.doing.models import Shift
from app.doing.shifting import cancel_shift, change_shift, plan_shift
from app.errors import Refusal
from app.petitions.models import Petition
from app.web.guards import person_required
from app.web.limits import limiter

from . import blueprint
from .door import own_shift
from .sheet import own_petition


@blueprint.route("/desk/<slug>/shifts/new", methods=["GET", "POST"])
@person_required
@limiter.limit("200 per hour", methods=["POST"])
def new_shift(slug: str) -> AnyResponse:
    """A form; sending it twice plans one shift."""
    petition = own_petition(slug)
    form = ShiftForm(request.form)
    if request.method == "GET":
        form.places.data = "10"
        return shift_page(petition, form)
    if not form.validate():
        return shift_page(petition, form, status=422)
    try:
        wish = form.wish()
        run_tx(lambda: plan_shift(petition.id, wish, idempotency_key=form.form_key))
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return shift_page(petition, form, status=refusal.status)
    flash(_("The shift is planned and stands on the public page."), "good")
    return redirect(url_for("doing.desk", slug=slug, _anchor="shifts"), 303)


@blueprint.route("/desk/<slug>/shifts/<uuid:shift_id>", methods=["GET", "POST"])
@person_required
@limiter.limit("200 per hour", methods=["POST"])
def edit_shift(slug: str, shift_id: object) -> AnyResponse:
    """Change a shift before it begins; its people hear of another time or place."""
    petition, shift = own_shift(slug, shift_id)
    if request.method == "GET":
        return shift_page(petition, ShiftForm(shift=shift), shift)
    form = ShiftForm(request.form)
    if not form.validate():
        return shift_page(petition, form, shift, status=422)
    try:
        wish = form.wish()
        run_tx(lambda: change_shift(shift.id, wish))
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return shift_page(petition, form, shift, status=refusal.status)
    flash(_("Changed. If the time or the place is another, its people get a letter."), "good")
    return redirect(url_for("doing.desk", slug=slug, _anchor="shifts"), 303)


@blueprint.post("/desk/<slug>/shifts/<uuid:shift_id>/cancellation")
@person_required
def cancel(slug: str, shift_id: object) -> AnyResponse:
    """Call a shift off; its people get a letter."""
    petition, shift = own_shift(slug, shift_id)
    try:
        run_tx(lambda: cancel_shift(shift.id))
    except Refusal as refusal:
        db.session.expire_all()
        form = ShiftForm(shift=shift)
        form.refuse(refusal)
        return shift_page(petition, form, shift, status=refusal.status)
    flash(_("Called off. Everybody who had a place or was waiting gets a letter."), "good")
    return redirect(url_for("doing.desk", slug=slug, _anchor="shifts"), 303)


def shift_page(
    petition: Petition, form: ShiftForm, shift: Shift | None = None, *, status: int = 200
) -> Response:
    return make_response(
        render_template("doing/shift_form.html", petition=petition, form=form, shift=shift), status
    )
