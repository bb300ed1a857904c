"""Auditing thanks: what is marked as sent is a duty kept, and the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.actions.models import Duty
from app.db import db

from .models import Thanks
from .thanking import NAME


def thanks_match_duties() -> Iterator[str]:
    """A duty to thank is kept exactly when the thanks were marked as sent; a broken one may be sent late."""
    for pledge_id, state, at in db.session.execute(
        sa.select(Duty.pledge_id, Duty.state, Thanks.at)
        .outerjoin(Thanks, Thanks.pledge_id == Duty.pledge_id)
        .where(Duty.kind == "gift", Duty.name == NAME)
    ):
        if (state == "kept") != (at is not None) and state not in {"broken", "waived"}:
            yield f"thanks for {pledge_id} are {state}, but {'marked' if at else 'not marked'} as sent"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (thanks_match_duties,)
