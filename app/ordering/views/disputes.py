"""Where a moderator decides what buyer and organizer disagree about."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, run_tx
from app.errors import Refusal
from app.ordering import missing
from app.ordering.models import Shortage
from app.ordering.packing import code_of
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.web.guards import moderator_required

from . import blueprint


@blueprint.get("/moderation/orders")
@moderator_required
def disputes() -> Response:
    """Every contested report, the oldest first."""
    rows = db.session.execute(
        sa.select(Shortage, Petition, Pledge)
        .join(Petition, Petition.id == Shortage.petition_id)
        .join(Pledge, Pledge.id == Shortage.pledge_id)
        .where(Shortage.state == "contested")
        .order_by(Shortage.contested_at, Shortage.id)
        .limit(100)
    ).all()
    return make_response(render_template("ordering/disputes.html", rows=rows, code_of=code_of))


@blueprint.post("/moderation/orders/<uuid:shortage_id>")
@moderator_required
def decide(shortage_id: object) -> Response:
    """Uphold or dismiss a report."""
    verdict = request.form.get("verdict")
    if verdict not in {"uphold", "dismiss"}:
        abort(422)
    moderator_id = current_user.id
    try:
        decided = run_tx(lambda: missing.decide(str(shortage_id), moderator_id, upholds=verdict == "uphold"))
    except Refusal as refusal:
        if refusal.status == 404:
            abort(404)
        flash(str(refusal.sentence), "error")
    else:
        flash(_("Decided. Both sides get a letter.") if decided else _("This was decided already."), "good")
    return make_response(redirect(url_for("ordering.disputes"), 303))
