"""Locking an action: whatever moves a pledge's money takes the action first and the pledge after it."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db, locked_rows

from .models import Action

OF_PETITION = (
    sa.select(Action)
    .where(Action.petition_id == sa.bindparam("petition"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def lock_action(petition_id: str) -> Action | None:
    """The action of a petition, afresh, and kept from others until the commit; see :func:`app.db.lock`."""
    ours = locked_rows()
    if (Action, petition_id) not in ours:
        action = db.session.scalar(OF_PETITION, {"petition": petition_id})
        if action is None:
            return None
        ours[Action, petition_id] = action
    found: Action = ours[Action, petition_id]
    return found
