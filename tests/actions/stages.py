"""What organizers, backers and moderators do to an action, step by step, and reading its pages."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient

from app import clock
from app.actions.milestones import claim, vote
from app.actions.models import Payout
from app.actions.payouts import approve
from app.db import db, run_tx
from app.payments.door import gateway
from app.payments.models import Payee
from tests.world import World

ALICE_AND_BOB = (("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_ok"))


def name_payee(world: World, number: str = "110-222-333333") -> None:
    """The organizer names an account; one whose number ends in 0000 is closed."""
    organizer = world.person("organizer")
    reference, label = gateway().save_payee(label="두레은행", number=number)
    payee = Payee(
        person_id=organizer.id, gateway="sandbox", reference=reference, label=label, saved_at=clock.now()
    )
    run_tx(lambda: db.session.add(payee))


def claim_step(
    world: World, step: str, *, text: str = "신호등을 **세웠어요**.", link: str | None = None
) -> None:
    organizer = world.person("organizer")
    run_tx(lambda: claim(step, organizer.id, text=text, link=link))


def cast(world: World, step: str, accepts: bool, *names: str) -> None:
    for name in names:
        person = world.person(name)
        run_tx(lambda person=person: vote(step, person.id, accepts))  # type: ignore[misc]


def approve_payouts(world: World) -> None:
    moderator = world.person("moderator")
    for payout in db.session.query(Payout).filter_by(state="proposed").all():
        run_tx(lambda payout=payout: approve(payout.id, moderator.id))  # type: ignore[misc]


def pay_step(world: World, step: str, *names: str) -> None:
    """Claim a step, let these people accept it, approve its payout and send it."""
    claim_step(world, step)
    cast(world, step, True, *names)
    approve_payouts(world)
    world.work()


def read(client: FlaskClient, address: str, status: int = 200) -> str:
    """The words of a page in English, tags left out and white space evened."""
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    return words(answer.text)


def words(page: str) -> str:
    body = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
