"""A loan from its first pledge to the borrower's account, and paying it back, as tests speak of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import time_machine

from app.actions.auditing import audit
from app.actions.duties import duties_of
from app.actions.models import Action, Duty
from app.db import db, run_tx
from app.lending.auditing import CHECKS
from app.lending.models import Loan, Repayment
from app.lending.repaying import begin_repayment
from app.lending.signing import sign
from app.payments.door import gateway
from app.payments.methods import remember
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.purses.balances import balance_of
from tests.actions.stages import approve_payouts, name_payee
from tests.world import World

UNIT = 10_000
LENDERS = (("alice", 2), ("bob", 1))


class Borrowing:
    """한솔 borrows by a schedule; the clock stands still and moves when told."""

    def __init__(self, world: World, later: time_machine.Traveller) -> None:
        self.world, self.later = world, later
        self.petition: Petition
        self.pledges: list[str] = []

    def ask(self, units: int = 3, instalments: int = 3, cap: int = 3, *, signed: bool = True) -> Petition:
        """A petition that asks for a loan, its schedule signed."""
        terms = {"unit": UNIT, "cap": min(cap, units), "instalments": instalments, "first_after": 1}
        offer = OfferWish("loan", "money", units * UNIT, terms)
        self.petition = self.world.petition(signatures=1, offers=(offer,))
        if signed:
            self.sign()
        return self.petition

    def sign(self) -> None:
        person_id = self.world.person("organizer").id
        run_tx(lambda: sign(self.petition.id, person_id))

    def lend(self, *lenders: tuple[str, int], token: str = "pm_ok") -> None:
        for name, units in lenders:
            self.pledges.append(
                self.world.pledge(self.petition, name, units * UNIT, token, kind="loan", units=units)
            )

    def fire(self) -> Action:
        """A signature tips it, the window passes, the pledges are collected."""
        self.world.sign(self.petition, "minji")
        self.later.shift(timedelta(days=1, seconds=1))
        self.world.work()
        return self.world.action(self.petition)

    def pay_out(self) -> None:
        """The borrower names an account, a moderator approves, the money leaves."""
        name_payee(self.world)
        approve_payouts(self.world)
        self.world.work()
        self.world.work()

    def run(self, *lenders: tuple[str, int], units: int = 3, instalments: int = 3) -> None:
        """Everything up to a loan that runs."""
        self.ask(units, instalments)
        self.lend(*(lenders or LENDERS))
        self.fire()
        self.pay_out()

    def repay(self, amount: int, token: str = "pm_ok") -> Repayment:
        """The borrower pays with a card that behaves as ``token`` says."""
        person_id = self.world.person("organizer").id
        saved = gateway().save_token(token)
        method_id = run_tx(lambda: remember(saved, person_id).id)
        key = uuid4().hex
        made = run_tx(lambda: begin_repayment(self.petition.id, person_id, amount, method_id, key))
        self.world.work()
        return self.world.fresh(made)

    @property
    def loan(self) -> Loan:
        db.session.rollback()
        db.session.expire_all()
        return db.session.get_one(Loan, self.petition.id)

    @property
    def instalments(self) -> list[Duty]:
        db.session.rollback()
        db.session.expire_all()
        return duties_of(self.petition.id, "loan")

    def purse(self, name: str) -> int:
        person = self.world.person(name)
        db.session.rollback()
        return balance_of(person.id, "KRW").total

    def until(self, duty: Duty, *, days: int = 0, seconds: int = 0) -> None:
        """Let the clock stand so long after an instalment's last moment, and the worker look."""
        self.later.move_to(duty.due_at + timedelta(days=days, seconds=seconds))
        self.world.work()


def differences() -> list[str]:
    """What the audit of everything, the loans included, finds wrong."""
    db.session.rollback()
    return [*audit().differences, *(found for check in CHECKS for found in check())]
