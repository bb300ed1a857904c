"""The organizer's sheet: every promise with both words, to confirm, to print, to take along as CSV."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.db import db, run_tx
from app.doing.forms import WordForm
from app.doing.reading import DeedView, deed_views, shifts_of, tally_of
from app.doing.returning import bring_back
from app.doing.saying import is_running, say
from app.errors import Refusal
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.web.formatting import number
from app.web.guards import person_required
from app.web.limits import limiter
from app.web.paging import asked_page
from app.web.sheets import download, in_seoul, sheet

from . import blueprint

STANDING = ("ready", "frozen", "kept", "broken")
A_PAGE = 50
DAY = "%Y-%m-%d"


def own_petition(slug: str) -> Petition:
    """The signed-in person's petition of that slug, if it asks for deeds; 404 for everybody else."""
    petition = db.session.scalar(
        sa.select(Petition).where(Petition.slug == slug, Petition.organizer_id == current_user.id)
    )
    if petition is None or petition.threshold_of("deed") is None:
        abort(404)
    return petition


def promises(petition_id: str) -> sa.Select[Pledge]:
    return (
        sa.select(Pledge)
        .where(Pledge.petition_id == petition_id, Pledge.kind == "deed", Pledge.state.in_(STANDING))
        .order_by(Pledge.ready_at, Pledge.id)
    )


@blueprint.get("/desk/<slug>/deeds")
@person_required
def desk(slug: str) -> Response:
    """Shifts, promises, and what waits for a word."""
    return desk_page(slug)


def desk_page(
    slug: str, *, wrong: str | None = None, form: WordForm | None = None, status: int = 200
) -> Response:
    """``wrong`` is the pledge whose form was refused."""
    petition = own_petition(slug)
    page = asked_page()
    found = db.session.scalars(promises(petition.id).offset((page - 1) * A_PAGE).limit(A_PAGE + 1)).all()
    deeds = deed_views(found[:A_PAGE])
    return make_response(
        render_template(
            "doing/desk.html",
            petition=petition,
            terms=petition.threshold_of("deed").terms,  # type: ignore[union-attr]
            shifts=shifts_of(petition.id),
            deeds=deeds,
            tally=tally_of(petition.id),
            running=is_running(petition.id),
            page=page,
            more=len(found) > A_PAGE,
            wrong=wrong,
            form=form,
            present=[deed for deed in deeds if waits_for_organizer(deed) and deed.came],
        ),
        status,
    )


def waits_for_organizer(deed: DeedView) -> bool:
    return deed.pledge.state == "frozen" and deed.duty is not None and "organizer" not in deed.words


@blueprint.post("/desk/<slug>/deeds/<uuid:pledge_id>")
@person_required
@limiter.limit("1000 per hour")
def confirm_deed(slug: str, pledge_id: object) -> AnyResponse:
    """The organizer's word about one promise."""
    pledge = own_promise(slug, pledge_id)
    form = WordForm.from_request()
    if not form.validate():
        return desk_page(slug, wrong=pledge.id, form=form, status=422)
    try:
        done = form.done(pledge.amount)
        run_tx(lambda: say(pledge.id, "organizer", form.word.data == "kept", done, form.note.data or ""))
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return desk_page(slug, wrong=pledge.id, form=form, status=refusal.status)
    return redirect(
        url_for("doing.desk", slug=slug, page=request.args.get("page"), _anchor=f"deed-{pledge.id}"), 303
    )


def own_promise(slug: str, pledge_id: object) -> Pledge:
    """A promise to the organizer's own petition, else 404."""
    petition = own_petition(slug)
    pledge = db.session.get(Pledge, str(pledge_id))
    if pledge is None or pledge.petition_id != petition.id or pledge.kind != "deed":
        abort(404)
    return pledge


@blueprint.post("/desk/<slug>/deeds/present")
@person_required
@limiter.limit("60 per hour")
def confirm_present(slug: str) -> AnyResponse:
    """Confirm everybody who checked in and waits for a word, with the hours of their shifts."""
    petition = own_petition(slug)
    waiting = [
        deed
        for deed in deed_views(db.session.scalars(promises(petition.id)).all())
        if waits_for_organizer(deed) and deed.came
    ]
    db.session.rollback()
    confirmed = 0
    for deed in waiting:
        try:
            run_tx(partial(say, deed.pledge.id, "organizer", True, deed.suggested))
        except Refusal:
            continue
        confirmed += 1
    flash(
        ngettext("%(num)d promise confirmed.", "%(num)d promises confirmed.", confirmed),
        "good" if confirmed else "info",
    )
    return redirect(url_for("doing.desk", slug=slug, _anchor="promises"), 303)


@blueprint.post("/desk/<slug>/deeds/<uuid:pledge_id>/return")
@person_required
@limiter.limit("1000 per hour")
def confirm_return(slug: str, pledge_id: object) -> AnyResponse:
    """The organizer says that a lent thing is back."""
    pledge = own_promise(slug, pledge_id)
    run_tx(lambda: bring_back(pledge.id))
    return redirect(
        url_for("doing.desk", slug=slug, page=request.args.get("page"), _anchor=f"deed-{pledge.id}"), 303
    )


@blueprint.get("/desk/<slug>/deeds.csv")
@person_required
def deeds_csv(slug: str) -> Response:
    """Every promise in order: who, what, when due, both words, what came of it; never an address."""
    petition = own_petition(slug)
    columns = (
        _("No."),
        _("Name"),
        _("Promise"),
        _("Skill"),
        _("Due (Seoul)"),
        _("Checked in"),
        _("Their word"),
        _("Your word"),
        _("Done"),
        _("State"),
        _("Comes back (Seoul)"),
        _("Is back"),
    )
    rows = [row_of(deed) for deed in deed_views(db.session.scalars(promises(petition.id)).all())]
    return download(sheet(columns, rows), f"deeds-{petition.id[-12:]}.csv")


def row_of(deed: DeedView) -> tuple[object, ...]:
    return (
        deed.number,
        deed.name,
        deed.promise,
        deed.pledge.terms.get("skill", ""),
        in_seoul(deed.duty.due_at if deed.duty else None, DAY),
        deed.came,
        *(word_cell(deed, side) for side in ("person", "organizer")),
        number(deed.done) if deed.pledge.state == "kept" else "",
        deed.pledge.state,
        in_seoul(deed.back.due_at if deed.back else None, DAY),
        deed.back.state if deed.back else "",
    )


def word_cell(deed: DeedView, side: str) -> str:
    word = deed.words.get(side)
    if word is None:
        return ""
    return str(word.amount) if word.kept else str(_("no"))
