"""``/dev/letters``: the letter box of an installation that has no mail server. Never in production."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, request

from app.db import db
from app.web.guards import anyone
from app.web.headers import policy

from .models import Letter

blueprint = Blueprint("mail", __name__)

MOST = 100
PAGE_POLICY = policy(frame_src="'self'")
LETTER_POLICY = policy(
    script_src="'none'",
    connect_src="'none'",
    style_src="'unsafe-inline'",
    form_action="'none'",
    frame_ancestors="'self'",
)


@blueprint.before_request
def exist_for_developers_only() -> None:
    settings = current_app.config["DURE"]
    if settings.production or settings.smtp_url:
        abort(404)


@blueprint.get("/dev/letters")
@anyone
def letters() -> Response:
    """The newest letters; ``?to=`` keeps those to one address, ``?format=json`` gives them to scripts."""
    recipient = request.args.get("to", "").strip()
    newest = sa.select(Letter).order_by(Letter.created_at.desc(), Letter.id.desc()).limit(MOST)
    if recipient:
        newest = newest.where(Letter.recipient == recipient if recipient.isprintable() else sa.false())
    found = db.session.scalars(newest).all()
    if request.args.get("format") == "json":
        return jsonify(letters=[as_json(letter) for letter in found])
    return make_response(render_template("mail/letters.html", letters=found, recipient=recipient))


def as_json(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "to": letter.recipient,
        "subject": letter.subject,
        "text": letter.text,
        "created_at": letter.created_at.isoformat(),
    }


@blueprint.get("/dev/letters/<uuid:letter_id>")
@anyone
def letter(letter_id: Any) -> Response:
    response = make_response(render_template("mail/letter_page.html", letter=find(letter_id)))
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


@blueprint.get("/dev/letters/<uuid:letter_id>/html")
@anyone
def letter_html(letter_id: Any) -> Response:
    """The letter as a mail program shows it, for the frame on its page: no script, no network."""
    html = find(letter_id).html.replace("<head>", '<head><base target="_blank">', 1)
    response = make_response(html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def find(letter_id: Any) -> Letter:
    found = db.session.get(Letter, str(letter_id))
    if found is None:
        abort(404)
    return found
