"""What everybody may read of a co-operative: counts, parts of names, what became of each surplus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.petitions.masking import mask_name
from app.petitions.models import Petition
from app.pledges.kinds.cooperative import Rules
from app.web.caching import snapshot

from .models import Surplus
from .registering import cooperative_of
from .sharing import reserved, surpluses_of
from .years import last_day

MOST_NAMES = 100


@dataclass(frozen=True)
class SurplusView:
    """One year's surplus as strangers see it."""

    year: datetime
    amount: int
    reserve: int
    patronage: int
    dividend: int
    retained: int
    state: str
    proposal_id: str


@dataclass(frozen=True)
class CooperativeView:
    """Counts and sums; ``names`` are in part and only of those who show them."""

    currency: str
    rules: Rules
    state: str
    members: int
    leaving: int
    units: int
    equity: int
    reserve: int
    names: tuple[str, ...]
    hidden: int
    surpluses: tuple[SurplusView, ...]


def state_of(surplus: Surplus) -> str:
    """``voting``, ``rejected``, ``accepted`` until it is paid in, then ``shared``."""
    if surplus.paid_at is not None:
        return "shared"
    if surplus.accepted_at is not None:
        return "accepted"
    return "rejected" if surplus.rejected_at is not None else "voting"


def cooperative_view(petition_id: str) -> CooperativeView | None:
    """The co-operative that a petition became, kept for a moment; None where it is none."""

    def read() -> CooperativeView | None:
        petition = db.session.scalar(sa.select(Petition).where(Petition.id == petition_id))
        cooperative = cooperative_of(petition) if petition else None
        if cooperative is None:
            return None
        shown = [member for member in cooperative.members if not member.hidden and member.name]
        return CooperativeView(
            currency=cooperative.currency,
            rules=cooperative.rules,
            state=cooperative.action.state,
            members=len(cooperative.members),
            leaving=len(cooperative.members) - len(cooperative.staying),
            units=cooperative.units,
            equity=cooperative.equity,
            reserve=reserved(petition_id),
            names=tuple(mask_name(member.name) for member in shown[:MOST_NAMES]),
            hidden=len(cooperative.members) - min(len(shown), MOST_NAMES),
            surpluses=tuple(
                SurplusView(
                    year=last_day(each.year_ends_at),
                    amount=each.amount,
                    reserve=each.reserve,
                    patronage=each.patronage,
                    dividend=each.dividend,
                    retained=each.retained,
                    state=state_of(each),
                    proposal_id=each.proposal_id,
                )
                for each in surpluses_of(petition_id)
            ),
        )

    return snapshot(("cooperative", petition_id), read)
