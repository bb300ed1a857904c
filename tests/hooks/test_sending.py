"""Sending: at least once, under one id, never two at a time, and never waiting for a slow neighbour."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook

from app import clock
from app.db import db, new_id, run_tx
from app.hooks.connecting import Answer, Postman
from app.hooks.keeping import remove, replay, rotate, send_test, switch_on
from app.hooks.models import Delivery, Endpoint, Message
from app.hooks.sending import LEASE, Sending, send, senders, settle, take
from app.hooks.signing import secret_of
from app.petitions.launching import hide
from app.petitions.models import Petition
from tests.hooks.receiver import Receiver, receiving
from tests.world import World

Listen = Callable[..., Endpoint]
Do = Callable[[], None]


def only_delivery() -> Delivery:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Delivery)).one()


def tip(world: World) -> None:
    """Something happens that is told, and the worker sends it."""
    petition = world.petition(signatures=1, offers=())
    world.sign(petition, "minji")
    world.work()
    senders().wait()


def test_what_happens_is_told_signed(receiver: Receiver, world: World, listen: Listen, deliver: Do) -> None:
    endpoint = listen(receiver.url)
    tip(world)
    deliver()
    (heard,) = receiver.heard
    told = Webhook(secret_of(endpoint.id, 0)).verify(heard.body, heard.headers)
    assert told["type"] == "petition.tipped"
    delivery = only_delivery()
    assert heard.headers["webhook-id"] == f"msg_{delivery.message_id}"
    assert (delivery.status, delivery.error, delivery.due_at) == (204, None, None)
    assert delivery.delivered_at is not None
    deliver()
    assert len(receiver.heard) == 1


def test_a_failure_is_tried_again_under_the_same_id_until_it_arrives(
    receiver: Receiver, world: World, listen: Listen, deliver: Do, later: Callable[..., None]
) -> None:
    receiver.answers = [500, 503]
    listen(receiver.url)
    tip(world)
    deliver()
    assert (only_delivery().status, only_delivery().attempts) == (500, 1)
    deliver()
    assert len(receiver.heard) == 1
    later(seconds=7)
    deliver()
    later(minutes=7)
    deliver()
    assert [heard.headers["webhook-id"] for heard in receiver.heard] == [
        f"msg_{only_delivery().message_id}"
    ] * 3
    assert len({heard.body for heard in receiver.heard}) == 1
    stamps = [int(heard.headers["webhook-timestamp"]) for heard in receiver.heard]
    assert stamps == sorted(set(stamps))
    assert only_delivery().delivered_at is not None
    endpoint = db.session.scalars(sa.select(Endpoint)).one()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_after_every_try_a_message_is_a_dead_letter_and_can_be_replayed(
    receiver: Receiver, listen: Listen, deliver: Do, later: Callable[..., None]
) -> None:
    receiver.default = 500
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    for _ in range(12):
        deliver()
        later(hours=30)
    delivery = only_delivery()
    assert len(receiver.heard) == delivery.attempts == 10
    assert delivery.dead_at is not None
    assert delivery.due_at is None
    receiver.default = 204
    run_tx(lambda: switch_on(endpoint.id))
    assert run_tx(lambda: replay(endpoint.id)) == 1
    deliver()
    assert only_delivery().delivered_at is not None
    assert len({heard.headers["webhook-id"] for heard in receiver.heard}) == 1
    assert run_tx(lambda: replay(endpoint.id)) == 0


def test_days_of_failure_switch_an_endpoint_off_and_its_owner_is_told_once(
    receiver: Receiver, world: World, listen: Listen, deliver: Do, later: Callable[..., None]
) -> None:
    receiver.default = 500
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    for _ in range(12):
        deliver()
        later(hours=30)
    world.work()
    assert (world.fresh(endpoint).disabled_because, world.fresh(endpoint).disabled_at is None) == (
        "failing",
        False,
    )
    (letter,) = [letter for letter in world.letters("alice") if "webhook" in letter.subject]
    assert "127.0.0.1" in letter.subject
    assert f"/me/webhooks/{endpoint.id}" in letter.text
    tip(world)
    deliver()
    assert len(receiver.heard) == 10


def test_a_message_that_dies_early_does_not_switch_its_endpoint_off(
    receiver: Receiver, world: World, listen: Listen, deliver: Do, later: Callable[..., None]
) -> None:
    """Hours of failure are no days of failure."""
    receiver.default = 500
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    run_tx(lambda: db.session.execute(sa.update(Delivery).values(attempts=9, due_at=clock.now())))
    later(minutes=10)
    deliver()
    assert only_delivery().dead_at is not None
    assert world.fresh(endpoint).disabled_at is None


def test_gone_switches_off_at_once(receiver: Receiver, world: World, listen: Listen) -> None:
    receiver.default = 410
    endpoint = listen(receiver.url)
    tip(world)
    world.work()
    assert world.fresh(endpoint).disabled_because == "gone"
    assert (only_delivery().dead_at is not None, only_delivery().error) == (True, "gone")
    assert len([letter for letter in world.letters("alice") if "webhook" in letter.subject]) == 1


def test_nobody_else_sends_while_a_lease_runs_and_death_only_delays(
    receiver: Receiver, listen: Listen, deliver: Do, later: Callable[..., None]
) -> None:
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    dead = run_tx(lambda: take(clock.now()))
    assert dead is not None
    assert run_tx(lambda: take(clock.now())) is None
    deliver()
    assert receiver.heard == []
    later(seconds=LEASE.total_seconds() + 1)
    deliver()
    assert [heard.headers["webhook-id"] for heard in receiver.heard] == [dead.message_id]
    assert not run_tx(lambda: settle(dead, Answer(500, "status")))
    assert only_delivery().delivered_at is not None


def test_of_many_workers_one_takes_a_message(world: World, receiver: Receiver, listen: Listen) -> None:
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    together = threading.Barrier(6)

    def work(_number: int) -> Sending | None:
        with world.app.app_context():
            together.wait()
            return run_tx(lambda: take(clock.now()))

    with ThreadPoolExecutor(6) as pool:
        taken = [sending for sending in pool.map(work, range(6)) if sending]
    assert len(taken) == 1


def test_an_endpoint_deleted_in_mid_flight_leaves_nothing(
    receiver: Receiver, world: World, listen: Listen
) -> None:
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    sending = run_tx(lambda: take(clock.now()))
    assert sending is not None
    answer = send(sending, Postman(loopback=True))
    run_tx(lambda: remove(endpoint.id))
    assert not run_tx(lambda: settle(sending, answer))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 0


def test_a_slow_endpoint_keeps_nobody_waiting(world: World, listen: Listen) -> None:
    done, together = threading.Event(), list[bool]()

    def wait_for_the_other(_handler: BaseHTTPRequestHandler) -> None:
        together.append(done.wait(5))

    def finish(handler: BaseHTTPRequestHandler) -> None:
        done.set()
        handler.send_response(204)
        handler.end_headers()

    with receiving() as slow, receiving() as quick:
        slow.default, quick.default = wait_for_the_other, finish
        listen(slow.url)
        listen(quick.url)
        tip(world)
    assert together == [True]


def test_one_endpoint_never_gets_two_messages_at_once(
    receiver: Receiver, world: World, listen: Listen, deliver: Do
) -> None:
    busy, most = [0], [0]

    def count(handler: BaseHTTPRequestHandler) -> None:
        busy[0] += 1
        most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        busy[0] -= 1
        handler.send_response(204)
        handler.end_headers()

    receiver.default = count
    endpoint = listen(receiver.url)
    for _ in range(5):
        run_tx(lambda: send_test(endpoint.id))
    deliver()
    assert (len(receiver.heard), most[0]) == (5, 1)


def test_a_petition_hidden_meanwhile_is_not_told(
    receiver: Receiver, world: World, listen: Listen, deliver: Do, later: Callable[..., None]
) -> None:
    receiver.answers = [500]
    listen(receiver.url)
    tip(world)
    (petition_id,) = db.session.scalars(sa.select(Petition.id)).all()
    run_tx(lambda: hide(petition_id))
    later(minutes=10)
    deliver()
    assert len(receiver.heard) == 1
    assert only_delivery().error == "hidden"


def test_however_much_waits_of_hidden_petitions_the_rest_is_sent(
    receiver: Receiver, world: World, listen: Listen, deliver: Do
) -> None:
    endpoint = listen(receiver.url)
    petition = world.petition()
    run_tx(lambda: hide(petition.id))
    at, number = clock.now(), sys.getrecursionlimit()
    messages = [
        {
            "id": new_id(),
            "cause": f"c{n}",
            "event": "petition.tipped",
            "petition_id": petition.id,
            "body": "{}",
        }
        | {"created_at": at}
        for n in range(number)
    ]
    deliveries = [
        {
            "id": new_id(),
            "endpoint_id": endpoint.id,
            "message_id": message["id"],
            "created_at": at,
            "due_at": at,
        }
        for message in messages
    ]
    run_tx(lambda: db.session.execute(sa.insert(Message), messages))
    run_tx(lambda: db.session.execute(sa.insert(Delivery), deliveries))
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    assert len(receiver.heard) == 1
    hidden = sa.select(sa.func.count()).where(Delivery.error == "hidden", Delivery.dead_at.is_not(None))
    assert db.session.scalar(hidden) == number


def test_during_the_overlap_both_secrets_verify(
    receiver: Receiver, world: World, listen: Listen, deliver: Do, later: Callable[..., None]
) -> None:
    endpoint = listen(receiver.url)
    assert run_tx(lambda: rotate(endpoint.id, 0))
    assert not run_tx(lambda: rotate(endpoint.id, 0))
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    later(days=1)
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    first, second = receiver.heard
    assert len(first.headers["webhook-signature"].split()) == 2
    assert len(second.headers["webhook-signature"].split()) == 1


def test_without_the_setting_nothing_is_sent_to_this_machine(
    receiver: Receiver, world: World, listen: Listen, deliver: Do
) -> None:
    """As production is: the rows say where to, the guard says no."""
    world.app.config["DURE"] = world.app.config["DURE"].model_copy(update={"webhooks_to_loopback": False})
    listen(receiver.url)
    tip(world)
    deliver()
    assert receiver.heard == []
    assert only_delivery().error == "scheme"


@pytest.mark.usefixtures("world")
def test_what_is_due_is_sent_oldest_first(receiver: Receiver, listen: Listen, deliver: Do) -> None:
    endpoint = listen(receiver.url)
    for _ in range(3):
        run_tx(lambda: send_test(endpoint.id))
    ids = [f"msg_{row}" for row in db.session.scalars(sa.select(Delivery.message_id).order_by(Delivery.id))]
    deliver()
    assert [heard.headers["webhook-id"] for heard in receiver.heard] == ids


@pytest.mark.usefixtures("world")
def test_what_somebody_replays_does_not_wait_for_the_rest_of_its_endpoint(
    receiver: Receiver, listen: Listen, deliver: Do
) -> None:
    receiver.answers = [500]
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    run_tx(lambda: db.session.execute(sa.update(Delivery).values(due_at=None, dead_at=clock.now())))
    run_tx(lambda: replay(endpoint.id))
    deliver()
    assert len(receiver.heard) == 2
    assert only_delivery().delivered_at is not None
