"""What sponsors and organizers of the demo's gifts do: a bonus laid by, thanks offered and sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from app import clock
from app.db import db, run_tx
from app.giving.reading import gift_lines
from app.giving.thanking import thank
from app.outbox import drain
from app.payments.charging import run_charges
from app.payments.door import gateway
from app.people.models import Person
from app.petitions.models import Petition
from app.pools.depositing import PoolWish, draw_up, pay_in
from app.reactions import REACTIONS

BONUS = 90_000
OFFERED = {"thanks": "10,000: 엽서 한 장\n30,000: 아이들이 그린 그림"}
"""What organizers offer in thanks."""


def asked_in_thanks(number: int) -> Mapping[str, str]:
    """Every third giver would like the postcard, and every seventh gives for somebody else."""
    wishes = {"gift_thanks": "1", "gift_to": f"서울시 마포구 두레길 {number}"} if number % 3 == 0 else {}
    return wishes | ({"gift_behalf": "3학년 2반"} if number % 7 == 0 else {})


def lay_by_bonus(petition: Petition) -> None:
    """A sponsor lays a bonus by while the petition is open, for the case that it fails."""
    sponsor = db.session.scalars(sa.select(Person).where(Person.email.like("alice@%"))).one()
    wish = PoolWish(amount=BONUS, name="Alice", form_key=petition.id)
    saved = gateway().save_token("pm_ok")
    with clock.standing_at(petition.created_at + timedelta(days=3)):
        pool_id = run_tx(lambda: draw_up(petition.id, sponsor, wish, saved).id)
        run_tx(partial(pay_in, pool_id))
        run_charges()
        drain(REACTIONS)


def thank_some(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """The first postcards are on their way; the others wait."""
    waiting = [line.pledge_id for line in gift_lines(petition.id, owed=True)]
    with clock.standing_at(min(at + timedelta(days=1), today)):
        run_tx(lambda: thank(petition.id, organizer.id, waiting[: len(waiting) // 2]))
        drain(REACTIONS)
