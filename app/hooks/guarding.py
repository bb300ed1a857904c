"""Where a webhook may go: to public addresses over TLS and nowhere else. Pure rules, no network.

A server that fetches what strangers name can be made to talk to its own neighbours. So an address is read
strictly, every address behind its name has to be public, and whoever connects uses exactly the address that
was checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST = 500
HTTPS = 443
FIRST_FREE_PORT = 1024
MOST_ADDRESSES = 4

Address = IPv4Address | IPv6Address

PLAIN = re.compile(r"[!-~]+")
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
NAMES_OF_NEIGHBOURS = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")

REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure answers its own machines here
        "169.254.0.0/16",  # link-local, where clouds keep their metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
PUBLIC_V6 = IPv6Network("2000::/3")
REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
"""Within the public range. Mapped, compatible and NAT64 addresses lie outside of it."""


@dataclass(frozen=True)
class Target:
    """A webhook's address taken apart; ``path`` holds the query too."""

    host: str
    port: int
    path: str
    secure: bool = True

    @property
    def authority(self) -> str:
        """The ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (HTTPS if self.secure else 80) else f"{host}:{self.port}"


class BadAddress(ValueError):  # noqa: N818
    """``code``: form, scheme, credentials, fragment, port, host, or private."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_address(url: str, *, loopback: bool = False) -> Target:
    """Take a webhook's address apart.

    ``loopback`` is for trying things out: it admits this machine too, on any port, with or without TLS.

    Raises:
        BadAddress: it is not one that we send to.
    """
    if len(url) > LONGEST or not PLAIN.fullmatch(url) or "\\" in url:
        raise BadAddress("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("form") from error
    host = (parts.hostname or "").removesuffix(".")
    here = loopback and names_loopback(host)
    secure = parts.scheme == "https"
    if not secure and not (here and parts.scheme == "http"):
        raise BadAddress("scheme")
    if "@" in parts.netloc:
        raise BadAddress("credentials")
    if "#" in url:
        raise BadAddress("fragment")
    port = (HTTPS if secure else 80) if port is None else port
    if not here:
        check_port(port)
        check_host(host)
    query = f"?{parts.query}" if parts.query else ""
    return Target(host, port, (parts.path or "/") + query, secure)


def names_loopback(host: str) -> bool:
    literal = literal_of(host)
    return host == "localhost" if literal is None else literal.is_loopback


def check_port(port: int) -> None:
    """443, or one that needs no privilege: never mail, a shell or a directory."""
    if port != HTTPS and port < FIRST_FREE_PORT:
        raise BadAddress("port")


def check_host(host: str) -> None:
    """A public address, or a name of at least two labels that is not a neighbour's.

    A name that ends in a number is refused, for resolvers read ``127.1`` and ``0x7f.1`` as addresses.
    """
    literal = literal_of(host)
    if literal is not None:
        if not is_public(literal):
            raise BadAddress("private")
        return
    labels = host.split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise BadAddress("host")
    if NUMBER.fullmatch(labels[-1]) or len(labels) < 2 or labels[-1] in NAMES_OF_NEIGHBOURS:
        raise BadAddress("private")


def literal_of(host: str) -> Address | None:
    """The address, where a host is written as one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether an address belongs to the whole Internet, and to no neighbourhood, group or translation.

    Source: the IANA registries of special-purpose addresses, and the clouds' own addresses.
    """
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_V4)
    if address.scope_id is not None or address not in PUBLIC_V6:
        return False
    return not any(address in network for network in REFUSED_V6)


def choose(found: Iterable[str], *, loopback: bool = False) -> Sequence[Address]:
    """The addresses that may be connected to, in the resolver's order; one bad one spoils them all.

    Raises:
        BadAddress: there is none, or any of them is not public.
    """
    addresses = list(dict.fromkeys(ip_address(text) for text in found))
    if not addresses:
        raise BadAddress("host")
    for address in addresses:
        if not (is_public(address) or (loopback and address.is_loopback)):
            raise BadAddress("private")
    return addresses[:MOST_ADDRESSES]
