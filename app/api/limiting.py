"""How much one may ask: every address for reads, everybody with access tokens for writes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Response, abort
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from app.web.errors import problem, words_for
from app.web.limits import count_within, limiter, limits_apply

READS = (RateLimitItemPerMinute(600),)
"""Whatever comes from one address, writes included."""

WRITES = (RateLimitItemPerMinute(120),)
"""What one person may write, whichever of their access tokens is sent."""

SIGNATURES = (RateLimitItemPerMinute(60), RateLimitItemPerHour(500))
"""The signatures among it: a page that many read brings this many, a script that makes addresses up more."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Allowance:
    """What one key may do, within every one of these limits."""

    limits: tuple[RateLimitItem, ...]
    key: tuple[str, ...]


def refuse_too_many(allowance: Allowance, all_of_them: Sequence[Allowance] = ()) -> None:
    """Count this request; beyond the allowance the answer is 429, which says when to come back.

    ``all_of_them`` are those that apply here, for the answer speaks of the one that is nearest to its end.
    """
    if count_within(allowance.limits, *allowance.key):
        return
    response = problem(429, *words_for(429))
    response.headers.update(standing(all_of_them or (allowance,)))
    response.headers["Retry-After"] = response.headers["RateLimit-Reset"]
    abort(response)


def policy(limits: Sequence[RateLimitItem]) -> str:
    """Every limit that applies: how many in how many seconds."""
    return ", ".join(f"{limit.amount};w={limit.get_expiry()}" for limit in limits)


def policy_for_everybody() -> dict[str, str]:
    """What is the same for every reader, so that a kept answer may carry it too."""
    return {"RateLimit-Policy": policy(READS), "RateLimit-Limit": str(READS[0].amount)}


def standing(allowances: Sequence[Allowance]) -> dict[str, str]:
    """All policies; and of the limit that is nearest to its end what is left, and when it begins anew."""
    counted = [(limit, allowance.key) for allowance in allowances for limit in allowance.limits]
    left, seconds, amount = min(
        (left_of(limit, key) for limit, key in counted), key=lambda found: (found[0], -found[1])
    )
    return {
        "RateLimit-Policy": policy([limit for limit, _key in counted]),
        "RateLimit-Limit": str(amount),
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str(seconds),
    }


def left_of(limit: RateLimitItem, key: tuple[str, ...]) -> tuple[int, int, int]:
    """How many are left, in how many seconds the limit begins anew, and how many it allows."""
    left, seconds = limit.amount, limit.get_expiry()
    if limits_apply():
        try:
            stats: Any = limiter.limiter.get_window_stats(limit, *key)
            left, seconds = stats.remaining, max(1, round(stats.reset_time - time.time()))
        except Exception:
            log.warning("rate limits could not be read", exc_info=True)
    return left, seconds, limit.amount


def mark(response: Response, headers: dict[str, str]) -> None:
    """Add the headers that the answer does not have yet."""
    for name, value in headers.items():
        response.headers.setdefault(name, value)
