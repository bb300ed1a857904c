"""Sharing a surplus: split by the rules, decided by the members, paid in, and put into their purses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id, run_tx
from app.errors import Refusal
from app.money import LARGEST
from app.outbox import announce
from app.payments.charging import begin_charge
from app.payments.methods import own_method
from app.payments.models import Charge
from app.petitions.models import Petition
from app.pledges.kinds.cooperative import LEAST_PATRONAGE_PERCENT, Split, split_surplus
from app.proposing.models import Proposal
from app.proposing.putting import put
from app.purses.crediting import credit
from app.web.formatting import day
from app.web.languages import speaking

from .models import Surplus, SurplusPart
from .paying import next_key, owner_of
from .registering import KIND, Cooperative, cooperative_of
from .years import last_day, years_over

PURPOSE = "surplus"


def open_years(cooperative: Cooperative) -> list[datetime]:
    """The ends of the fiscal years that are over and whose surplus nobody has put to the vote yet."""
    began = cooperative.action.underway_at
    if began is None:
        return []
    taken = set(
        db.session.scalars(
            sa.select(Surplus.year_ends_at).where(
                Surplus.petition_id == cooperative.petition.id, Surplus.rejected_at.is_(None)
            )
        )
    )
    over = years_over(began, clock.now(), cooperative.rules.year_ends)
    return [end for end in over if end not in taken]


def reserved(petition_id: str) -> int:
    """What lies in the reserve: the reserves of every surplus the members accepted."""
    total = db.session.scalar(
        sa.select(sa.func.sum(Surplus.reserve)).where(
            Surplus.petition_id == petition_id, Surplus.accepted_at.is_not(None)
        )
    )
    return int(total or 0)


def split(
    cooperative: Cooperative, amount: int, percent: int, use: Mapping[str, int], others_use: int
) -> Split:
    """What a surplus of ``amount`` minor units would become.

    ``use`` is by member (person id) and in any measure, ``others_use`` that of everybody else in the same.

    Raises:
        Refusal: an amount or percentage that cannot be.
    """
    if not 0 < amount <= LARGEST:
        raise Refusal(_("Write a surplus of more than nothing."), field="amount")
    if not LEAST_PATRONAGE_PERCENT <= percent <= 100:
        raise Refusal(
            _("Between 50 and 100 percent of what is distributed follows the use."), field="percent"
        )
    whole = sum(use.values()) + others_use
    parts = {person: Fraction(used, whole) for person, used in use.items() if used} if whole else {}
    return split_surplus(
        amount,
        {member.person_id: member.units for member in cooperative.members},
        parts,
        cooperative.rules,
        patronage_percent=percent,
        reserved=reserved(cooperative.petition.id),
    )


def put_to_vote(
    petition_id: str,
    organizer_id: str,
    *,
    year_ends_at: datetime,
    amount: int,
    percent: int,
    use: Mapping[str, int],
    others_use: int,
    note: str,
    key: str,
) -> Surplus:
    """Write the split of a year's surplus down and ask the members; the same ``key`` gives the same one.

    Raises:
        Refusal: not the organizer's, the year is not over or has its surplus, or another one is undecided.
    """
    petition = owner_of(petition_id, organizer_id)
    cooperative = cooperative_of(petition)
    if cooperative is None or not cooperative.works:
        raise Refusal(_("This works only while the co-operative does."), status=409)
    planned = split(cooperative, amount, percent, use, others_use)
    proposal = put(
        petition_id,
        body=KIND,
        kind="surplus",
        title=name_of(petition, year_ends_at),
        text=note or name_of(petition, year_ends_at),
        proposer_id=organizer_id,
        members=cooperative.voters,
        quorum_percent=cooperative.rules.quorum_percent,
        idempotency_key=key,
        payload=shown(cooperative, planned, amount),
    )
    if proposal.subject_id is not None:
        return db.session.get_one(Surplus, proposal.subject_id)
    refuse_unless_open(cooperative, year_ends_at)
    surplus = Surplus(
        id=new_id(),
        petition_id=petition_id,
        year_ends_at=year_ends_at,
        amount=amount,
        currency=cooperative.currency,
        patronage_percent=percent,
        others_use=others_use,
        equity=cooperative.equity,
        reserve=planned.reserve,
        patronage=sum(planned.patronage.values()),
        dividend=sum(planned.dividend.values()),
        retained=planned.retained,
        proposal_id=proposal.id,
        put_at=clock.now(),
    )
    db.session.add(surplus)
    proposal.subject_id = surplus.id
    db.session.flush()
    db.session.add_all(
        SurplusPart(
            surplus_id=surplus.id,
            person_id=member.person_id,
            units=member.units,
            used=use.get(member.person_id, 0),
            patronage=planned.patronage.get(member.person_id, 0),
            dividend=planned.dividend.get(member.person_id, 0),
        )
        for member in cooperative.members
    )
    return surplus


def refuse_unless_open(cooperative: Cooperative, year_ends_at: datetime) -> None:
    if year_ends_at not in open_years(cooperative):
        raise Refusal(
            _("Choose a fiscal year that is over and whose surplus is not shared out yet."), field="year"
        )
    if undecided(cooperative.petition.id):
        raise Refusal(_("The members are still deciding about another surplus."), status=409)


def undecided(petition_id: str) -> bool:
    """Whether the members are deciding about a surplus."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Surplus.petition_id == petition_id,
                    Surplus.accepted_at.is_(None),
                    Surplus.rejected_at.is_(None),
                )
            )
        )
    )


