"""CSV of a petition's signatures and pledges: what the organizer may know, never an address."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response
from flask_babel import gettext as _

from app.db import db
from app.money import to_major
from app.organizing.loading import own_petition
from app.organizing.naming import shown_name
from app.petitions.models import Signature
from app.pledges.models import Pledge
from app.web.guards import person_required
from app.web.sheets import download, in_seoul, sheet

from . import blueprint


@blueprint.get("/desk/<slug>/signatures.csv")
@person_required
def signatures_csv(slug: str) -> Response:
    """Every confirmed signature in order: name as the signer shows it, region, reason, moment."""
    petition = own_petition(slug)
    found = db.session.scalars(
        sa.select(Signature)
        .where(Signature.petition_id == petition.id, Signature.state == "validated")
        .order_by(Signature.validated_at, Signature.id)
    )
    rows = [(shown_name(s.name, s.hide_name), s.region, s.reason, in_seoul(s.validated_at)) for s in found]
    columns = (_("Name"), _("Region"), _("Reason"), _("Confirmed (Seoul)"))
    return download(sheet(columns, rows), f"signatures-{petition.id[-12:]}.csv")


@blueprint.get("/desk/<slug>/pledges.csv")
@person_required
def pledges_csv(slug: str) -> Response:
    """Every confirmed pledge in order: name as shown, amount in major units or its measure, state, moment."""
    petition = own_petition(slug)
    found = db.session.scalars(
        sa.select(Pledge)
        .where(Pledge.petition_id == petition.id, Pledge.state != "draft")
        .order_by(Pledge.created_at, Pledge.id)
    )
    rows = [
        (
            shown_name(p.name, p.hide_name),
            to_major(p.amount, p.currency) if p.measure == "money" and p.currency else p.amount,
            p.currency if p.measure == "money" else p.measure,
            p.state,
            in_seoul(p.ready_at),
        )
        for p in found
    ]
    columns = (_("Name"), _("Amount"), _("Currency"), _("State"), _("Pledged (Seoul)"))
    return download(sheet(columns, rows), f"pledges-{petition.id[-12:]}.csv")
