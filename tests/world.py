"""The people and petitions tests speak of, and the worker that runs when asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask, g

from app import clock
from app.actions.models import Action
from app.actions.planning import Step, plan
from app.db import db, run_tx
from app.mail.models import Letter
from app.payments.door import gateway
from app.people.models import Person, welcome
from app.petitions.launching import OfferWish, PetitionWish, launch
from app.petitions.models import Petition
from app.petitions.signing import sign_as
from app.pledges.allowing import PledgeWish
from app.pledges.models import Pledge
from app.pledges.pledging import make
from app.worker import work_once

Row = TypeVar("Row", bound=Any)

ADDRESSES = {
    "minji": ("민지", "minji@example.org"),
    "junho": ("준호", "junho@example.org"),
    "alice": ("Alice", "alice@example.org"),
    "bob": ("Bob", "bob@example.org"),
    "organizer": ("한솔", "hansol@example.org"),
    "moderator": ("Mira", "mira@example.org"),
}


class World:
    """A small, fast set-up for tests that need more than an empty database."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def person(self, name: str) -> Person:
        shown, email = ADDRESSES.get(name, (name, f"{name}@example.org"))
        person = run_tx(lambda: welcome(email, name=shown, locale="en" if shown.isascii() else "ko"))
        if name == "moderator" and person.moderator_since is None:
            run_tx(lambda: setattr(db.session.get(Person, person.id), "moderator_since", clock.now()))
        return person

    def petition(
        self,
        *,
        state: str = "open",
        signatures: int = 3,
        goal: int = 30_000,
        offers: tuple[OfferWish, ...] | None = None,
        **changes: Any,
    ) -> Petition:
        """A petition of 한솔's, for gifts of ``goal`` or with these ``offers``; ``changes`` are columns."""
        organizer = self.person("organizer")
        wish = PetitionWish(
            title=changes.pop("title", "학교 앞 신호등을 놓아 주세요"),
            addressee="서울시 교통국",
            summary="아이들이 건너는 길에 신호등이 없어요.",
            text="매일 **아이들**이 길을 건너요.",
            locale="ko",
            signature_target=signatures,
            offers=(OfferWish("gift", "money", goal),) if offers is None else offers,
            currency=changes.pop("currency", "KRW"),
            deadline=changes.pop("deadline", clock.now() + timedelta(days=30)),
        )

        def make() -> str:
            petition = launch(organizer, wish)
            petition.state, petition.opened_at = state, clock.now()
            for name, value in changes.items():
                setattr(petition, name, value)
            return petition.id

        petition_id = run_tx(make)
        found = db.session.get(Petition, petition_id)
        assert found is not None
        return found

    def sign(self, petition: Petition, *names: str) -> None:
        """Each of these people signs and confirms."""
        for name in names:
            person = self.person(name)
            run_tx(lambda person=person: sign_as(petition, person, region="KR-11"))  # type: ignore[misc]

    def pledge(
        self,
        petition: Petition,
        name: str,
        amount: int,
        token: str = "pm_ok",
        kind: str = "gift",
        *,
        tip: int = 0,
        **terms: Any,
    ) -> str:
        """A confirmed pledge by a method that behaves as ``token`` says; returns its id.

        ``amount`` is in the kind's measure, ``terms`` are the kind's.
        """
        person = self.person(name)
        assert person.email is not None
        wish = PledgeWish(
            kind=kind,
            amount=amount,
            email=person.email,
            name=person.name,
            locale=person.locale,
            tip=tip,
            terms=terms,
        )
        saved = gateway().save_token(token) if token else None
        made = run_tx(
            lambda: make(petition.id, wish, idempotency_key=uuid4().hex, saved=saved, person=person)
        )
        return made.id

    def plan(self, petition: Petition, *shares: int, due: Sequence[date | None] = ()) -> list[str]:
        """A plan with these shares, its first steps promised for ``due``; returns the ids in order."""
        days = [*due, *[None] * (len(shares) - len(due))]
        steps = [Step(f"{number}단계", share, days[number - 1]) for number, share in enumerate(shares, 1)]
        return [step.id for step in run_tx(lambda: plan(petition.id, steps))]

    def work(self) -> None:
        """Everything the worker would do now."""
        db.session.rollback()
        work_once(self.app)
        db.session.expire_all()

    def fresh(self, row: Row) -> Row:
        """The same row as the database has it now."""
        db.session.rollback()
        db.session.expire_all()
        found = db.session.get(type(row), sa.inspect(row).identity)
        assert found is not None
        return found

    def action(self, petition: Petition) -> Action:
        db.session.rollback()
        db.session.expire_all()
        return db.session.scalars(sa.select(Action).where(Action.petition_id == petition.id)).one()

    def pledge_state(self, pledge_id: str) -> str:
        db.session.rollback()
        return db.session.scalars(sa.select(Pledge.state).where(Pledge.id == pledge_id)).one()

    def letters(self, to: str) -> list[Letter]:
        address = ADDRESSES.get(to, (to, to if "@" in to else f"{to}@example.org"))[1]
        db.session.expire_all()
        return list(
            db.session.scalars(
                sa.select(Letter).where(Letter.recipient == address).order_by(Letter.created_at, Letter.id)
            )
        )

    def sign_in(self, client: Any, name: str) -> Person:
        """Give ``client`` a session of this person's."""
        person = self.person(name)
        g.pop("_login_user", None)
        with client.session_transaction() as session:
            session["_user_id"] = person.get_id()
            session["_fresh"] = True
            session["signed_in_at"] = int(clock.now().timestamp())
        return person