def name_of(petition: Petition, year_ends_at: datetime) -> str:
    """What the proposal is called, in the language of the petition."""
    with speaking(petition.locale):
        return str(_("Surplus of the fiscal year to %(day)s", day=day(last_day(year_ends_at))))


def shown(cooperative: Cooperative, planned: Split, amount: int) -> dict[str, object]:
    """What everybody reads of the split; each member's part is theirs alone to read."""
    return {
        "currency": cooperative.currency,
        "amount": amount,
        "reserve": planned.reserve,
        "patronage": sum(planned.patronage.values()),
        "dividend": sum(planned.dividend.values()),
        "retained": planned.retained,
        "members": len(cooperative.members),
    }


def decide(proposal_id: str) -> bool:
    """The members have decided, or the proposal was taken back; False when it concerns no surplus.

    Call inside a transaction.
    """
    proposal = db.session.get_one(Proposal, proposal_id)
    if proposal.kind != "surplus" or proposal.subject_id is None:
        return False
    surplus = lock(Surplus, proposal.subject_id)
    if surplus.accepted_at is not None or surplus.rejected_at is not None:
        return False
    at = clock.now()
    if proposal.outcome == "accepted":
        surplus.accepted_at = at
        if surplus.distributed == 0:
            surplus.paid_at = at
    else:
        surplus.rejected_at = at
    announce("surplus_decided", surplus_id=surplus.id)
    return True


def pay_in(surplus_id: str, organizer_id: str, method_id: str) -> Charge:
    """Charge the organizer what is distributed; pressed twice it is one charge, until it fails.

    Raises:
        Refusal: somebody else's surplus or method, not accepted, or paid already.
    """
    surplus = lock(Surplus, surplus_id)
    owner_of(surplus.petition_id, organizer_id)
    own_method(method_id, organizer_id)
    if surplus.accepted_at is None:
        raise Refusal(_("The members have not accepted this split."), status=409)
    if surplus.paid_at is not None:
        raise Refusal(_("This surplus has been shared out."), status=409)
    return begin_charge(
        key=next_key(PURPOSE, surplus.id),
        purpose=PURPOSE,
        method_id=method_id,
        payer_id=organizer_id,
        owner=surplus.petition_id,
        subject_id=surplus.id,
        amount=surplus.distributed,
        currency=surplus.currency,
        credit="surplus_due",
    )


def settle(charge_id: str) -> bool:
    """The organizer's money is there: it goes into the members' purses at once."""
    return run_tx(lambda: share_out(charge_id))


def share_out(charge_id: str) -> bool:
    """Credit every part in one journal, once; False when that has been done. Call inside a transaction."""
    charge = db.session.get_one(Charge, charge_id)
    surplus = lock(Surplus, charge.subject_id)
    if charge.state != "done" or surplus.paid_at is not None:
        return False
    credit(
        owner=surplus.petition_id,
        debit=charge.credit,
        cause=PURPOSE,
        key=f"surplus-{surplus.id}",
        subject_id=surplus.id,
        parts={part.person_id: part.patronage + part.dividend for part in parts_of(surplus.id)},
        currency=surplus.currency,
    )
    surplus.paid_at = clock.now()
    announce("surplus_shared", surplus_id=surplus.id)
    return True


def parts_of(surplus_id: str) -> list[SurplusPart]:
    """Each member's part."""
    return list(
        db.session.scalars(
            sa.select(SurplusPart).where(SurplusPart.surplus_id == surplus_id).order_by(SurplusPart.person_id)
        )
    )


def surpluses_of(petition_id: str) -> list[Surplus]:
    """Every surplus of a co-operative, the latest year first."""
    return list(
        db.session.scalars(
            sa.select(Surplus)
            .where(Surplus.petition_id == petition_id)
            .order_by(Surplus.year_ends_at.desc(), Surplus.put_at.desc())
        )
    )
