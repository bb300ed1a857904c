"""One member, one vote, secret until the end, and a result that can be counted again."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import DBAPIError

from app.db import db, run_tx
from app.errors import Refusal
from app.outbox.announcing import Announcement
from app.proposing import counting, putting, sweeping
from app.proposing.auditing import CHECKS
from app.proposing.models import Ballot, Proposal, Voter
from app.proposing.rules import recount_sheet
from app.proposing.voting import cast, turnout
from tests.proposing.boxes import FIVE, WEEK, acting, look, propose, vote
from tests.world import World


def differences() -> list[str]:
    db.session.rollback()
    return [difference for check in CHECKS for difference in check()]


def announced(topic: str) -> list[dict[str, object]]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Announcement.payload).where(Announcement.topic == topic)))


def test_five_members_decide_by_one_vote_each(world: World, later: time_machine.Traveller) -> None:
    proposal_id = propose(
        world, acting(world), subject_id="019a0000-0000-7000-8000-000000000007", kind="surplus"
    )
    later.shift(WEEK)
    vote(world, proposal_id, "yes", "alice", "bob")
    vote(world, proposal_id, "no", "minji")
    vote(world, proposal_id, "abstain", "junho")
    assert look(proposal_id).result is None, "nobody sees a count before the end"
    later.shift(WEEK)
    assert run_tx(lambda: counting.end(proposal_id))
    decided = look(proposal_id)
    assert (decided.yes, decided.no, decided.abstain, decided.outcome) == (2, 1, 1, "accepted")
    sheet = counting.ballot_sheet(proposal_id)
    assert recount_sheet(sheet, decided.voters, decided.quorum_percent) == decided.result
    assert not run_tx(lambda: counting.end(proposal_id)), "counted once"
    [said] = announced("proposal_decided")
    assert said["accepted"] is True
    assert said["subject_id"] == "019a0000-0000-7000-8000-000000000007"
    assert differences() == []


def test_too_few_votes_decide_nothing(world: World, later: time_machine.Traveller) -> None:
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    vote(world, proposal_id, "yes", "alice", "bob")
    later.shift(WEEK)
    assert sweeping.end_due() == 1
    assert sweeping.end_due() == 0
    assert look(proposal_id).outcome == "no_quorum"
    assert announced("proposal_decided")[0]["accepted"] is False


def test_last_vote_of_all_ends_the_vote(world: World, later: time_machine.Traveller) -> None:
    proposal_id = propose(world, acting(world), "alice", "bob")
    later.shift(WEEK)
    vote(world, proposal_id, "no", "alice", "bob")
    assert look(proposal_id).outcome == "rejected"


@pytest.mark.parametrize(
    ("shift", "name", "status"),
    [
        (timedelta(0), "alice", 409),
        (WEEK - timedelta(milliseconds=1), "alice", 409),
        (2 * WEEK, "alice", 409),
        (WEEK, "Mallory", 403),
    ],
)
def test_only_members_vote_and_only_in_time(
    world: World, later: time_machine.Traveller, shift: timedelta, name: str, status: int
) -> None:
    proposal_id = propose(world, acting(world))
    world.person(name)
    later.shift(shift)
    with pytest.raises(Refusal) as refusal:
        vote(world, proposal_id, "yes", name)
    assert refusal.value.status == status
    assert turnout(proposal_id) == 0


def test_same_form_twice_is_one_ballot_and_another_form_is_refused(
    world: World, later: time_machine.Traveller
) -> None:
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    first = vote(world, proposal_id, "yes", "alice")
    assert vote(world, proposal_id, "no", "alice") == first, "the first sending counts"
    with pytest.raises(Refusal, match="voted already"):
        vote(world, proposal_id, "no", "alice", key="another form")
    assert counting.ballots(proposal_id) == [(first[0], "yes")]


def test_what_is_stored_ties_no_person_to_a_ballot(world: World, later: time_machine.Traveller) -> None:
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    receipts = vote(world, proposal_id, "yes", *FIVE[:4])
    assert len(set(receipts)) == 4, "the same form key gives everybody another receipt"
    assert {column.name for column in sa.inspect(Ballot).columns} == {"proposal_id", "receipt", "choice"}
    assert {column.name for column in sa.inspect(Voter).columns} == {"proposal_id", "person_id", "voted"}
    announcements = db.session.scalars(sa.select(Announcement)).all()
    assert not [row for row in announcements if any(receipt in str(row.payload) for receipt in receipts)]
    assert not [letter for name in FIVE for letter in world.letters(name) if receipts[0] in letter.text]


def test_ballots_in_the_box_cannot_be_changed(world: World, later: time_machine.Traveller) -> None:
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    vote(world, proposal_id, "yes", "alice")
    for statement in (sa.update(Ballot).values(choice="no"), sa.delete(Ballot)):
        with pytest.raises(DBAPIError, match="append-only"):
            run_tx(lambda statement=statement: db.session.execute(statement))  # type: ignore[misc]


def test_forged_result_and_stuffed_box_are_found(world: World, later: time_machine.Traveller) -> None:
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    vote(world, proposal_id, "no", *FIVE)
    assert differences() == []
    run_tx(lambda: db.session.execute(sa.update(Proposal).values(yes=5, no=0, outcome="accepted")))
    assert "its ballots say rejected" in differences()[0]
    run_tx(lambda: db.session.add(Ballot(proposal_id=proposal_id, receipt="STUFFED", choice="yes")))
    assert "6 ballots of 5 members" in differences()[0]


def race(world: World, proposal_id: str, person_id: str, forms: int) -> list[str]:
    """That many forms of one person's at once; what came of each."""
    app, seen, start = world.app, [], threading.Barrier(forms)

    def press(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                seen.append(run_tx(lambda: cast(proposal_id, person_id, "yes", f"form {number}")))
            except Refusal as refusal:
                seen.append(str(refusal.status))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(forms)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def test_many_forms_of_one_person_at_once_are_one_ballot(world: World, later: time_machine.Traveller) -> None:
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    alice = world.person("alice").id
    seen = race(world, proposal_id, alice, 6)
    assert sorted(each for each in seen if each.isdigit()) == ["409"] * 5
    assert len(counting.ballots(proposal_id)) == turnout(proposal_id) == 1


def test_without_its_guard_the_race_would_stuff_the_box(
    world: World, later: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a voter who never counts as having voted votes as often as they like."""
    proposal_id = propose(world, acting(world))
    later.shift(WEEK)
    alice = world.person("alice").id

    def forget() -> None:
        db.session.execute(sa.update(Voter).values(voted=False))

    for number in range(3):
        run_tx(lambda number=number: cast(proposal_id, alice, "yes", f"form {number}"))  # type: ignore[misc]
        run_tx(forget)
    assert "0 members voted, 3 ballots" in differences()[0]


def test_proposal_is_put_once_a_key_and_taken_back_before_the_vote(
    world: World, later: time_machine.Traveller
) -> None:
    petition = acting(world)
    proposal_id = propose(world, petition, idempotency_key="once")
    assert propose(world, petition, idempotency_key="once") == proposal_id
    organizer, alice = world.person("organizer").id, world.person("alice").id
    with pytest.raises(Refusal) as refusal:
        run_tx(lambda: putting.withdraw(proposal_id, alice))
    assert refusal.value.status == 404
    assert run_tx(lambda: putting.withdraw(proposal_id, organizer))
    assert not run_tx(lambda: putting.withdraw(proposal_id, organizer))
    later.shift(WEEK)
    with pytest.raises(Refusal, match="taken back"):
        vote(world, proposal_id, "yes", "alice")
    other = propose(world, petition)
    later.shift(WEEK)
    with pytest.raises(Refusal, match="the proposal stays"):
        run_tx(lambda: putting.withdraw(other, organizer))


def test_nobody_to_vote_and_too_much_to_vote_on_are_refused(world: World) -> None:
    petition = acting(world)
    with pytest.raises(Refusal, match="no members"):
        propose(world, petition, members=[])
    for _number in range(putting.MOST_WAITING):
        propose(world, petition)
    with pytest.raises(Refusal, match="Too many"):
        propose(world, petition)


def test_members_get_a_notice_their_ballot_and_the_result(
    world: World, later: time_machine.Traveller
) -> None:
    proposal_id = propose(world, acting(world), "alice", "bob")
    world.work()
    [notice] = world.letters("alice")
    assert "Notice of a vote" in notice.subject
    later.shift(WEEK)
    vote(world, proposal_id, "yes", "bob")
    world.work()
    world.work()
    assert [letter.subject.partition(":")[0] for letter in world.letters("alice")][1:] == ["Your ballot"]
    assert len(world.letters("bob")) == 1, "who has voted needs no ballot"
    later.shift(WEEK)
    world.work()
    assert look(proposal_id).outcome == "accepted"
    assert "Decided" in world.letters("alice")[-1].subject
    assert "1 voted yes" in world.letters("bob")[-1].text
