"""Names of other sites: the authority of an address and nothing more of it."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

import idna
from flask import current_app, request

LONGEST = 253
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
MOST_READ = 600
"""Characters of an address that are looked at; a site's name is in them or nowhere."""


class NotAHost(ValueError):  # noqa: N818
    """The text is no name of a host."""


def ascii_host(typed: str) -> str:
    """The host as names are looked up: lower case, other scripts in punycode, no dot at the end.

    Raises:
        NotAHost: empty, too long, or with characters that no name has.
    """
    host = typed.strip().removesuffix(".").lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except (idna.IDNAError, UnicodeError) as error:
            raise NotAHost(typed) from error
    if not 0 < len(host) <= LONGEST or not all(LABEL.fullmatch(label) for label in host.split(".")):
        raise NotAHost(typed)
    return host


def site_in(text: str) -> str:
    """``host[:port]`` of an http(s) address or of one without its scheme; "" where there is none.

    Default ports are left out. No path, query or name of a user ever comes along.
    """
    return read_site(text[:MOST_READ]) if text else ""


@lru_cache(maxsize=4096)
def read_site(text: str) -> str:
    address = text if SCHEME.match(text) else f"https://{text}"
    try:
        parts = urlsplit(address)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return ""
    return host if port in {None, 80, 443} else f"{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether a name without its port means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def site_address(site: str) -> str:
    """The front page of a site; plain http on this machine alone."""
    scheme = "http" if is_loopback(site.partition(":")[0]) else "https"
    return f"{scheme}://{site}/"


def is_own(site: str) -> bool:
    """Whether a site is this one, under its configured or its asked-for name."""
    return site in {site_in(current_app.config["DURE"].base_url), site_in(request.host)}


def arrived_by() -> str:
    """The site whose widget led here: ``?via=`` of this address, or of our page that sent the form.

    "" for everybody else, which is found out without reading either.
    """
    via = named_in(request.environ.get("QUERY_STRING", ""))
    if not via:
        referrer = request.environ.get("HTTP_REFERER", "")
        if "via=" not in referrer or not is_own(site_in(referrer)):
            return ""
        via = named_in(referrer[:MOST_READ].partition("?")[2].partition("#")[0])
    return "" if not via or is_own(via) else via


def named_in(query: str) -> str:
    """The site that the ``via`` of a query string names."""
    if "via=" not in query:
        return ""
    try:
        found = parse_qsl(query[:MOST_READ], max_num_fields=20)
    except ValueError:
        return ""
    return next((site_in(value) for key, value in found if key == "via"), "")
