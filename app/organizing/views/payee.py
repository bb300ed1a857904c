"""Where payouts go: an account that the gateway has checked."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from app.payments.payee_page import name_own_account
from app.web.guards import person_required
from app.web.limits import limiter

from . import blueprint


@blueprint.route("/desk/payee", methods=["GET", "POST"])
@person_required
@limiter.limit("20 per hour", methods=["POST"])
def payee() -> Response:
    """Name the account, on the way to the desk."""
    return name_own_account("organizing/payee.html", url_for("organizing.desk"))
