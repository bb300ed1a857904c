"""An erased person's pledges: open ones are taken back, the rest stay in the books, nameless."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db, new_id

from .models import Pledge
from .pledging import kind_of, withdraw

OPEN = ("draft", "ready")


def forget_pledges(person_id: str, email_key: str | None = None) -> None:
    """Withdraw what has not been called in yet and blank the rest; amounts and states stay.

    With ``email_key`` also what was promised under their address and never confirmed. Call inside a
    transaction.
    """
    own = Pledge.person_id == person_id
    if email_key is not None:
        own = sa.or_(own, Pledge.email_key == email_key)
    for pledge_id in db.session.scalars(sa.select(Pledge.id).where(own, Pledge.state.in_(OPEN))).all():
        withdraw(pledge_id)
    for pledge in db.session.scalars(sa.select(Pledge).where(own)).all():
        private = kind_of(pledge).private_terms
        if private & pledge.terms.keys():
            pledge.terms = {name: value for name, value in pledge.terms.items() if name not in private}
    db.session.flush()
    db.session.execute(
        sa.update(Pledge)
        .where(own)
        .values(name="", email=None, email_key=f"erased-{new_id()}", hide_name=True)
        .execution_options(synchronize_session=False)
    )
