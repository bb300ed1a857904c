"""What happens to the demo's actions after the firing, kind by kind, each deed at its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from app import clock
from app.actions import milestones
from app.actions.milestones import BACKING
from app.actions.planning import plan_of
from app.cooperating import leaving, sharing
from app.cooperating.registering import cooperative_of
from app.db import db, run_tx
from app.doing import checking, saying, seating, shifting
from app.doing.returning import bring_back, got_back
from app.lending.models import Loan
from app.lending.repaying import begin_repayment
from app.ordering import delivering, missing
from app.payments.door import gateway
from app.people.models import Person
from app.petitions.models import Petition
from app.pools import depositing
from app.proposing import putting, voting
from app.proposing.models import Proposal
from app.subscribing import changing, ending

from .gifts import lay_by_bonus, thank_some
from .habits import backers, card_of, name_payee, pay_out, person_called, pledges_of, work

Life = Callable[[Petition, Person, Person, datetime, datetime], None]
"""Called with the petition, its organizer, the moderator, when the action stood, and today."""

MONTH = timedelta(days=30, hours=12)
INSTALMENT = 250_000
RESERVE = 150_000


def wait(petition: Petition) -> None:
    """Nothing is prepared before people pledge."""


def lay_by_reserve(petition: Petition) -> None:
    """A sponsor lays a first-loss reserve by while the petition is open."""
    sponsor = person_called("alice")
    wish = depositing.PoolWish(amount=RESERVE, name="Alice", form_key=petition.id)
    saved = gateway().save_token("pm_ok")
    with clock.standing_at(petition.created_at + timedelta(days=3)):
        pool_id = run_tx(lambda: depositing.draw_up(petition.id, sponsor, wish, saved).id)
        run_tx(partial(depositing.pay_in, pool_id))
        work()


def disburse(petition: Petition, organizer: Person, moderator: Person, at: datetime) -> None:
    with clock.standing_at(at):
        name_payee(organizer)
        work()
        pay_out(petition, moderator)
        work()


def repay(petition: Petition, organizer: Person, amount: int, card: str, at: datetime) -> None:
    """The borrower presses the button, and the worker passes the money on."""
    with clock.standing_at(at):
        run_tx(partial(begin_repayment, petition.id, organizer.id, amount, card, f"demo-{at:%Y-%m-%d}"))
        work()


def repaid(petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime) -> None:
    """Twelve instalments, each a day before it is due, to the last won."""
    lend(petition, organizer, moderator, at, instalments=12)


def lending(petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime) -> None:
    """Two instalments on time; the third is paid in part."""
    card, last = lend(petition, organizer, moderator, at, instalments=2)
    repay(petition, organizer, 50_000, card, last + timedelta(days=12))


def default_on_it(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """Five instalments and a part; 180 days of silence; the reserve, and something recovered afterwards."""
    card, last = lend(petition, organizer, moderator, at, instalments=5)
    last += timedelta(days=20)
    repay(petition, organizer, 100_000, card, last)
    with clock.standing_at(last + timedelta(days=230)):
        work()
    repay(petition, organizer, 200_000, card, last + timedelta(days=240))


def lend(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, *, instalments: int
) -> tuple[str, datetime]:
    """Pay the loan out and that many instalments back; the borrower's card, and when the last was paid."""
    disburse(petition, organizer, moderator, at + timedelta(hours=1))
    loan = db.session.get_one(Loan, petition.id)
    each, card, paid_at = (
        loan.lent // (12 if loan.lent > 1_000_000 else 6),
        card_of(organizer),
        loan.disbursed_at,
    )
    for number in range(1, instalments + 1):
        paid_at = loan.disbursed_at + MONTH * number - timedelta(days=2)
        repay(petition, organizer, each, card, paid_at)
    return card, paid_at


