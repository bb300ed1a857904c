"""The signatures of one petition: found by state and address, struck with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.db import db
from app.errors import Refusal
from app.moderation.forms import FilterForm, StrikeForm
from app.moderation.invalidating import COUNTING, address_like, matching, selected, strike
from app.moderation.reasons import INVALIDATING
from app.moderation.watching import busiest_domains, busiest_networks
from app.petitions.models import Petition, Signature
from app.web.guards import moderator_required
from app.web.paging import asked_page

from . import blueprint
from .petitions import any_petition

SIGNATURES_A_PAGE = 100


@blueprint.get("/moderation/petitions/<slug>/signatures")
@moderator_required
def signatures(slug: str) -> Response:
    """The list, filtered by state and address pattern, with how many a bulk strike would hit."""
    return signatures_page(any_petition(slug), FilterForm(request.args), StrikeForm())


@blueprint.post("/moderation/petitions/<slug>/signatures")
@moderator_required
def invalidate(slug: str) -> Response:
    """Strike the selected signatures, or (``scope=matching``) all whose address fits the pattern."""
    petition = any_petition(slug)
    filters, form = FilterForm(request.form), StrikeForm(request.form)
    sound = filters.validate()
    if not form.validate() or not sound:
        return signatures_page(petition, filters, form, 422)
    by_pattern = request.form.get("scope") == "matching"
    pattern = (filters.address.data or "") if by_pattern else ""
    try:
        ids = matching(petition.id, pattern) if by_pattern else selected(petition.id, chosen_ids())
    except Refusal as refusal:
        (filters if refusal.field == "address" else form).refuse(refusal)
        return signatures_page(petition, filters, form, refusal.status)
    struck = strike(
        current_user.id,
        petition.id,
        ids,
        reason=form.reason.data,
        note=form.note.data or "",
        pattern=pattern,
    )
    flash(ngettext("%(num)d signature struck.", "%(num)d signatures struck.", struck), "good")
    return redirect(
        url_for(
            "moderation.signatures",
            slug=slug,
            state=filters.chosen_state or None,
            address=filters.address.data or None,
        ),
        303,
    )


def chosen_ids() -> list[str]:
    """The ticked signatures; what is no id is passed over."""
    ids = []
    for typed in request.form.getlist("selected")[:SIGNATURES_A_PAGE]:
        try:
            ids.append(str(UUID(typed)))
        except ValueError:
            continue
    return ids


def signatures_page(petition: Petition, filters: FilterForm, form: StrikeForm, status: int = 200) -> Response:
    conditions: list[sa.ColumnElement[bool]] = [Signature.petition_id == petition.id]
    if state := filters.chosen_state:
        conditions.append(Signature.state == state)
    hits = None
    if filters.address.data and filters.validate():
        try:
            conditions.append(fits := address_like(filters.address.data))
            hits = count(Signature.petition_id == petition.id, Signature.state.in_(COUNTING), fits)
        except Refusal as refusal:
            filters.refuse(refusal)
            status = refusal.status
    page = asked_page()
    return make_response(
        render_template(
            "moderation/signatures.html",
            petition=petition,
            filters=filters,
            form=form,
            hits=hits,
            total=count(*conditions),
            page=page,
            ticked=set(chosen_ids()),
            reasons=INVALIDATING,
            networks=busiest_networks(petition.id),
            domains=busiest_domains(petition.id),
            **page_of(conditions, page),
        ),
        status,
    )


def page_of(conditions: list[sa.ColumnElement[bool]], page: int) -> dict[str, Any]:
    found = db.session.scalars(
        sa.select(Signature)
        .where(*conditions)
        .order_by(Signature.created_at.desc(), Signature.id.desc())
        .offset((page - 1) * SIGNATURES_A_PAGE)
        .limit(SIGNATURES_A_PAGE + 1)
    ).all()
    return {"signatures": found[:SIGNATURES_A_PAGE], "more": len(found) > SIGNATURES_A_PAGE}


def count(*conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Signature).where(*conditions)) or 0
