"""What an organizer decided about the widgets of a petition."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, moment_column


class WidgetChoice(Model):
    """Sites that the organizer vouches for, who may show the widgets, and since when one may sign in them.

    ``origins`` are origins as a content security policy writes them. They alone may show the widgets, unless
    every site has been allowed to; an empty list means every site.
    """

    __tablename__ = "widget_choice"

    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), primary_key=True)
    origins: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    open_to_all_since: Mapped[datetime | None] = moment_column()
    signs_in_frame_since: Mapped[datetime | None] = moment_column()
    changed_at: Mapped[datetime] = moment_column()
