"""``docs/webhooks.md`` says what is so: its receiver receives, its tables are complete."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.config import DAY, HOUR, ROOT, Settings
from app.db import run_tx
from app.hooks.events import EVENTS, TEST
from app.hooks.keeping import send_test
from app.hooks.models import Endpoint
from app.hooks.signing import secret_of
from tests.hooks.receiver import Receiver
from tests.world import World

PAGE = (ROOT / "docs" / "webhooks.md").read_text()


def receive_of_the_page() -> Callable[..., tuple[int, dict[str, object] | None]]:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)  # the page's own example is what is tried
    receive = names["receive"]
    assert callable(receive)
    return receive


@pytest.mark.usefixtures("world")
def test_the_receiver_of_the_page_believes_us_and_nobody_else(
    receiver: Receiver, listen: Callable[..., Endpoint], deliver: Callable[[], None]
) -> None:
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    (heard,) = receiver.heard
    receive = receive_of_the_page()
    status, message = receive(heard.body, heard.headers, secret_of(endpoint.id, 0))
    assert (status, message and message["type"]) == (204, TEST)
    assert receive(heard.body + b" ", heard.headers, secret_of(endpoint.id, 0)) == (401, None)
    assert receive(heard.body, heard.headers, secret_of(endpoint.id, 1)) == (401, None)


def test_every_event_is_in_the_table() -> None:
    assert re.findall(r"^\| `([a-z.]+)` \|", PAGE, flags=re.MULTILINE) == [*EVENTS, TEST]


def test_the_pauses_are_as_written() -> None:
    hours = [number * HOUR for number in (2, 5, 10, 14, 20)]
    pauses = Settings(secret_key="k" * 40).webhook_pauses
    assert pauses == (5, 300, 1800, *hours, DAY)
    assert "5 seconds, 5 minutes,\n  30 minutes, 2, 5, 10, 14, 20 and 24 hours" in PAGE


def test_production_sends_nothing_to_its_own_machine() -> None:
    with pytest.raises(ValueError, match="DURE_WEBHOOKS_TO_LOOPBACK"):
        Settings(
            env="production",
            base_url="https://dure.example",
            secret_key="k" * 40,
            database_url="sqlite://",
            webhooks_to_loopback=True,
        )


def test_demo_tries_are_over_within_a_minute(world: World) -> None:
    settings = world.app.config["DURE"].model_copy(update={"demo": True})
    assert sum(settings.webhook_pauses) < 60
