"""Payouts that wait for a second person."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.actions.models import Payout
from app.db import db, run_tx
from app.errors import Refusal
from app.moderation.deciding import approve_payout
from app.moderation.watching import proposed_payouts
from app.payments.models import Payee
from app.people.signing_in import has_signed_in_lately
from app.web.guards import moderator_required

from . import blueprint


@blueprint.get("/moderation/payouts")
@moderator_required
def payouts() -> Response:
    """What is proposed, with the evidence and the account it goes to."""
    return payouts_page()


@blueprint.post("/moderation/payouts/<uuid:payout_id>")
@moderator_required
def approve(payout_id: object) -> Response:
    """Approve one payout; whoever proposed it cannot, nor an old session somebody may have found open."""
    wanted, moderator_id = str(payout_id), current_user.id
    if db.session.get(Payout, wanted) is None:
        abort(404)
    if not has_signed_in_lately():
        return payouts_page(status=403)
    try:
        done = run_tx(lambda: approve_payout(moderator_id, wanted))
    except Refusal as refusal:
        return payouts_page(str(refusal.sentence), refusal.status)
    flash(
        _("Approved. The gateway sends it next.") if done else _("It was approved already; nothing changed."),
        "good",
    )
    return redirect(url_for("moderation.payouts"), 303)


def payouts_page(refused: str | None = None, status: int = 200) -> Response:
    waiting = proposed_payouts()
    owners = {petition.organizer_id for _payout, _milestone, petition in waiting}
    accounts = {person_id: db.session.get(Payee, person_id) for person_id in owners if person_id}
    return make_response(
        render_template(
            "moderation/payouts.html",
            waiting=waiting,
            accounts=accounts,
            refused=refused,
            fresh=has_signed_in_lately(),
        ),
        status,
    )
