"""Letters about a loan: to the borrower, and to each lender with their own figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.actions.duties import duties_of
from app.actions.models import Duty
from app.db import db
from app.lending import letters
from app.lending.disbursing import plan_of
from app.lending.models import Loan, LoanStake, Repayment
from app.lending.rescheduling import lenders_of
from app.lending.signing import agreement_of
from app.lending.standing import stand, still_timely
from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.kinds.repaying import Stake, received_by
from app.pledges.models import Pledge
from app.proposing.models import Proposal
from app.web.formatting import format_money

from .posting import backers_of, organizer_of, tell


@dataclass(frozen=True)
class Share:
    """What one lender has in a loan: ``units``, of which pledge ``pledge_id`` lent the first."""

    loan: Loan
    pledge_id: str
    stakes: tuple[Stake, ...]

    @property
    def lent(self) -> int:
        return sum(stake.units for stake in self.stakes) * self.loan.unit

    def received(self, total: int) -> int:
        """What came to this lender once ``total`` had come to all."""
        return sum(received_by(stake, total, self.loan.units) for stake in self.stakes)

    def money(self, minor: int) -> str:
        return format_money(minor, self.loan.currency)


def share_of(loan: Loan, person_id: str) -> Share:
    rows = db.session.execute(
        sa.select(LoanStake.pledge_id, LoanStake.first, LoanStake.units)
        .join(Pledge, Pledge.id == LoanStake.pledge_id)
        .where(LoanStake.loan_id == loan.id, Pledge.person_id == person_id)
        .order_by(LoanStake.first)
    ).all()
    stakes = tuple(Stake(pledge_id, first, units) for pledge_id, first, units in rows)
    return Share(loan, stakes[0].key, stakes)


def tell_borrower(petition_id: str, cause: str, write: Callable[[Petition, Loan], Draft]) -> None:
    tell(
        organizer_of(petition_id),
        f"{cause}-{petition_id}",
        lambda _person: write(petition_of(petition_id), loan_of(petition_id)),
    )


def tell_lenders(petition_id: str, cause: str, write: Callable[[Petition, Share], Draft]) -> None:
    readers = sorted(lenders_of(petition_id))
    db.session.rollback()
    tell(
        readers,
        f"{cause}-lender-{petition_id}",
        lambda person: write(petition_of(petition_id), share_of(loan_of(petition_id), person.id)),
    )


def petition_of(petition_id: str) -> Petition:
    return db.session.get_one(Petition, petition_id)


def loan_of(petition_id: str) -> Loan:
    return db.session.get_one(Loan, petition_id)


def launched(petition_id: str) -> None:
    """To whoever asks for a loan: sign the schedule."""
    petition = petition_of(petition_id)
    waits = (threshold := petition.threshold_of("loan")) is not None and threshold.accepted_at is None
    db.session.rollback()
    if waits:
        tell(
            organizer_of(petition_id),
            f"sign-schedule-{petition_id}",
            lambda _person: letters.sign_schedule(petition=petition_of(petition_id)),
        )


def signed(*, petition_id: str, agreement_id: str) -> None:
    """To the borrower: the words that were signed."""

    def write(_person: Person) -> Draft:
        agreement = agreement_of(petition_id)
        text = agreement.text if agreement else ""
        return letters.schedule_signed(petition=petition_of(petition_id), text=text)

    tell(organizer_of(petition_id), f"signed-schedule-{agreement_id}", write)


def disbursed(petition_id: str) -> None:
    """To the borrower and each lender: the loan runs."""
    first = duties_of(petition_id, "loan")[0]
    amount, due = first.amount, first.due_at
    db.session.rollback()
    tell_borrower(
        petition_id,
        "disbursed",
        lambda petition, loan: letters.disbursed_to_borrower(
            petition=petition, loan=loan, amount=amount, due=due
        ),
    )
    tell_lenders(
        petition_id,
        "disbursed",
        lambda petition, share: letters.disbursed_to_lender(
            petition=petition, lent=share.money(share.lent), due=due, pledge_id=share.pledge_id
        ),
    )


def reminded(*, duty_id: str, offset: int) -> None:
    """To the borrower, while something is missing of the instalment and no later reminder is due."""
    duty = db.session.get_one(Duty, duty_id)
    missing, due, petition_id = duty.amount - duty.done, duty.due_at, duty.petition_id
    wanted = duty.state == "open" and missing > 0 and still_timely(due, offset, clock.now())
    db.session.rollback()
    if wanted:
        tell(
            organizer_of(petition_id),
            f"instalment-{duty_id}-{offset}",
            lambda _person: letters.instalment_reminder(
                petition=petition_of(petition_id),
                currency=loan_of(petition_id).currency,
                offset=offset,
                missing=missing,
                due=due,
            ),
        )


def repaid_part(*, repayment_id: str, on_time: list[str] | None = None) -> None:
    """The receipt to the borrower, and to each lender what came back to them."""
    repayment = db.session.get_one(Repayment, repayment_id)
    petition_id, purpose = repayment.loan_id, repayment.purpose
    had, have = repayment.lenders_had, repayment.lenders_had + repayment.to_lenders
    db.session.rollback()
    tell_borrower(
        petition_id,
        f"received-{repayment_id}",
        lambda petition, loan: letters.repayment_received(
            petition=petition, loan=loan, repayment=db.session.get_one(Repayment, repayment_id)
        ),
    )

    def write(petition: Petition, share: Share) -> Draft:
        return letters.part_returned(
            petition=petition,
            part=share.money(share.received(have) - share.received(had)),
            received=share.money(share.received(have)),
            purpose=purpose,
            pledge_id=share.pledge_id,
        )

    if have > had:
        tell_lenders(petition_id, f"returned-{repayment_id}", write)


def repayment_failed(repayment_id: str) -> None:
    """To the borrower: the card was declined."""
    petition_id = db.session.get_one(Repayment, repayment_id).loan_id
    db.session.rollback()
    tell_borrower(
        petition_id,
        f"repayment-failed-{repayment_id}",
        lambda petition, loan: letters.repayment_failed(
            petition=petition, loan=loan, repayment=db.session.get_one(Repayment, repayment_id)
        ),
    )


def delinquent(*, petition_id: str, since: str) -> None:
    """To both sides: a month late."""

    def arrears() -> str:
        loan = loan_of(petition_id)
        now = stand(plan_of(duties_of(petition_id, "loan")), loan.paid, loan.last_paid_at, clock.now())
        return format_money(now.arrears, loan.currency)

    tell_borrower(
        petition_id,
        f"delinquent-{since}",
        lambda petition, _loan: letters.delinquent_for_borrower(petition=petition, arrears=arrears()),
    )
    tell_lenders(
        petition_id,
        f"delinquent-{since}",
        lambda petition, share: letters.delinquent_for_lender(
            petition=petition, arrears=arrears(), pledge_id=share.pledge_id
        ),
    )


def defaulted(petition_id: str) -> None:
    """To both sides: half a year without a payment."""
    tell_borrower(
        petition_id,
        "defaulted",
        lambda petition, loan: letters.defaulted_for_borrower(
            petition=petition, rest=format_money(loan.lent - loan.paid, loan.currency)
        ),
    )

    def write(petition: Petition, share: Share) -> Draft:
        received = share.received(share.loan.to_lenders)
        return letters.defaulted_for_lender(
            petition=petition,
            received=share.money(received),
            lost=share.money(share.lent - received),
            pledge_id=share.pledge_id,
        )

    tell_lenders(petition_id, "defaulted", write)


def repaid(petition_id: str) -> None:
    """To both sides: everything is back."""
    tell_borrower(
        petition_id,
        "repaid",
        lambda petition, loan: letters.repaid_for_borrower(petition=petition, loan=loan),
    )
    tell_lenders(
        petition_id,
        "repaid",
        lambda petition, share: letters.repaid_for_lender(petition=petition, lent=share.money(share.lent)),
    )


def rescheduled(*, petition_id: str, proposal_id: str) -> None:
    """To both sides: the new schedule."""
    instalments = int(db.session.get_one(Proposal, proposal_id).payload["instalments"])
    db.session.rollback()
    tell_borrower(
        petition_id,
        f"rescheduled-{proposal_id}",
        lambda petition, _loan: letters.rescheduled(
            petition=petition, instalments=instalments, link=letters.borrower_link(petition)
        ),
    )
    tell_lenders(
        petition_id,
        f"rescheduled-{proposal_id}",
        lambda petition, share: letters.rescheduled(
            petition=petition, instalments=instalments, link=letters.lender_link(share.pledge_id)
        ),
    )


def not_disbursed(petition_id: str) -> None:
    """To both sides: the money never left, and goes back."""
    cause = f"not-disbursed-{petition_id}"
    tell(
        organizer_of(petition_id),
        cause,
        lambda _person: letters.not_disbursed_for_borrower(petition=petition_of(petition_id)),
    )
    lenders = backers_of(petition_id, "captured", "part_refunded", "refunded")
    tell(
        lenders,
        f"{cause}-lender",
        lambda _person: letters.not_disbursed_for_lender(petition=petition_of(petition_id)),
    )