def deliver_some(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """Half of the orders are handed over; one buyer says that a box is missing."""
    bought = [pledge.id for pledge in pledges_of(petition, "order", *BACKING)]
    half = bought[: len(bought) // 2]
    with clock.standing_at(at + timedelta(days=1)):
        run_tx(partial(delivering.mark_delivered, half, organizer.id))
        for pledge_id in half[1::2]:
            run_tx(partial(delivering.confirm, pledge_id))
        run_tx(partial(missing.report, half[0], 1, "상자가 비어 있었어요.", key="demo"))
        work()


def deliver_all(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """Everything is handed over; what one order lacked is paid back at once."""
    bought = [pledge.id for pledge in pledges_of(petition, "order", *BACKING)]
    with clock.standing_at(at + timedelta(days=1)):
        short = partial(missing.note_missing, bought[0], organizer.id, 1, "한 상자가 얼었어요.", key="demo")
        run_tx(short)
        run_tx(partial(delivering.mark_delivered, bought[1:], organizer.id))
        for pledge_id in bought[1:]:
            run_tx(partial(delivering.confirm, pledge_id))
        work()


def members_of(petition: Petition) -> list[str]:
    cooperative = cooperative_of(petition)
    return [member.person_id for member in cooperative.members] if cooperative else []


def vote_on(proposal_id: str, members: Sequence[str], at: datetime) -> None:
    """Most of the members vote, three of four with yes."""
    with clock.standing_at(at):
        work()
        for number, person_id in enumerate(members[: len(members) * 4 // 5]):
            choice = "no" if number % 4 == 3 else "yes"
            run_tx(partial(voting.cast, proposal_id, person_id, choice, f"demo-{number}"))
        work()


def put_question(petition: Petition, organizer: Person, title: str, text: str, at: datetime) -> str:
    members = members_of(petition)
    with clock.standing_at(at):
        return run_tx(
            lambda: (
                putting.put(
                    petition.id,
                    body="share",
                    kind="text",
                    title=title,
                    text=text,
                    proposer_id=organizer.id,
                    members=members,
                    quorum_percent=50,
                    idempotency_key=title,
                ).id
            )
        )


def vote(petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime) -> None:
    """One question is decided, another has just been put."""
    text = "월요일에는 쉬고, 남은 전기는 마을회관에 먼저 씁니다."
    decided = put_question(petition, organizer, "남은 전기를 마을회관에 먼저 쓸까요?", text, at)
    proposal = db.session.get_one(Proposal, decided)
    vote_on(decided, members_of(petition), proposal.opens_at + timedelta(seconds=1))
    with clock.standing_at(proposal.ends_at + timedelta(seconds=1)):
        work()
    put_question(
        petition,
        organizer,
        "옆 건물 지붕에도 올릴까요?",
        "견적은 900만 원이에요. 찬성하면 다음 총회에 계획을 가져오겠습니다.",
        today - timedelta(seconds=20),
    )


def share_surplus(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """The first fiscal year is over: one member leaves, its surplus is split, voted on and shared out."""
    with clock.standing_at(at + timedelta(days=2)):
        gone = members_of(petition)[-1]
        run_tx(lambda: leaving.ask(petition.id, gone))
        work()
    with clock.standing_at(today - timedelta(days=40)):
        cooperative = cooperative_of(petition)
        if cooperative is None or not (years := sharing.open_years(cooperative)):
            return
        members = members_of(petition)
        surplus = run_tx(
            lambda: sharing.put_to_vote(
                petition.id,
                organizer.id,
                year_ends_at=years[0],
                amount=1_000_000,
                percent=60,
                use={person_id: 20_000 + 5_000 * number for number, person_id in enumerate(members)},
                others_use=200_000,
                note="첫해 결산입니다.",
                key="demo",
            )
        )
        surplus_id, proposal_id = surplus.id, surplus.proposal_id
    proposal = db.session.get_one(Proposal, proposal_id)
    vote_on(proposal_id, members, proposal.opens_at + timedelta(seconds=1))
    with clock.standing_at(proposal.ends_at + timedelta(seconds=1)):
        work()
        card = card_of(organizer)
        run_tx(partial(sharing.pay_in, surplus_id, organizer.id, card))
        run_tx(partial(leaving.pay_in, petition.id, organizer.id, card))
        work()
        run_tx(lambda: leaving.ask(petition.id, members[-2]))
        work()


def months(petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime) -> None:
    """Every first of the month since: told before, charged, passed on; one rests, one card has run dry."""
    with clock.standing_at(at):
        work()
    day = at
    while (day := day + timedelta(days=1)) < today:
        if day + MONTH < today <= day + MONTH + timedelta(days=1):
            with clock.standing_at(day):
                rest_and_run_dry(petition)
        if day.astimezone(clock.SEOUL).day in {1, 2}:
            with clock.standing_at(day):
                work()
                pay_out(petition, moderator)


def months_to_an_end(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """As above, until every patron ended it: what they paid for is done."""
    months(petition, organizer, moderator, at, today)
    with clock.standing_at(today - timedelta(days=4)):
        for pledge in pledges_of(petition, "recurring", "active"):
            run_tx(partial(ending.cancel, pledge.id))
        work()


def rest_and_run_dry(petition: Petition) -> None:
    """One patron pauses, and the card of another has nothing left on it."""
    resting, dry = (pledge.id for pledge in pledges_of(petition, "recurring", "active")[:2])
    empty = gateway().save_token("pm_insufficient_funds")
    run_tx(partial(changing.pause, resting))
    run_tx(partial(changing.change_method, dry, empty))


def shifts(petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime) -> None:
    """One shift is over and its hours are confirmed; one is full with people waiting; one has room."""
    hands = [pledge.id for pledge in pledges_of(petition, "deed", "frozen")]
    past, soon = at + timedelta(days=3), today + timedelta(days=5)
    with clock.standing_at(at):
        done, full = (
            plan(petition, title, start, places)
            for title, start, places in (("문풍지 갈기", past, 8), ("형광등 갈기", soon, 5))
        )
        plan(petition, "마무리 청소", soon + timedelta(days=2), 6)
        for pledge_id in hands[:8]:
            run_tx(partial(seating.take, done, pledge_id))
        for pledge_id in hands[8:15]:
            run_tx(partial(seating.take, full, pledge_id))
        work()
    with clock.standing_at(past + timedelta(minutes=5)):
        for pledge_id in hands[:6]:
            run_tx(partial(checking.check_in, done, pledge_id))
    with clock.standing_at(past + timedelta(hours=5)):
        for pledge_id in hands[:6]:
            say_both(pledge_id, 4)
        work()


def plan(petition: Petition, title: str, start: datetime, places: int) -> str:
    wish = shifting.ShiftWish(title, "성산 경로당 2층", start, start + timedelta(hours=4), places)
    return run_tx(lambda: shifting.plan_shift(petition.id, wish, idempotency_key=title).id)


def say_both(pledge_id: str, amount: int) -> None:
    run_tx(partial(saying.say, pledge_id, "person", True, amount))
    run_tx(partial(saying.say, pledge_id, "organizer", True, amount))


def bring_tools_back(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """Every tool was brought, and every tool is back with whoever lent it."""
    lent = pledges_of(petition, "deed", "frozen")
    with clock.standing_at(at + timedelta(days=2)):
        for pledge in lent:
            say_both(pledge.id, pledge.amount)
        work()
    with clock.standing_at(at + timedelta(days=12)):
        for pledge in lent:
            run_tx(partial(bring_back, pledge.id))
            run_tx(partial(got_back, pledge.id))
        work()


def vote_down(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """The next step is shown, its backers do not accept it, and what is left goes back."""
    at += timedelta(days=1)
    with clock.standing_at(at):
        work()
        step = next(step for step in plan_of(petition.id) if step.state == "planned")
        run_tx(
            partial(milestones.claim, step.id, organizer.id, text="여기까지 했어요. 사진은 소식에 있어요.")
        )
        for person_id in backers(petition):
            run_tx(partial(milestones.vote, step.id, person_id, accepts=False))
        work()


def give_back(
    petition: Petition, organizer: Person, moderator: Person, at: datetime, today: datetime
) -> None:
    """Nobody approves paying the loan out for more than thirty days."""
    for day in (1, 31, 32):
        with clock.standing_at(at + timedelta(days=day)):
            work()


BEFORE: Mapping[str, Callable[[Petition], None]] = {"defaulted": lay_by_reserve, "bonus": lay_by_bonus}
"""What is prepared while a petition is open."""

LIVES: Mapping[str, Life] = {
    "repaid": repaid,
    "lending": lending,
    "defaulted": default_on_it,
    "delivering": deliver_some,
    "delivered": deliver_all,
    "voting": vote,
    "surplus": share_surplus,
    "months": months,
    "months to an end": months_to_an_end,
    "shifts": shifts,
    "returned": bring_tools_back,
    "thanking": thank_some,
    "voted down": vote_down,
    "given back": give_back,
}
"""What happens afterwards, by the name a campaign gives it."""
