"""The statement of a purse: where each won came from and where it went, from the postings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.db import db
from app.ledger.models import Account, Journal, Posting
from app.petitions.models import PUBLIC_STATES, Petition

from .models import PurseHold, PursePayout

WORDS = {
    "bonus": _l("Early refund bonus"),
    "loan_return": _l("Your loan comes back"),
    "reserve": _l("From the first-loss reserve"),
    "recovery": _l("Recovered from a loan in default"),
    "dividend": _l("Dividend"),
    "patronage": _l("Patronage dividend"),
    "exit": _l("Your shares, paid back"),
    "exit_returned": _l("Shares were not paid back: the co-operative had stopped"),
    "pool_return": _l("What was left of your pool"),
    "surplus": _l("Surplus"),
    "month_back": _l("A month of a subscription, given back"),
    "purse_capture": _l("Pledge paid from this purse"),
    "purse_refund": _l("Refund of a pledge"),
    "purse_payout": _l("Paid out"),
}
"""What each cause in the books is to the person whose purse it moves."""

MOST_LINES = 500


@dataclass(frozen=True)
class StatementLine:
    """One movement; ``amount`` in minor units, positive when it came in; ``after`` what was there then.

    ``title`` and ``slug`` are the petition's it came from or went to, None where there is none.
    """

    at: datetime
    cause: str
    words: str
    amount: int
    after: int
    title: str | None = None
    slug: str | None = None
    account: str | None = None


def read_statement(person_id: str, currency: str) -> list[StatementLine]:
    """The movements of one purse, the newest first; the amounts add up to the balance."""
    petition_id = sa.case((Journal.cause.like("purse_%"), PurseHold.about), else_=Journal.owner)
    rows = db.session.execute(
        sa.select(
            Journal.at,
            Journal.cause,
            Posting.amount,
            Petition.title,
            Petition.slug,
            Petition.state,
            PursePayout.label,
        )
        .join(Posting, Posting.journal_id == Journal.id)
        .join(Account, Account.id == Posting.account_id)
        .outerjoin(PurseHold, PurseHold.id == Journal.subject_id)
        .outerjoin(PursePayout, PursePayout.id == Journal.subject_id)
        .outerjoin(Petition, Petition.id == petition_id)
        .where(Account.kind == "purse", Account.owner == person_id, Account.currency == currency)
        .order_by(Journal.at, Journal.id)
    )
    lines, after = [], 0
    for row in rows:
        after -= row.amount
        lines.append(
            StatementLine(
                at=row.at,
                cause=row.cause,
                words=str(WORDS.get(row.cause, WORDS["surplus"])),
                amount=-row.amount,
                after=after,
                title=row.title,
                slug=row.slug if row.state in PUBLIC_STATES else None,
                account=row.label,
            )
        )
    return lines[: -MOST_LINES - 1 : -1]


def read_payouts(person_id: str) -> list[PursePayout]:
    """Payouts on their way or failed, the newest first; those that were paid are in the statement."""
    return list(
        db.session.scalars(
            sa.select(PursePayout)
            .where(PursePayout.person_id == person_id, PursePayout.state != "paid")
            .order_by(PursePayout.asked_at.desc(), PursePayout.id.desc())
            .limit(20)
        )
    )
