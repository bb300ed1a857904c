"""The public repayment record, and the blueprint that the private pages hang on."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template

from app.db import db
from app.petitions.models import Petition
from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, version_of
from app.web.caching import for_everybody, kept, snapshot
from app.web.guards import anyone
from app.web.links import absolute

from .models import Agreement, Loan
from .reading import LoanView, drawing_of, view_of
from .signing import agreement_of

blueprint = Blueprint("lending", __name__)


@blueprint.app_template_global()
def loan_of_petition(petition_id: str) -> LoanView | None:
    """The loan that a petition became, for the pages that speak of it; kept for a moment."""

    def read() -> LoanView | None:
        loan = db.session.get(Loan, petition_id)
        return view_of(loan) if loan else None

    return snapshot(("loan", petition_id), read)


@blueprint.get("/actions/<slug>/loan")
@anyone
@for_everybody
def record(slug: str) -> Response:
    """What was lent, signed, paid and is still owed: the same for everybody."""
    petition = shown(slug)
    agreement = snapshot(("agreement", petition.id), lambda: agreement_of(petition.id))
    loan = loan_of_petition(petition.id)
    version = version_of(petition.version, loan.version if loan else "", agreement.id if agreement else "")
    return kept(("loan", slug), version, lambda: render(petition, agreement, loan))


def shown(slug: str) -> PetitionView:
    """The petition at this address that takes loans, or 404 and 410 where strangers see nothing."""
    petition = public_petition(slug)
    if not any(threshold.kind == "loan" for threshold in petition.thresholds):
        abort(404)
    return petition


def render(petition: PetitionView, agreement: Agreement | None, loan: LoanView | None) -> str:
    return render_template(
        "lending/record.html",
        petition=petition,
        agreement=agreement,
        loan=loan,
        drawing=drawing_of(loan) if loan else None,
        address=absolute("lending.record", slug=petition.slug),
    )


def borrowed(slug: str, person_id: str) -> Petition:
    """The petition with which this person borrows, or 404."""
    petition = db.session.scalar(sa.select(Petition).where(Petition.slug == slug))
    if petition is None or petition.organizer_id != person_id or petition.threshold_of("loan") is None:
        abort(404)
    return petition


from . import borrower_views, events, lender_views  # noqa: E402, F401
