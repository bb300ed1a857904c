"""A lender's pages: all loans, and one of them with what came back of it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort, make_response, render_template
from flask_login import current_user

from app.db import db
from app.petitions.models import Petition
from app.pledges.links import open_letter
from app.pledges.models import Pledge
from app.web.guards import person_required, token_holder

from .glancing import glances_at
from .models import Loan
from .reading import drawing_of, part_of
from .views import blueprint


@blueprint.get("/me/loans")
@person_required
def loans() -> Response:
    """Everything I lend and everything I borrow."""
    pledges = db.session.execute(
        sa.select(Pledge, Petition)
        .join(Petition, Petition.id == Pledge.petition_id)
        .where(Pledge.person_id == current_user.id, Pledge.kind == "loan", Pledge.state != "draft")
        .order_by(Pledge.created_at.desc(), Pledge.id)
    ).all()
    parts = glances_at(current_user.id)
    lent = [
        {"pledge": pledge, "petition": petition, "part": parts.get(petition.id) if pledge.captured else None}
        for pledge, petition in pledges
    ]
    return make_response(
        render_template("lending/loans.html", lent=lent, borrowed=borrowed_by(current_user.id))
    )


def borrowed_by(person_id: str) -> list[tuple[Petition, Loan | None]]:
    """The petitions with which somebody borrows, the newest first, with their loans once they run."""
    petitions = db.session.scalars(
        sa.select(Petition).where(Petition.organizer_id == person_id).order_by(Petition.created_at.desc())
    ).all()
    loans = {
        loan.id: loan for loan in db.session.scalars(sa.select(Loan).where(Loan.borrower_id == person_id))
    }
    return [(each, loans.get(each.id)) for each in petitions if each.threshold_of("loan")]


@blueprint.get("/me/loans/<uuid:pledge_id>")
@person_required
def lender(pledge_id: object) -> Response:
    """What I lent with this pledge, what has come back, and what is due."""
    pledge = db.session.get(Pledge, str(pledge_id))
    if pledge is None or pledge.kind != "loan" or pledge.person_id != current_user.id:
        abort(404)
    return lender_page(pledge, db.session.get_one(Petition, pledge.petition_id))


@blueprint.get("/pledges/<token>/loan")
@token_holder
def lender_link(token: str) -> Response:
    """The same page, for whoever holds the letter's link."""
    pledge, petition = open_letter(token)
    if pledge.kind != "loan":
        abort(404)
    return lender_page(pledge, petition)


def lender_page(pledge: Pledge, petition: Petition) -> Response:
    """The lender's page: one for all pledges of a person to the same loan."""
    loan = db.session.get(Loan, petition.id)
    part = part_of(loan, pledge.person_id) if loan and pledge.person_id else None
    drawing = drawing_of(part.loan, part) if part else None
    return make_response(
        render_template("lending/lender.html", pledge=pledge, petition=petition, part=part, drawing=drawing)
    )
