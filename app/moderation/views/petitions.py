"""One petition under review: as readers would see it, and what to decide about it."""

from __future__ import annotations

import re
from html import unescape

import sqlalchemy as sa
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.actions.planning import plan_of
from app.db import db, run_tx
from app.errors import Refusal
from app.moderation.deciding import carry_out, verbs_for
from app.moderation.forms import DecisionForm
from app.moderation.models import Decision
from app.moderation.reasons import VERBS, reason_label
from app.people.models import Person
from app.petitions.models import Petition, Signature
from app.petitions.regions import region_name
from app.web.guards import moderator_required
from app.web.markdown import render_markdown

from . import blueprint

LINK = re.compile(r'href="([^"]+)"')


def any_petition(slug: str) -> Petition:
    """The petition of that slug, in whatever state."""
    petition = db.session.scalar(sa.select(Petition).where(Petition.slug == slug))
    if petition is None:
        abort(404)
    return petition


@blueprint.get("/moderation/petitions/<slug>")
@moderator_required
def petition(slug: str) -> Response:
    """The petition with its organizer, sponsors, links and past decisions."""
    return petition_page(any_petition(slug))


@blueprint.post(
    "/moderation/petitions/<slug>/<any(publish, reject, hide, show, remove, feature, unfeature):verb>"
)
@moderator_required
def decide(slug: str, verb: str) -> Response:
    """Carry out one verb, once; a second moderator's press changes nothing."""
    found = any_petition(slug)
    form = DecisionForm.about(verb, request.form)
    if not form.validate():
        return petition_page(found, form, 422)
    moderator_id, petition_id = current_user.id, found.id
    try:
        done = run_tx(
            lambda: carry_out(moderator_id, petition_id, verb, form.chosen_reason, form.note.data or "")
        )
    except Refusal as refusal:
        db.session.expire_all()
        flash(str(refusal.sentence), "error")
        return petition_page(found, form, refusal.status)
    if done:
        flash(_("Done, and on record."), "good")
    else:
        flash(_("Nothing changed: somebody got there first, or it is no longer possible."), "warn")
    waited = verb in {"publish", "reject"}
    target = url_for("moderation.queue") if waited else url_for("moderation.petition", slug=slug)
    return redirect(target, 303)


def petition_page(petition: Petition, failed: DecisionForm | None = None, status: int = 200) -> Response:
    verbs = verbs_for(petition)
    forms = {verb: DecisionForm.about(verb) for verb in verbs}
    if failed is not None:
        forms[failed.verb] = failed
    html = render_markdown(petition.text)
    return make_response(
        render_template(
            "moderation/petition.html",
            petition=petition,
            organizer=db.session.get(Person, petition.organizer_id) if petition.organizer_id else None,
            sponsors=sponsors_of(petition),
            links=list(dict.fromkeys(unescape(link) for link in LINK.findall(html))),
            plan=plan_of(petition.id),
            forms=forms,
            failed=failed,
            decisions=decisions_on(petition),
            verbs=VERBS,
            reason_label=reason_label,
            region_name=region_name,
        ),
        status,
    )


def sponsors_of(petition: Petition) -> list[Signature]:
    return list(
        db.session.scalars(
            sa.select(Signature)
            .where(
                Signature.petition_id == petition.id,
                Signature.sponsor.is_(True),
                Signature.state == "validated",
            )
            .order_by(Signature.validated_at, Signature.id)
            .limit(50)
        )
    )


def decisions_on(petition: Petition) -> list[tuple[Decision, str]]:
    rows = db.session.execute(
        sa.select(Decision, Person.name)
        .join(Person, Person.id == Decision.moderator_id)
        .where(Decision.petition_id == petition.id)
        .order_by(Decision.at.desc(), Decision.id.desc())
        .limit(50)
    )
    return [(decision, name) for decision, name in rows]
