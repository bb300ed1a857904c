"""Whom a rate limit counts: one address, or what one household holds."""

from __future__ import annotations

import pytest

from app.web.limits import address_of, network_of


@pytest.mark.parametrize(
    ("caller", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_a_network_is_an_address_or_a_household(caller: str, network: str) -> None:
    assert network_of(caller) == network


def test_this_machine_is_itself_however_it_is_reached() -> None:
    assert all(address_of(caller).is_loopback for caller in ("127.0.0.1", "::1", "::ffff:127.0.0.1"))
