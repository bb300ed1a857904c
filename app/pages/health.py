"""Is it alive, is it ready, how much is waiting: for operators and their machines."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.actions.models import Action
from app.db import db
from app.mail.models import Letter
from app.outbox import Announcement
from app.petitions.models import Petition
from app.web.caching import for_everybody
from app.web.guards import anyone

from .views import blueprint


@blueprint.get("/livez")
@anyone
@for_everybody
def livez() -> Response:
    """The process answers."""
    return plain("ok\n")


@blueprint.get("/readyz")
@anyone
@for_everybody
def readyz() -> Response:
    """The database answers and has its tables."""
    try:
        db.session.execute(sa.select(Petition.id).limit(1)).all()
    except SQLAlchemyError:
        current_app.logger.warning("the database does not answer", exc_info=True)
        return plain("the database does not answer\n", 503)
    return plain("ok\n")


@blueprint.get("/metrics")
@anyone
@for_everybody
def metrics() -> Response:
    """Gauges in the Prometheus text format, on loopback or with the token."""
    if not may_measure():
        abort(404)
    return plain("".join(gauges()), kind="text/plain; version=0.0.4; charset=utf-8")


def may_measure() -> bool:
    """A bearer of ``DURE_METRICS_TOKEN``, or somebody on this machine without a proxy in between."""
    token: str = current_app.config["DURE"].metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"))
    return not forwarded and ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104


def gauges() -> Iterator[str]:
    """Petitions and actions by state, and what is due."""
    at = clock.now()
    yield from by_state("dure_petitions", "Petitions by state.", Petition.state)
    yield from by_state("dure_actions", "Actions by state.", Action.state)
    waiting = (
        (
            "dure_outbox_due",
            "Announcements whose reactions are due.",
            Announcement.finished_at.is_(None)
            & Announcement.given_up_at.is_(None)
            & (Announcement.due_at <= at),
        ),
        (
            "dure_outbox_given_up",
            "Announcements that were given up.",
            Announcement.given_up_at.is_not(None),
        ),
        (
            "dure_letters_due",
            "Letters waiting to be sent.",
            Letter.sent_at.is_(None) & Letter.given_up_at.is_(None) & (Letter.due_at <= at),
        ),
        ("dure_letters_given_up", "Letters that could not be delivered.", Letter.given_up_at.is_not(None)),
    )
    for name, description, condition in waiting:
        number = db.session.scalar(sa.select(sa.func.count()).where(condition))
        yield f"{header(name, description)}{name} {number}\n"


def by_state(name: str, description: str, column: sa.orm.InstrumentedAttribute[str]) -> Iterator[str]:
    yield header(name, description)
    rows = db.session.execute(sa.select(column, sa.func.count()).group_by(column).order_by(column))
    for state, number in rows:
        yield f'{name}{{state="{state}"}} {number}\n'


def header(name: str, description: str) -> str:
    return f"# HELP {name} {description}\n# TYPE {name} gauge\n"


def plain(text: str, status: int = 200, kind: str = "text/plain; charset=utf-8") -> Response:
    return Response(text, status, content_type=kind)
