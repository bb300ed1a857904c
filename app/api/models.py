"""Access tokens of partner sites, and the answers kept so that a request sent twice works once."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column


class AccessToken(Model):
    """What lets a partner's server write in a person's name; the token itself is kept nowhere.

    ``digest`` is its SHA-256, ``ending`` its last four characters, ``scopes`` what it may do, with spaces
    between. ``form_key`` is the form that it was made with: sent twice, it makes one token.
    """

    __tablename__ = "access_token"
    __table_args__ = (sa.UniqueConstraint("person_id", "form_key"),)

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    form_key: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(60))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    ending: Mapped[str] = mapped_column(sa.String(4))
    scopes: Mapped[str] = mapped_column(sa.String(40))
    created_at: Mapped[datetime] = moment_column()
    expires_at: Mapped[datetime] = moment_column()
    revoked_at: Mapped[datetime | None] = moment_column()
    last_used_on: Mapped[date | None] = mapped_column(sa.Date)


class KeptAnswer(Model):
    """What a request with an ``Idempotency-Key`` was answered with, for a day.

    ``key_digest`` and ``request_digest`` are SHA-256; ``text`` is the JSON and names nobody.
    """

    __tablename__ = "kept_answer"

    token_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("access_token.id"), primary_key=True)
    key_digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    request_digest: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime] = moment_column(index=True)
