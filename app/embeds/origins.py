"""Origins that may frame a widget: what an organizer types, as a content security policy writes it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from app.web.hosts import NotAHost, ascii_host, is_loopback

MOST = 50
LONGEST = 3000
"""Characters of all origins together: they travel in one header of every answer."""
BETWEEN = re.compile(r"[\s,]+")
NUMBERS = re.compile(r"(.*\.)?[0-9]+")


class BadOrigin(ValueError):  # noqa: N818
    """What was typed is no origin: ``reason`` is insecure, path, wildcard, everyone, host or many."""

    def __init__(self, reason: str, typed: str = "") -> None:
        super().__init__(reason, typed)
        self.reason, self.typed = reason, typed


def read_origins(text: str, *, loopback: bool = False) -> tuple[str, ...]:
    """The origins in ``text``, one a line or between commas, each once, in their order.

    ``loopback`` allows this machine's own names, without encryption too.

    Raises:
        BadOrigin: one is not ``https://host[:port]`` or ``https://*.host[:port]``, or there are too many.
    """
    typed = [part for part in BETWEEN.split(text) if part]
    if len(typed) > MOST:
        raise BadOrigin("many")
    origins = tuple(dict.fromkeys(read_origin(part, loopback=loopback) for part in typed))
    if len(" ".join(origins)) > LONGEST:
        raise BadOrigin("many")
    return origins


def read_origin(typed: str, *, loopback: bool = False) -> str:
    """One origin in ASCII and lower case, without its default port; without a scheme https is meant.

    Raises:
        BadOrigin: as :func:`read_origins`.
    """
    if typed in {"*", "https://*", "http://*"}:
        raise BadOrigin("everyone", typed)
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        port = parts.port
        host = read_host(parts.hostname or "", typed)
    except ValueError as error:
        raise error if isinstance(error, BadOrigin) else BadOrigin("host", typed) from error
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or port == 0:
        raise BadOrigin("host", typed)
    if parts.path not in {"", "/"} or parts.query or parts.fragment or typed.endswith(("?", "#")):
        raise BadOrigin("path", typed)
    here = loopback and is_loopback(host)
    if parts.scheme == "http" and not here:
        raise BadOrigin("insecure", typed)
    if NUMBERS.fullmatch(host) and not here:
        raise BadOrigin("host", typed)
    shown = "" if port in {None, 443 if parts.scheme == "https" else 80} else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def covers(origin: str, site: str) -> bool:
    """Whether an origin of the list means this site (``host[:port]``), as a browser would tell."""
    name, host = origin.partition("://")[2], site
    if not name.startswith("*."):
        return host == name
    (above, _colon, port), (below, _colon, own_port) = name[1:].partition(":"), host.partition(":")
    return port == own_port and below.endswith(above)


def read_host(host: str, typed: str) -> str:
    """A host, or all below one with ``*.`` before it; below a single word nothing is meant."""
    above = host.removeprefix("*.")
    if "*" in above or (above != host and "." not in above):
        raise BadOrigin("wildcard", typed)
    try:
        name = ascii_host(above)
    except NotAHost as error:
        raise BadOrigin("host", typed) from error
    return f"*.{name}" if above != host else name
