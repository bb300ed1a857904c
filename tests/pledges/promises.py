"""What the tests of this room share: a wish, the form a person fills in, and looking again."""

from __future__ import annotations

from typing import Any

from app.db import db, run_tx
from app.payments.door import SavedMethod, gateway
from app.petitions.models import Petition, Threshold
from app.pledges.allowing import PledgeWish
from app.pledges.models import Pledge
from app.pledges.pledging import make
from tests.world import World

FILLED_IN = {"kind": "gift", "amount": "10,000", "email": "minji@example.org", "name": "민지"}


def wish(amount: int = 10_000, **changes: Any) -> PledgeWish:
    values: dict[str, Any] = {
        "kind": "gift",
        "amount": amount,
        "email": "minji@example.org",
        "name": "민지",
        "locale": "ko",
    }
    return PledgeWish(**(values | changes))


def card() -> SavedMethod:
    return gateway().save_token("pm_ok")


def drafted(petition: Petition, key: str = "once", **changes: Any) -> Pledge:
    """A guest's pledge, neither confirmed nor with a method."""
    return run_tx(lambda: make(petition.id, wish(**changes), idempotency_key=key))


def money(world: World, petition: Petition) -> Threshold:
    return next(t for t in world.fresh(petition).thresholds if t.measure == "money")


def stored() -> list[Pledge]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.query(Pledge).order_by(Pledge.created_at))


def address(petition: Petition, **query: str) -> str:
    """The form's address, in English unless told otherwise."""
    asked = "&".join(f"{name}={value}" for name, value in ({"lang": "en"} | query).items())
    return f"/petitions/{petition.slug}/pledges?{asked}"
