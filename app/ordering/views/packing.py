"""The organizer's pages: the pack list of every pick-up point, the marks, the answers."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.clock import SEOUL
from app.db import db, run_tx
from app.errors import Refusal
from app.ordering import delivering, missing
from app.ordering.forms import AnswerForm, ShortageForm
from app.ordering.models import OPEN, Shortage
from app.ordering.packing import ROWS_A_PAGE, PackLine, pack_line, pack_lines, point_tallies
from app.ordering.paying_in import lacking
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.web.guards import person_required
from app.web.paging import asked_page
from app.web.sheets import download, sheet

from . import blueprint


@blueprint.get("/desk/<slug>/orders")
@person_required
def packing(slug: str) -> Response:
    """Who gets what at one pick-up point, a page at a time, with a box to tick for each."""
    petition = own_order(slug)
    page, point = asked_page(), asked_point()
    lines = pack_lines(petition.id, point, page=page)
    reports = db.session.scalars(
        sa.select(Shortage)
        .where(Shortage.petition_id == petition.id, Shortage.state == "reported")
        .order_by(Shortage.reported_at)
    ).all()
    return make_response(
        render_template(
            "ordering/packing.html",
            petition=petition,
            points=point_tallies(petition),
            point=point,
            lines=lines[:ROWS_A_PAGE],
            page=page,
            more=len(lines) > ROWS_A_PAGE,
            reports=reports,
            words=state_words(),
            due=lacking(petition.id),
        )
    )


@blueprint.post("/desk/<slug>/orders")
@person_required
def mark(slug: str) -> Response:
    """The ticked orders were handed over."""
    petition = own_order(slug)
    chosen = [sent_id(each) for each in request.form.getlist("order")[:ROWS_A_PAGE]]
    try:
        marked = run_tx(lambda: delivering.mark_delivered(chosen, current_user.id))
    except Refusal as refusal:
        if refusal.status == 404:
            abort(404)
        flash(str(refusal.sentence), "error")
    else:
        if marked:
            flash(_("%(count)s marked. The buyers are asked to confirm.", count=marked), "good")
        else:
            flash(_("Nothing was ticked that was not marked already."), "info")
    back = url_for(
        "ordering.packing",
        slug=petition.slug,
        pickup=request.form.get("pickup") or None,
        page=request.form.get("page") or None,
    )
    return make_response(redirect(back, 303))


@blueprint.get("/desk/<slug>/orders/print")
@person_required
def printable(slug: str) -> Response:
    """The list on paper, one sheet for each pick-up point, with a box to tick."""
    petition = own_order(slug)
    point = asked_point()
    points = [each for each in point_tallies(petition) if point in {None, each.number}]
    return make_response(
        render_template(
            "ordering/print.html",
            petition=petition,
            lists=[(each, pack_lines(petition.id, each.number)) for each in points],
            words=state_words(),
        )
    )


@blueprint.get("/desk/<slug>/orders.csv")
@person_required
def packing_csv(slug: str) -> Response:
    """The list for a spreadsheet; no cell computes."""
    petition = own_order(slug)
    threshold = petition.threshold_of("order")
    places = list(threshold.terms.get("pickups", ())) if threshold else []
    words = state_words()
    columns = (_("Code"), _("Name"), _("Units"), _("Pick-up point"), _("State"), _("Marked (Seoul)"))
    rows = [row_of(line, places, words) for line in pack_lines(petition.id, asked_point())]
    return download(sheet(columns, rows), f"orders-{petition.id[-12:]}.csv")


def row_of(line: PackLine, places: list[str], words: dict[str, str]) -> tuple[object, ...]:
    place = places[line.pickup - 1] if line.pickup <= len(places) else ""
    marked = line.marked_at.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M") if line.marked_at else ""
    return line.code, line.name, line.units, place, words[line.state], marked


@blueprint.get("/desk/<slug>/orders/<uuid:pledge_id>")
@person_required
def packed(slug: str, pledge_id: object) -> Response:
    """One order: its mark, and what is missing of it."""
    return show(own_order(slug), str(pledge_id), ShortageForm(), AnswerForm())


@blueprint.post("/desk/<slug>/orders/<uuid:pledge_id>/missing")
@person_required
def note_missing(slug: str, pledge_id: object) -> Response:
    """Units cannot be handed over: they are paid back."""
    petition, form = own_order(slug), ShortageForm(request.form)
    if not form.validate():
        return show(petition, str(pledge_id), form, AnswerForm(), 422)
    order_id, organizer_id = str(pledge_id), current_user.id
    try:
        noted = run_tx(
            lambda: missing.note_missing(
                order_id, organizer_id, form.number, form.note.data or "", key=form.form_key
            )
        )
    except Refusal as refusal:
        return refused(petition, order_id, form, AnswerForm(), refusal)
    if noted:
        flash(_("Noted. What the units cost goes back to the buyer."), "good")
    return back_to(petition, order_id)


@blueprint.post("/desk/<slug>/orders/<uuid:pledge_id>/unmark")
@person_required
def unmark(slug: str, pledge_id: object) -> Response:
    """The mark was a mistake."""
    petition, order_id, organizer_id = own_order(slug), str(pledge_id), current_user.id
    try:
        if run_tx(lambda: delivering.unmark(order_id, organizer_id)):
            flash(_("The mark is gone."), "good")
    except Refusal as refusal:
        return refused(petition, order_id, ShortageForm(), AnswerForm(), refusal)
    return back_to(petition, order_id)


@blueprint.post("/desk/<slug>/orders/<uuid:pledge_id>/answer")
@person_required
def answer(slug: str, pledge_id: object) -> Response:
    """Agree to a report, or contest it with a word why."""
    petition, order_id, organizer_id = own_order(slug), str(pledge_id), current_user.id
    form = AnswerForm.from_request()
    report_id = sent_id(request.form.get("report", ""))
    agrees = request.form.get("verdict") == "agree"
    if not form.validate():
        return show(petition, order_id, ShortageForm(), form, 422)
    try:
        if run_tx(
            lambda: missing.answer(report_id, organizer_id, agrees=agrees, words=form.answer.data or "")
        ):
            said = _("What the units cost goes back to the buyer.") if agrees else _("A moderator decides.")
            flash(said, "good")
    except Refusal as refusal:
        return refused(petition, order_id, ShortageForm(), form, refusal)
    return back_to(petition, order_id)


def refused(
    petition: Petition, pledge_id: str, form: ShortageForm, words: AnswerForm, refusal: Refusal
) -> Response:
    if refusal.status == 404:
        abort(404)
    (words if refusal.field == "answer" else form).refuse(refusal)
    db.session.expire_all()
    return show(petition, pledge_id, form, words, refusal.status)


def back_to(petition: Petition, pledge_id: str) -> Response:
    return make_response(redirect(url_for("ordering.packed", slug=petition.slug, pledge_id=pledge_id), 303))


def show(
    petition: Petition, pledge_id: str, form: ShortageForm, words: AnswerForm, status: int = 200
) -> Response:
    line = pack_line(petition.id, pledge_id)
    if line is None:
        abort(404)
    shortages = db.session.scalars(
        sa.select(Shortage).where(Shortage.pledge_id == pledge_id).order_by(Shortage.reported_at, Shortage.id)
    ).all()
    html = render_template(
        "ordering/packed.html",
        petition=petition,
        line=line,
        pledge=db.session.get_one(Pledge, pledge_id),
        shortages=shortages,
        open_report=next((each for each in shortages if each.state in OPEN), None),
        words=state_words(),
        form=form,
        answer_form=words,
    )
    return make_response(html, status)


def own_order(slug: str) -> Petition:
    """The signed-in organizer's petition of that slug with a group order; 404 for everybody else."""
    petition = db.session.scalar(
        sa.select(Petition).where(Petition.slug == slug, Petition.organizer_id == current_user.id)
    )
    if petition is None or petition.threshold_of("order") is None:
        abort(404)
    return petition


def sent_id(text: str) -> str:
    """An id that a form of ours carries; whatever else was sent is no page of ours."""
    try:
        return str(UUID(text))
    except ValueError:
        abort(404)


def asked_point() -> int | None:
    """The pick-up point that ``?pickup=`` asks for; None means all of them."""
    return request.args.get("pickup", type=int)


def state_words() -> dict[str, str]:
    """How an order stands, in words."""
    return {
        "waiting": _("To hand over"),
        "marked": _("Handed over"),
        "reported": _("Report to answer"),
        "contested": _("A moderator decides"),
        "kept": _("Received"),
        "missing": _("Paid back"),
    }
