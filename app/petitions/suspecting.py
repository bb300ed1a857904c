"""Silent fraud handling: signatures beyond a plausible rate are held back without saying so.

Whoever sends them gets the answer everybody gets, so that the limits cannot be felt out. A moderator
sees the signatures as ``fraudulent``. A partner's server, behind which is no network of the signer, is known
by its access token: how much it may send is told and refused aloud, where tokens are read.
"""

from __future__ import annotations

import hmac
from functools import lru_cache

from flask import current_app
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from app.people.models import key_of
from app.web.limits import count_within, limits_apply, network

PER_NETWORK = (RateLimitItemPerMinute(20), RateLimitItemPerHour(100))
"""A family or a small office signs within this; a script does not."""

PER_ADDRESS = (RateLimitItemPerHour(10),)
"""Letters that one mailbox may be made to receive, whoever asks for them."""


def looks_suspicious(email: str) -> bool:
    """Count this signing against its network and its address; True when either is over its limit.

    A demo never suspects its own machine.
    """
    if not limits_apply():
        return False
    by_network = count_within(PER_NETWORK, "sign", network())
    return is_flooded(email) or not by_network


def is_flooded(email: str) -> bool:
    """Count this signing against its address alone; True when the address is over its limit.

    That is all that is counted in silence for a partner's server.
    """
    return not count_within(PER_ADDRESS, "sign-address", key_of(email))


def network_key() -> str:
    """Where a signature came from, as a keyed hash: equal networks can be compared, none can be read."""
    return keyed(network(), current_app.config["SECRET_KEY"])


def sender_key(sender: str) -> str:
    """The same for a partner, who passes on what many people sign: ``sender`` is the person's id."""
    return keyed(f"partner {sender}", current_app.config["SECRET_KEY"])


@lru_cache(maxsize=4096)
def keyed(seen_from: str, secret: str) -> str:
    return hmac.digest(secret.encode(), b"dure.network\0" + seen_from.encode(), "sha256").hex()[:32]
