"""At the door: the organizer's picture and list, and the one button of whoever comes."""

from __future__ import annotations

import io

import sqlalchemy as sa
from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import db, run_tx
from app.doing.checking import check_in as check_person_in
from app.doing.checking import door_code, door_token, shift_of_token, tick_off
from app.doing.models import Seat, Shift
from app.doing.reading import guests_of, view_of
from app.errors import Refusal
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.web.guards import csrf, person_required, token_holder
from app.web.limits import limiter
from app.web.links import absolute

from . import blueprint
from .sheet import own_petition


@blueprint.route("/check-in/<token>", methods=["GET", "POST"])
@token_holder
@limiter.limit("60 per hour", methods=["POST"])
def check_in(token: str) -> Response:
    """What the picture at the door opens: one button for whoever is signed in and has a place."""
    shift = shift_of_token(token)
    if shift is None:
        abort(404)
    seat = own_seat(shift.id)
    if request.method == "POST":
        if not current_user.is_authenticated:
            abort(403)
        csrf.protect()
        if seat is None:
            abort(404)
        pledge_id = seat.pledge_id
        try:
            run_tx(lambda: check_person_in(shift.id, pledge_id))
        except Refusal as refusal:
            return show_door(token, shift, own_seat(shift.id), str(refusal.sentence), refusal.status)
        return show_door(token, shift, own_seat(shift.id))
    return show_door(token, shift, seat)


def own_seat(shift_id: str) -> Seat | None:
    """The place of the person signed in, if there is one."""
    db.session.expire_all()
    if not current_user.is_authenticated:
        return None
    found: Seat | None = db.session.scalar(
        sa.select(Seat)
        .join(Pledge, Pledge.id == Seat.pledge_id)
        .where(Seat.shift_id == shift_id, Seat.state != "left", Pledge.person_id == current_user.id)
        .order_by(Seat.state)
        .limit(1)
    )
    return found


def show_door(
    token: str, shift: Shift, seat: Seat | None, sentence: str | None = None, status: int = 200
) -> Response:
    petition = db.session.get_one(Petition, shift.petition_id)
    page = render_template(
        "doing/check_in.html",
        token=token,
        shift=view_of(shift, clock.now()),
        petition=petition,
        seat=seat,
        signed_in=current_user.is_authenticated,
        sentence=sentence,
    )
    return make_response(page, status)


def own_shift(slug: str, shift_id: object) -> tuple[Petition, Shift]:
    """A shift of the organizer's own petition, else 404."""
    petition = own_petition(slug)
    shift = db.session.get(Shift, str(shift_id))
    if shift is None or shift.petition_id != petition.id:
        abort(404)
    return petition, shift


@blueprint.get("/desk/<slug>/shifts/<uuid:shift_id>/door")
@person_required
def door(slug: str, shift_id: object) -> Response:
    """The organizer's page for one shift: picture, digits, and the list to tick off."""
    return door_page(slug, shift_id)


def door_page(slug: str, shift_id: object, sentence: str | None = None, status: int = 200) -> Response:
    petition, shift = own_shift(slug, shift_id)
    page = render_template(
        "doing/door.html",
        petition=petition,
        shift=view_of(shift, clock.now()),
        guests=guests_of(shift.id),
        code=door_code(shift.id),
        address=absolute("doing.check_in", token=door_token(shift.id)),
        sentence=sentence,
    )
    return make_response(page, status)


@blueprint.get("/desk/<slug>/shifts/<uuid:shift_id>/door.svg")
@person_required
def door_picture(slug: str, shift_id: object) -> Response:
    """The picture at the door (QR), black on white in every theme."""
    import segno

    _petition, shift = own_shift(slug, shift_id)
    drawn = io.BytesIO()
    address = absolute("doing.check_in", token=door_token(shift.id))
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", title=shift.title
    )
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/desk/<slug>/seats/<uuid:seat_id>")
@person_required
@limiter.limit("1000 per hour")
def tick(slug: str, seat_id: object) -> AnyResponse:
    """Tick somebody off, or take the tick back."""
    petition = own_petition(slug)
    seat = db.session.get(Seat, str(seat_id))
    if seat is None or seat.petition_id != petition.id:
        abort(404)
    shift_id = seat.shift_id
    try:
        run_tx(lambda: tick_off(str(seat_id), request.form.get("here") == "1"))
    except Refusal as refusal:
        db.session.expire_all()
        return door_page(slug, shift_id, str(refusal.sentence), refusal.status)
    return redirect(url_for("doing.door", slug=slug, shift_id=shift_id, _anchor="list"), 303)
