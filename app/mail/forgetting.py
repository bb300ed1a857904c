"""Letters to an erased address go, sent or not."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db

from .models import Letter


def forget_letters(address: str) -> None:
    """Delete every letter to this address, in the spelling it was written to. Call inside a transaction."""
    db.session.execute(sa.delete(Letter).where(Letter.recipient == address))
