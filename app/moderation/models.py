"""The decision: every act of a moderator, with its reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column


class Decision(Model):
    """What a moderator did, to what, why, and when; ``detail`` holds counts and patterns."""

    __tablename__ = "decision"

    id: Mapped[str] = id_column()
    moderator_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    petition_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("petition.id"), index=True)
    verb: Mapped[str] = mapped_column(sa.String(30))
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    at: Mapped[datetime] = moment_column()
