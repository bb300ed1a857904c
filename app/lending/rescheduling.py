"""Rescheduling: the borrower asks for another schedule of the rest, and the lenders vote on it."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.actions.duties import duties_of, waive, write_down
from app.actions.models import Duty
from app.db import db, lock
from app.errors import Refusal
from app.outbox import announce
from app.petitions.models import Petition
from app.petitions.tallying import record
from app.pledges.kinds.base import Duty as Owed
from app.pledges.kinds.loan import MOST_INSTALMENTS, MOST_MONTHS_BEFORE
from app.pledges.kinds.repaying import due_days, schedule
from app.pledges.models import Pledge
from app.proposing.models import Proposal
from app.proposing.putting import put
from app.web.formatting import format_money, number

from .disbursing import remind_of
from .models import Loan, LoanStake
from .repaying import note_standing

QUORUM_PERCENT = 30


def lenders_of(loan_id: str) -> list[str]:
    """Everybody whose units are in the loan; each has one vote, however many units."""
    rows = db.session.scalars(
        sa.select(Pledge.person_id)
        .join(LoanStake, LoanStake.pledge_id == Pledge.id)
        .where(LoanStake.loan_id == loan_id, Pledge.person_id.is_not(None))
        .distinct()
    )
    return [person_id for person_id in rows if person_id is not None]


def open_proposal(loan_id: str) -> Proposal | None:
    """The reschedule the lenders are being asked about, if there is one."""
    return db.session.scalar(
        sa.select(Proposal).where(
            Proposal.petition_id == loan_id,
            Proposal.kind == "reschedule",
            Proposal.decided_at.is_(None),
            Proposal.withdrawn_at.is_(None),
        )
    )


def propose(
    loan_id: str, person_id: str, *, instalments: int, first_after: int, reason: str, key: str
) -> Proposal:
    """Ask the lenders to let the rest be paid in other instalments; the same ``key`` is the same question.

    Call inside a transaction.

    Raises:
        Refusal: it is somebody else's loan, there is nothing to reschedule, or a vote is on already.
    """
    loan = lock(Loan, loan_id)
    rest = loan.lent - loan.paid
    if loan.borrower_id != person_id:
        raise Refusal(_("Only the borrower can ask for another schedule."), status=404)
    if rest == 0:
        raise Refusal(_("Everything has been paid back, so there is nothing to reschedule."), status=409)
    if loan.defaulted_at is not None:
        raise Refusal(
            _("The loan has defaulted, so it has no schedule any more. Pay what you can, when you can."),
            status=409,
        )
    if not 1 <= instalments <= min(MOST_INSTALMENTS, rest):
        most = number(min(MOST_INSTALMENTS, rest))
        raise Refusal(_("Write a whole number from 1 to %(most)s.", most=most), field="instalments")
    if not 1 <= first_after <= MOST_MONTHS_BEFORE:
        most = number(MOST_MONTHS_BEFORE)
        raise Refusal(_("Write a whole number from 1 to %(most)s.", most=most), field="first_after")
    waiting = open_proposal(loan_id)
    if waiting is not None and waiting.idempotency_key != key:
        raise Refusal(_("The lenders are being asked already. Wait for the end of that vote."), status=409)
    each = schedule(rest, instalments)
    return put(
        loan_id,
        body="loan",
        kind="reschedule",
        subject_id=loan_id,
        title=_("Pay back the rest in %(number)s instalments", number=number(instalments)),
        text=_(
            "%(rest)s are still to be paid back: from now on in %(number)s monthly instalments of "
            "%(amount)s, the first %(months)s months after the decision. Without a majority for it the "
            "schedule stays as it is.\n\n%(reason)s",
            rest=format_money(rest, loan.currency),
            number=number(instalments),
            amount=format_money(each[0], loan.currency),
            months=number(first_after),
            reason=reason,
        ),
        proposer_id=person_id,
        members=lenders_of(loan_id),
        quorum_percent=QUORUM_PERCENT,
        idempotency_key=key,
        payload={"instalments": instalments, "first_after": first_after},
    )


def carry_out(proposal_id: str) -> bool:
    """Put the new schedule in the place of what was open; False when it was rejected or is too late.

    Once, however often it is called. Call inside a transaction.
    """
    proposal = db.session.get_one(Proposal, proposal_id)
    if proposal.kind != "reschedule" or proposal.outcome != "accepted" or proposal.decided_at is None:
        return False
    loan = lock(Loan, proposal.petition_id)
    rest = loan.lent - loan.paid
    if loan.defaulted_at is not None or rest == 0:
        return False
    amounts = schedule(rest, min(int(proposal.payload["instalments"]), rest))
    days = due_days(proposal.decided_at, len(amounts), int(proposal.payload["first_after"]))
    owed = [
        Owed("organizer", "crowd", "money", amount, due, name=f"{proposal_id}-{position}")
        for position, (amount, due) in enumerate(zip(amounts, days, strict=True), start=1)
    ]
    before = [duty.id for duty in duties_of(loan.id, "loan") if duty.state == "open"]
    written = write_down(db.session.get_one(Petition, loan.id), "loan", owed)
    if not written:
        return False
    for duty_id in before:
        waive(lock(Duty, duty_id))
    at = clock.now()
    loan.rescheduled_at, loan.delinquent_at = at, None
    db.session.flush()
    note_standing(loan)
    remind_of(written)
    record(loan.id, "loan_rescheduled", at, cause=f"rescheduled-{proposal_id}", instalments=len(amounts))
    announce("loan_rescheduled", petition_id=loan.id, proposal_id=proposal_id)
    return True
