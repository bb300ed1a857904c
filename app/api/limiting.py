"""How much one may ask: every address for reads, everybody with access tokens for writes."""

from __future__ import annotations

import time
from typing import Any

import structlog
from flask import Response, abort
from limits import RateLimitItem, RateLimitItemPerMinute

from app.web.errors import problem, words_for
from app.web.limits import count_within, limiter, limits_apply

READS = RateLimitItemPerMinute(600)
"""Whatever comes from one address, writes included."""

WRITES = RateLimitItemPerMinute(120)
"""What one person may write, whichever of their access tokens is sent."""

log = structlog.get_logger()


def refuse_too_many(limit: RateLimitItem, *key: str) -> None:
    """Count this request; more than the limit are answered with 429 and when to come back."""
    if count_within([limit], *key):
        return
    response = problem(429, *words_for(429))
    response.headers.update(standing(limit, *key))
    response.headers["Retry-After"] = response.headers["RateLimit-Reset"]
    abort(response)


def policy(limit: RateLimitItem) -> dict[str, str]:
    """What is the same for everybody, so that a kept answer may carry it too."""
    return {
        "RateLimit-Policy": f"{limit.amount};w={limit.get_expiry()}",
        "RateLimit-Limit": str(limit.amount),
    }


def standing(limit: RateLimitItem, *key: str) -> dict[str, str]:
    """The policy, what is left of it, and in how many seconds it begins anew."""
    left, seconds = limit.amount, limit.get_expiry()
    if limits_apply():
        try:
            stats: Any = limiter.limiter.get_window_stats(limit, *key)
            left, seconds = stats.remaining, max(1, round(stats.reset_time - time.time()))
        except Exception:
            log.warning("rate limits could not be read", exc_info=True)
    return policy(limit) | {"RateLimit-Remaining": str(left), "RateLimit-Reset": str(seconds)}


def mark(response: Response, headers: dict[str, str]) -> None:
    """Add the headers that the answer does not have yet."""
    for name, value in headers.items():
        response.headers.setdefault(name, value)
