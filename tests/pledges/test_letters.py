"""The letters of a pledge: the button's link first, nothing the sender could abuse."""

from __future__ import annotations

import re

import pytest

from app.db import run_tx
from app.mail.posting import post
from app.pledges import letters
from tests.pledges.promises import drafted
from tests.world import World

ADDRESS = re.compile(r"https?://\S+")


def text_of(world: World, write: str, locale: str, **changes: object) -> str:
    petition = world.petition(title="School lights")
    pledge = drafted(petition, locale=locale, **changes)
    draft = getattr(letters, write)
    run_tx(lambda: post(pledge.email, locale, lambda: draft(pledge, petition), cause=write))
    return world.letters("minji")[-1].text


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_the_confirmation_carries_its_link_first_and_the_mandate(world: World, locale: str) -> None:
    text = text_of(world, "confirm_pledge", locale)
    assert re.match(r"http://localhost/pledges/[^/\s]+$", ADDRESS.findall(text)[0])
    assert "₩10,000" in text


def test_the_confirmation_quotes_no_name_a_stranger_wrote(world: World) -> None:
    text = text_of(world, "confirm_pledge", "en", name="Win at https://evil.example now")
    assert "evil" not in text


def test_a_pledge_that_counts_is_told_how_to_leave(world: World) -> None:
    text = text_of(world, "pledge_ready", "en")
    assert "Nothing has been charged." in text
    assert any(address.endswith("/withdrawal") for address in ADDRESS.findall(text))


def test_a_pledge_taken_back_is_told_that_nothing_is_charged(world: World) -> None:
    assert "Nothing was charged, and nothing will be." in text_of(world, "pledge_withdrawn", "en")
