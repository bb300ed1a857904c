"""A worker that dies where it is told to: a process of its own, killed with SIGKILL.

``python -m tests.faults.mortal`` imports the application once and then forks one life for every line of JSON
on its standard input. A life looks at what is due a few times, its clock moving on between two looks, and
ends with 0; or it is killed, at the first step it reaches of those it is to die at (before or after the n-th
call of a crash point), or from outside after ``seconds``.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import wraps
from importlib import import_module
from itertools import count
from typing import Any
from uuid import uuid4

import structlog
import time_machine

from app import create_app
from app.payments.sandbox.gateway import Sandbox
from app.worker import work_once
from tests.databases import settings_for

BETWEEN_LOOKS = timedelta(minutes=3)
DEMO = {"demo": True, "verification_window": 0}

CRASH_POINTS: dict[str, tuple[str, ...]] = {
    "commit": ("app.db:commit_once",),
    "ask": ("app.actions.calling:ask", "app.actions.payouts:ask"),
    "settle a batch": ("app.actions.calling:settle_together",),
    "settle": ("app.actions.calling:settle",),
    "decide": ("app.actions.collecting:decide",),
    "book": ("app.actions.settling:book", "app.actions.paying:book", "app.actions.refunding:book"),
    "lease": ("app.outbox.draining:lease_batch",),
    "finish": ("app.outbox.draining:finish",),
    "letter": ("app.mail.posting:insert_unless_there",),
    "points": ("app.points.awarding:insert_unless_there",),
    "hold": ("app.payments.sandbox.gateway:Sandbox.hold",),
    "capture": ("app.payments.sandbox.gateway:Sandbox.capture",),
    "release": ("app.payments.sandbox.gateway:Sandbox.release",),
    "refund": ("app.payments.sandbox.gateway:Sandbox.refund",),
    "pay out": ("app.payments.sandbox.gateway:Sandbox.pay_out",),
    "look up": ("app.payments.sandbox.gateway:Sandbox.find",),
}


Step = tuple[str, str, int]
"""A crash point, ``before`` or ``after`` it, and at which of its calls."""


@dataclass(frozen=True)
class Life:
    """How one life begins and ends; with ``fresh_keys`` every call to the gateway is made under a new key."""

    url: str
    born_at: str
    looks: int = 5
    steps: tuple[Step, ...] = ()
    seconds: float = 0
    fresh_keys: bool = False


class Nursery:
    """Starts lives and tells how they ended."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.mortal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def live(self, url: str, born_at: datetime, **end: Any) -> str:
        """Run one life; the crash point and the moment it was killed at, or nothing.

        Raises:
            AssertionError: it ended by itself with an error.
        """
        assert self.process.stdin
        assert self.process.stdout
        life = Life(url, born_at.isoformat(), **end)
        self.process.stdin.write(json.dumps(asdict(life)) + "\n")
        self.process.stdin.flush()
        code, end = json.loads(self.process.stdout.readline())
        assert code in {0, -signal.SIGKILL}, f"a life ended with {code}"
        return end

    def close(self) -> None:
        self.process.communicate(timeout=20)


def find_target(path: str) -> tuple[Any, str]:
    module, _, names = path.partition(":")
    *owners, name = names.split(".")
    owner: Any = import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    return owner, name


def arm(steps: Sequence[Step], say: Callable[[str], None]) -> None:
    """Make each of these steps the last one; ``say`` is told which, just before the end."""
    for point, when, nth in steps:
        calls = count(1)

        def die(*, now: bool, point: str = point, when: str = when) -> None:
            if now:
                say(f"{point}/{when}")
                os.kill(os.getpid(), signal.SIGKILL)

        for path in CRASH_POINTS[point]:
            owner, name = find_target(path)
            setattr(owner, name, deadly(getattr(owner, name), calls, nth, when, die))


def deadly(
    original: Callable[..., Any], calls: Iterator[int], nth: int, when: str, die: Callable[..., None]
) -> Callable[..., Any]:
    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        mine = next(calls) == nth
        die(now=mine and when == "before")
        answer = original(*args, **kwargs)
        die(now=mine)
        return answer

    return call


def forget_keys() -> None:
    """What the stored idempotency key and the look-up before a repetition are good for, taken away."""

    def under_a_new_key(original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: original(*args, **(kwargs | {"key": uuid4().hex}))

    changes: Any = Sandbox
    for name in ("hold", "capture", "release", "refund", "pay_out"):
        setattr(changes, name, under_a_new_key(getattr(changes, name)))
    changes.find = lambda _self, _key: None


def live(life: Life, say: Callable[[str], None]) -> None:
    if life.fresh_keys:
        forget_keys()
    arm(life.steps, say)
    with time_machine.travel(datetime.fromisoformat(life.born_at), tick=True) as clock:
        app = create_app(settings_for(life.url, **DEMO))
        app.extensions["queue"].knock = lambda: None
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        for _look in range(life.looks):
            work_once(app)
            clock.shift(BETWEEN_LOOKS)


def give_birth(life: Life) -> tuple[int, str]:
    """Fork a life and wait for its end: its exit status as :mod:`subprocess` counts, and its last words."""
    listen, speak = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            live(life, lambda words: os.write(speak, words.encode()) and None)
        except BaseException:
            logging.getLogger(__name__).exception("a life went wrong")
            os._exit(1)
        os._exit(0)
    os.close(speak)
    if life.seconds:
        time.sleep(life.seconds)
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    words = os.read(listen, 100).decode()
    os.close(listen)
    return code, words or ("outside" if code else "")


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(give_birth(Life(**json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
