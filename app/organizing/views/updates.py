"""Writing to the supporters."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.db import db, run_tx
from app.errors import Refusal
from app.organizing.loading import own_petition
from app.organizing.reporting_forms import UpdateForm
from app.petitions.models import Petition, Update
from app.petitions.updating import publish_update
from app.web.guards import person_required
from app.web.limits import limiter

from . import blueprint


@blueprint.route("/desk/<slug>/updates", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def updates(slug: str) -> Response:
    """The updates so far, and the form for the next one; "preview" sends nothing."""
    petition = own_petition(slug)
    form = UpdateForm.from_request()
    if request.method == "GET":
        return updates_page(petition, form)
    if "preview" in request.form:
        return updates_page(petition, form, preview=True)
    if not form.validate():
        return updates_page(petition, form, 422)
    author_id, petition_id = current_user.id, petition.id
    key = form.key_for(petition_id)
    try:
        run_tx(
            lambda: publish_update(
                petition_id, author_id, title=form.title.data, text=form.text.data, idempotency_key=key
            )
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return updates_page(own_petition(slug), form, refusal.status)
    flash(_("Published. Everybody who follows this petition gets a letter."), "good")
    return redirect(url_for("organizing.updates", slug=slug), 303)


def updates_page(
    petition: Petition, form: UpdateForm, status: int = 200, *, preview: bool = False
) -> Response:
    published = db.session.scalars(
        sa.select(Update).where(Update.petition_id == petition.id).order_by(Update.published_at.desc())
    ).all()
    return make_response(
        render_template(
            "organizing/updates.html", petition=petition, form=form, preview=preview, published=published
        ),
        status,
    )
