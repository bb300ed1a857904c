"""Claiming a step of the plan with evidence."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.actions import milestones
from app.actions.models import Milestone
from app.db import db, run_tx
from app.errors import Refusal
from app.organizing.loading import own_petition
from app.organizing.reporting_forms import ClaimForm
from app.petitions.models import Petition
from app.web.guards import person_required
from app.web.limits import limiter
from app.web.media import media_folder

from . import blueprint


@blueprint.route("/desk/<slug>/milestones/<uuid:milestone_id>/claim", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def claim(slug: str, milestone_id: object) -> Response:
    """Say what was done and show it; the backers' vote begins."""
    petition = own_petition(slug)
    milestone = db.session.scalar(
        sa.select(Milestone).where(Milestone.id == str(milestone_id), Milestone.petition_id == petition.id)
    )
    if milestone is None:
        abort(404)
    form = ClaimForm.from_request()
    if request.method == "GET":
        return claim_page(petition, milestone, form)
    if not form.validate():
        return claim_page(petition, milestone, form, 422)
    try:
        claimed = claim_with_picture(milestone.id, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return claim_page(petition, milestone, form, refusal.status)
    flash(
        _("Claimed. The backers have been asked to look at it.")
        if claimed
        else _("This step was claimed already; nothing changed."),
        "good",
    )
    return redirect(url_for("organizing.petition", slug=slug, _anchor="plan"), 303)


def claim_with_picture(milestone_id: str, form: ClaimForm) -> bool:
    """Keep the picture first; when the claim does not go through, nothing of it stays."""
    organizer_id, uploaded = current_user.id, form.picture()
    image = keep_picture(uploaded) if uploaded else None
    claimed = False
    try:
        claimed = run_tx(
            lambda: milestones.claim(
                milestone_id, organizer_id, text=form.text.data, link=form.link.data or None, image=image
            )
        )
    finally:
        if image and not claimed:
            (media_folder() / image).unlink()
    return claimed


def claim_page(petition: Petition, milestone: Milestone, form: ClaimForm, status: int = 200) -> Response:
    return make_response(
        render_template("organizing/claim.html", petition=petition, milestone=milestone, form=form), status
    )


def keep_picture(uploaded: bytes) -> str:
    """Keep a photo re-encoded; returns its name. Pillow is loaded for those who send one.

    Raises:
        Refusal: it is no picture that can be read.
    """
    from app.organizing.pictures import keep, re_encode

    return keep(re_encode(uploaded), media_folder())
