"""One person's promise, behind the link in their letters: shifts, checking in, the word, what was lent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _

from app.actions.models import Action
from app.db import db, run_tx
from app.doing.calendars import days_owed, shift_event
from app.doing.checking import check_in as check_person_in
from app.doing.checking import shift_of_code
from app.doing.forms import CodeForm, WordForm
from app.doing.models import Seat, Shift
from app.doing.reading import deed_view, shifts_of
from app.doing.returning import got_back, miss
from app.doing.saying import say
from app.doing.seating import leave, take
from app.errors import Refusal
from app.petitions.models import Petition
from app.pledges.links import open_letter
from app.pledges.models import Pledge
from app.web.calendars import calendar_of, send
from app.web.guards import token_holder
from app.web.languages import speak
from app.web.limits import limiter

from . import blueprint

Said = tuple[str, str]


def own_deed(token: str) -> tuple[Pledge, Petition]:
    """The promise behind a letter's link, in its person's language; 404 for a pledge of another kind."""
    pledge, petition = open_letter(token)
    if pledge.kind != "deed" or pledge.state == "draft":
        abort(404)
    speak(pledge.locale)
    return pledge, petition


@blueprint.get("/deeds/<token>")
@token_holder
def mine(token: str) -> Response:
    """What was promised, my shifts, the word, what I lent."""
    return show(token)


@blueprint.post("/deeds/<token>/places")
@token_holder
@limiter.limit("120 per hour")
def take_or_leave(token: str) -> Response:
    """Take a place on a shift, or give it back."""
    pledge, _petition = own_deed(token)
    shift = db.session.get(Shift, request.form.get("shift", "")) if is_id(request.form.get("shift")) else None
    if shift is None or shift.petition_id != pledge.petition_id:
        abort(404)
    if request.form.get("do") == "leave":
        words = _("You gave your place back.")
        return press(token, lambda: leave(shift.id, pledge.id), lambda _left: words)
    return press(
        token,
        lambda: take(shift.id, pledge.id),
        lambda state: (
            _("The place is yours. A letter has the details.")
            if state == "taken"
            else _("You are on the waiting list. When somebody leaves, you hear of it.")
        ),
    )


def is_id(text: str | None) -> bool:
    """Whether this could be an id at all: PostgreSQL refuses to look for anything else."""
    try:
        UUID(text or "")
    except ValueError:
        return False
    return True


@blueprint.post("/deeds/<token>/code")
@token_holder
@limiter.limit("10 per minute; 60 per hour")
def enter_code(token: str) -> Response:
    """Check in with the digits at the door."""
    pledge, _petition = own_deed(token)
    form = CodeForm.from_request()
    if not form.validate():
        return show(token, status=422, code=form)
    shift = shift_of_code(pledge.id, form.code.data or "")
    if shift is None:
        form.refuse(
            Refusal(_("None of your shifts has these digits. Read them at the door again."), field="code")
        )
        return show(token, status=422, code=form)
    return press(
        token, lambda: check_person_in(shift.id, pledge.id), lambda _new: _("You are here. Have a good time.")
    )


@blueprint.post("/deeds/<token>/word")
@token_holder
@limiter.limit("60 per hour")
def say_word(token: str) -> Response:
    """The person says: I kept it, or I could not."""
    pledge, _petition = own_deed(token)
    form = WordForm.from_request()
    if not form.validate():
        return show(token, status=422, word=form)
    try:
        done = form.done(pledge.amount)
        state = run_tx(
            lambda: say(pledge.id, "person", form.word.data == "kept", done, note=form.note.data or "")
        )
    except Refusal as refusal:
        db.session.expire_all()
        form.refuse(refusal)
        return show(token, status=refusal.status, word=form)
    db.session.expire_all()
    return show(token, said=("good", after_word(state, form.word.data == "kept")))


def after_word(state: str, kept: bool) -> str:
    if state == "kept":
        return str(_("Both of you say so: you kept your promise. Thank you."))
    if state == "disputed":
        return str(_("The organizer says otherwise. A moderator reads both words and decides."))
    if state == "broken" and not kept:
        return str(_("Both of you say so: it was not done. You can still object for thirty days."))
    return str(_("Written down. The organizer has seven days to say otherwise; after that your word holds."))


@blueprint.post("/deeds/<token>/return")
@token_holder
@limiter.limit("60 per hour")
def mark_return(token: str) -> Response:
    """The lender says: it is back, or it is missing."""
    pledge, _petition = own_deed(token)
    if request.form.get("do") == "missing":
        words = _("Written down: it is missing. The organizer has a letter.")
        return press(token, lambda: miss(pledge.id), lambda _new: words)
    return press(token, lambda: got_back(pledge.id), lambda _new: _("Good that it is back. Thank you."))


@blueprint.get("/deeds/<token>/calendar.ics")
@token_holder
def my_calendar(token: str) -> Response:
    """My shifts and the days I owe, to subscribe to."""
    pledge, petition = own_deed(token)
    rows = db.session.execute(
        sa.select(Shift, Seat.state)
        .join(Seat, Seat.shift_id == Shift.id)
        .where(Seat.pledge_id == pledge.id, Seat.state != "left")
        .order_by(Shift.starts_at)
    )
    events = [
        shift_event(shift, petition.slug, petition.title, waiting=state == "waiting") for shift, state in rows
    ]
    events += days_owed(deed_view(pledge), petition.title)
    return send(calendar_of(petition.title, events), "my-shifts.ics")


def press(token: str, verb: Callable[[], Any], words: Callable[[Any], object]) -> Response:
    """Do what a button says, then show the page with what came of it."""
    try:
        done = run_tx(verb)
    except Refusal as refusal:
        db.session.expire_all()
        return show(token, said=("error", str(refusal.sentence)), status=refusal.status)
    db.session.expire_all()
    return show(token, said=("good", str(words(done))))


def show(
    token: str,
    *,
    said: Said | None = None,
    status: int = 200,
    word: WordForm | None = None,
    code: CodeForm | None = None,
) -> Response:
    pledge, petition = own_deed(token)
    deed = deed_view(pledge)
    shifts = shifts_of(petition.id, own=pledge.id)
    page = render_template(
        "doing/mine.html",
        token=token,
        pledge=pledge,
        petition=petition,
        action=db.session.scalar(sa.select(Action).where(Action.petition_id == petition.id)),
        deed=deed,
        shifts=shifts,
        may_take=pledge.state in {"ready", "frozen"},
        at_door=[each for each in shifts if each.own and each.door_open and not each.checked_in_at],
        said=said,
        word=word or WordForm(data={"amount": str(deed.suggested)}),
        code=code or CodeForm(),
    )
    return make_response(page, status)
