"""What is repeated of an address on a page: enough to recognise one's own, no more."""

from __future__ import annotations


def masked_address(address: str) -> str:
    """The first character and the domain: ``m***@example.org``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"
