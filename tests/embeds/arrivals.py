"""What tests of other sites share: loads of a widget there, and the counts of today."""

from __future__ import annotations

from flask import Flask

from app.db import db
from app.embeds.counting import shown_by
from app.petitions.models import Arrival, Petition

NEWS = "news.example.org"
ARTICLE = f"https://{NEWS}/2026/11/a-path-that-nobody-keeps?reader=7"


def load(
    app: Flask, petition: Petition, referrer: str = ARTICLE, query: str = "", network: str = "203.0.113.7"
) -> None:
    """A reader's browser loads the widget on a page at ``referrer``; the count is written at once."""
    environ = {
        "HTTP_HOST": "localhost",
        "HTTP_REFERER": referrer,
        "QUERY_STRING": query,
        "REMOTE_ADDR": network,
    }
    shown_by(app).note(petition.id, environ)
    shown_by(app).write()


def counts(petition: Petition) -> dict[str, tuple[int, int, int]]:
    """(shown, signed, pledged) by site."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.query(Arrival).filter_by(petition_id=petition.id).all()
    found = {row.host: (row.shown, row.signed, row.pledged) for row in rows}
    db.session.rollback()
    return found
