"""A thanks that was said."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, moment_column


class Thanks(Model):
    """An organizer thanked for one gift, once; ``what`` was sent, empty where it was words alone."""

    __tablename__ = "thanks"

    pledge_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("pledge.id"), primary_key=True)
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), index=True)
    by_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime] = moment_column()
