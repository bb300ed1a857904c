"""A receiver on this machine, and senders that are waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app import clock
from app.db import db, run_tx
from app.hooks.events import EVENTS
from app.hooks.keeping import EndpointWish, add
from app.hooks.models import Endpoint
from app.hooks.sending import send_due, senders
from app.petitions.models import Petition
from tests.hooks.receiver import Receiver, receiving
from tests.world import World


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"webhooks_to_loopback": True}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Let time pass: ``later(minutes=5)``."""
    with time_machine.travel(clock.now(), tick=False) as traveller:

        def pass_by(**span: float) -> None:
            traveller.shift(timedelta(**span))

        yield pass_by


@pytest.fixture
def deliver(world: World) -> Callable[[], None]:
    """Send what is due now, and wait for it: no more of the worker than that."""
    assert world

    def work() -> None:
        db.session.rollback()
        send_due()
        senders().wait()
        db.session.rollback()
        db.session.expire_all()

    return work


@pytest.fixture
def listen(world: World) -> Callable[..., Endpoint]:
    """Somebody adds a webhook: every event of every public petition unless said otherwise."""

    def add_one(
        url: str,
        name: str = "alice",
        *,
        scope: str = "every",
        petition: Petition | None = None,
        events: tuple[str, ...] = tuple(EVENTS),
        key: str = "",
    ) -> Endpoint:
        person = world.person(name)
        wish = EndpointWish(url, scope, petition.id if petition else None, events)
        endpoint_id = run_tx(lambda: add(person.id, wish, form_key=key or f"{url}-{scope}"[:64]))
        assert endpoint_id is not None
        return db.session.get_one(Endpoint, endpoint_id)

    return add_one
