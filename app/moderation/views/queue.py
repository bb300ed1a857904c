"""What waits for a moderator, and the record of what moderators decided."""

from __future__ import annotations

import sqlalchemy as sa
from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from app.db import db
from app.moderation.models import Decision
from app.moderation.reasons import VERBS, reason_label
from app.moderation.watching import (
    found_petitions,
    hidden_petitions,
    loose_ends,
    proposed_payouts,
    waiting_petitions,
)
from app.people.models import Person
from app.petitions.models import Petition
from app.web.guards import moderator_required
from app.web.paging import asked_page

from . import blueprint

DECISIONS_A_PAGE = 50


@blueprint.get("/moderation")
@moderator_required
def queue() -> Response:
    """Everything that waits, the longest waiting first; ``q`` finds any petition."""
    query = "".join(c for c in request.args.get("q", "")[:100] if c.isprintable())
    return make_response(
        render_template(
            "moderation/queue.html",
            waiting=waiting_petitions(),
            hidden=hidden_petitions(),
            payouts=proposed_payouts(),
            loose=loose_ends(),
            query=query,
            found=found_petitions(query),
        )
    )


@blueprint.get("/moderation/decisions")
@moderator_required
def decisions() -> Response:
    """Every decision there ever was, the newest first."""
    page = asked_page()
    rows = db.session.execute(
        sa.select(Decision, Person.name, Petition.title, Petition.slug)
        .join(Person, Person.id == Decision.moderator_id)
        .outerjoin(Petition, Petition.id == Decision.petition_id)
        .order_by(Decision.at.desc(), Decision.id.desc())
        .offset((page - 1) * DECISIONS_A_PAGE)
        .limit(DECISIONS_A_PAGE + 1)
    ).all()
    return make_response(
        render_template(
            "moderation/decisions.html",
            rows=rows[:DECISIONS_A_PAGE],
            more=len(rows) > DECISIONS_A_PAGE,
            page=page,
            verbs=VERBS,
            reason_label=reason_label,
        )
    )
