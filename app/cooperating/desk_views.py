"""The desk of whoever runs a co-operative: the surplus, and paying back who leaves."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.payments.methods import methods_of
from app.payments.saving import keep, saving_page
from app.petitions.models import Petition
from app.pledges.kinds.cooperative import Split
from app.proposing.models import Proposal
from app.web.guards import own_path, person_required
from app.web.limits import limiter

from . import leaving, sharing
from .forms import PayForm, SurplusForm
from .loading import own
from .models import Surplus
from .paying import latest_charge
from .reading import state_of
from .registering import Cooperative
from .views import blueprint
from .years import last_day, year_end


@blueprint.get("/desk/<slug>/cooperative")
@person_required
def desk(slug: str) -> Response:
    """What is to be done: who is to be paid back, which surplus can be shared out."""
    return desk_page(own(slug))


def desk_page(cooperative: Cooperative, form: PayForm | None = None, status: int = 200) -> Response:
    petition_id = cooperative.petition.id
    exits = leaving.all_of(petition_id)
    numbers = {member.person_id: member for member in cooperative.members}
    return make_response(
        render_template(
            "cooperating/desk.html",
            petition=cooperative.petition,
            cooperative=cooperative,
            exits=[(each, numbers.get(each.person_id), charge_of(each.id)) for each in exits],
            due=leaving.due(petition_id),
            announced=announced_by(petition_id, current_user.id),
            surpluses=[(each, state_of(each)) for each in sharing.surpluses_of(petition_id)],
            reserve=sharing.reserved(petition_id),
            years=sharing.open_years(cooperative),
            year_ends=year_end(clock.now(), cooperative.rules.year_ends),
            form=form or PayForm(methods=methods_of(current_user.id)),
            last_day=last_day,
        ),
        status,
    )


def announced_by(petition_id: str, person_id: str) -> list[Proposal]:
    """What this person put to the members and may still take back."""
    found = db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.petition_id == petition_id, Proposal.proposer_id == person_id)
        .order_by(Proposal.put_at)
    )
    return [proposal for proposal in found if proposal.phase == "notice"]


def charge_of(leaving_id: str) -> str | None:
    """How the last payment for a leaving member stands."""
    charge = latest_charge(leaving.PURPOSE, leaving_id)
    return charge.state if charge else None


@blueprint.post("/desk/<slug>/cooperative/exits")
@person_required
@limiter.limit("30 per hour")
def pay_exits(slug: str) -> Response:
    """Pay in what those who leave get back."""
    cooperative = own(slug)
    form = PayForm(request.form, methods=methods_of(current_user.id))
    if not form.validate():
        return desk_page(cooperative, form, 422)
    petition_id, person_id, method_id = cooperative.petition.id, current_user.id, form.method.data
    try:
        run_tx(lambda: leaving.pay_in(petition_id, person_id, method_id))
    except Refusal as refusal:
        form.refuse(refusal)
        return desk_page(own(slug), form, refusal.status)
    flash(_("It is being charged now. As soon as the money is there, it goes on to the members."), "good")
    return redirect(url_for("cooperating.desk", slug=slug), 303)


@blueprint.route("/desk/<slug>/surplus", methods=["GET", "POST"])
@person_required
@limiter.limit("60 per hour", methods=["POST"])
def new_surplus(slug: str) -> Response:
    """Enter a surplus and each member's use, see the split, then put it to the vote."""
    cooperative = own(slug)
    years = sharing.open_years(cooperative)
    if request.method == "GET":
        return surplus_form_page(SurplusForm(cooperative=cooperative, years=years))
    form = SurplusForm(request.form, cooperative=cooperative, years=years)
    if not form.validate():
        return surplus_form_page(form, 422)
    petition_id, person_id = cooperative.petition.id, current_user.id
    try:
        if "put" not in request.form:
            return surplus_form_page(form, split=split_of(form))
        run_tx(
            lambda: sharing.put_to_vote(
                petition_id,
                person_id,
                year_ends_at=form.year_ends_at,
                amount=form.amount_minor,
                percent=form.percent_number,
                use=form.use,
                others_use=form.others,
                note=form.note.data or "",
                key=form.key_for(petition_id, person_id),
            )
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return surplus_form_page(form, refusal.status)
    flash(_("The members have been asked. If they accept, you are asked to pay it in."), "good")
    return redirect(url_for("cooperating.desk", slug=slug), 303)


def split_of(form: SurplusForm) -> Split:
    return sharing.split(form.cooperative, form.amount_minor, form.percent_number, form.use, form.others)


def surplus_form_page(form: SurplusForm, status: int = 200, *, split: Split | None = None) -> Response:
    return make_response(
        render_template(
            "cooperating/surplus_form.html",
            petition=form.cooperative.petition,
            cooperative=form.cooperative,
            form=form,
            split=split,
            undecided=sharing.undecided(form.cooperative.petition.id),
            year_ends=year_end(clock.now(), form.cooperative.rules.year_ends),
            last_day=last_day,
        ),
        status,
    )


@blueprint.route("/desk/<slug>/surplus/<uuid:surplus_id>", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def surplus(slug: str, surplus_id: object) -> Response:
    """One surplus: the split, the vote, and paying it in."""
    cooperative = own(slug)
    found = find_surplus(cooperative, str(surplus_id))
    methods = methods_of(current_user.id)
    if request.method == "GET":
        return surplus_page(cooperative, found, PayForm(methods=methods))
    form = PayForm(request.form, methods=methods)
    if not form.validate():
        return surplus_page(cooperative, found, form, 422)
    person_id, method_id = current_user.id, form.method.data
    try:
        run_tx(lambda: sharing.pay_in(found.id, person_id, method_id))
    except Refusal as refusal:
        form.refuse(refusal)
        cooperative = own(slug)
        return surplus_page(cooperative, find_surplus(cooperative, str(surplus_id)), form, refusal.status)
    flash(_("It is being charged now. As soon as the money is there, it goes on to the members."), "good")
    return redirect(url_for("cooperating.surplus", slug=slug, surplus_id=surplus_id), 303)


def find_surplus(cooperative: Cooperative, surplus_id: str) -> Surplus:
    found = db.session.scalar(
        sa.select(Surplus).where(Surplus.id == surplus_id, Surplus.petition_id == cooperative.petition.id)
    )
    if found is None:
        abort(404)
    return found


def surplus_page(cooperative: Cooperative, found: Surplus, form: PayForm, status: int = 200) -> Response:
    charge = latest_charge(sharing.PURPOSE, found.id)
    names = {member.person_id: member for member in cooperative.members}
    return make_response(
        render_template(
            "cooperating/surplus.html",
            petition=cooperative.petition,
            surplus=found,
            state=state_of(found),
            parts=[(names.get(part.person_id), part) for part in sharing.parts_of(found.id)],
            charge=charge,
            form=form,
            last_day=last_day,
        ),
        status,
    )


@blueprint.route("/desk/<slug>/cooperative/method", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def save_method(slug: str) -> Response:
    """Off to the gateway's page to save a payment method, and back to where one was."""
    cooperative = own(slug)
    petition: Petition = cooperative.petition
    back = own_path(request.args.get("back") or url_for("cooperating.desk", slug=slug))
    try:
        if request.method == "POST":
            page = saving_page(
                petition.id,
                description=petition.title,
                amount=0,
                currency=cooperative.currency,
                return_path=url_for("cooperating.save_method", slug=slug, back=back),
            )
            return redirect(page, 303)
        if setup := request.args.get("setup"):
            keep(setup, petition.id, current_user.id)
            flash(_("The payment method is saved. Nothing has been charged."), "good")
    except Refusal as refusal:
        flash(str(refusal.sentence), "error")
    return redirect(back, 303)
