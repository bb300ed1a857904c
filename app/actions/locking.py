"""Locking an action: whatever moves a pledge's money takes the action first and the pledge after it."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db

from .models import Action


def lock_action(petition_id: str) -> Action | None:
    """The action of a petition, afresh, and kept from others until the commit."""
    return db.session.scalar(
        sa.select(Action)
        .where(Action.petition_id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
