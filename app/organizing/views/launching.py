"""Launching a petition by one form, and the petitions like it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.actions.planning import plan as plan_milestones
from app.db import db, run_tx
from app.errors import Refusal
from app.organizing.forms import LaunchForm
from app.organizing.previewing import offers_in_words
from app.organizing.similar import similar_petitions
from app.people.models import Person
from app.petitions.launching import launch
from app.petitions.models import Petition
from app.web.guards import person_required
from app.web.htmx import answer
from app.web.limits import limiter

from . import blueprint


@blueprint.route("/petitions/new", methods=["GET", "POST"])
@person_required
@limiter.limit("120 per hour", methods=["POST"])
def new() -> Response:
    """The whole launch on one page; "preview" shows it as readers would see it and saves nothing."""
    if request.method == "GET":
        return launch_page(LaunchForm(data={"kinds": request.args.getlist("kind")}))
    form = LaunchForm.from_request()
    if "preview" in request.form:
        return launch_page(form, preview=True)
    if not form.validate():
        return launch_page(form, status=422)
    try:
        slug = launch_once(current_user.id, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return launch_page(form, status=refusal.status)
    flash(_("Your petition is ready for its first sponsors. Send them the private link below."), "good")
    return redirect(url_for("organizing.petition", slug=slug), 303)


def launch_page(form: LaunchForm, status: int = 200, *, preview: bool = False) -> Response:
    fragment = "organizing/_preview.html" if preview else "organizing/new.html"
    return answer(
        "organizing/new.html",
        fragment,
        status,
        form=form,
        preview=preview,
        offers=offers_in_words(form) if preview else [],
        similar=similar_petitions(form.title.data or ""),
    )


def launch_once(organizer_id: str, form: LaunchForm) -> str:
    """Launch with the plan in one transaction; the same key again gives the same petition's slug."""
    key = form.key_for(organizer_id)

    def make() -> str:
        if slug := launched_with(key):
            return slug
        organizer = db.session.get_one(Person, organizer_id)
        petition = launch(organizer, form.wish(), idempotency_key=key)
        plan_milestones(petition.id, form.plan())
        return petition.slug

    try:
        return run_tx(make)
    except IntegrityError:
        return run_tx(make)


def launched_with(key: str) -> str | None:
    slug: str | None = db.session.scalar(sa.select(Petition.slug).where(Petition.idempotency_key == key))
    return slug


@blueprint.get("/petitions/new/similar")
@person_required
def similar() -> Response:
    """Petitions like the title being typed: a list below the field, or a page of its own."""
    title = request.args.get("title", "")[:200]
    context: dict[str, Any] = {"similar": similar_petitions(title), "title": title, "asked": True}
    return answer("organizing/similar.html", "organizing/_similar.html", **context)
