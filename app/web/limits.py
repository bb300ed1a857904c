"""Rate limits, on writes only: in Redis where there is one, else in this process."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

import structlog
from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem

log = structlog.get_logger()


def network() -> str:
    """The caller's address; for IPv6 its /64, which is what one household holds."""
    return network_of(request.remote_addr or "127.0.0.1")


@lru_cache(maxsize=4096)
def network_of(caller: str) -> str:
    address = address_of(caller)
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def address_of(caller: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The caller's address; a server that listens to both kinds sees IPv4 ones inside IPv6."""
    address = ipaddress.ip_address(caller)
    return getattr(address, "ipv4_mapped", None) or address


limiter = Limiter(key_func=network, default_limits=[])


def init_app(app: Flask) -> None:
    settings = app.config["DURE"]
    app.config["RATELIMIT_ENABLED"] = settings.limits == "on"
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.redis_url)
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    limiter.init_app(app)


def limits_apply() -> bool:
    """Whether this request is counted at all: not with limits off, nor for a demo's own machine."""
    settings = current_app.config["DURE"]
    if settings.limits == "off":
        return False
    return not (settings.demo and address_of(request.remote_addr or "127.0.0.1").is_loopback)


def count_within(items: Iterable[RateLimitItem], *key: str) -> bool:
    """Count one act of ``key`` against each limit in turn; False once one of them is exceeded.

    Always True where limits do not apply, or while the storage that counts is out of reach.
    """
    if not limits_apply():
        return True
    try:
        return all(limiter.limiter.hit(item, *key) for item in items)
    except Exception:
        log.warning("rate limits could not be counted", exc_info=True)
        return True
