"""E-mail addresses: one person keeps one key, however the address is spelled."""

from __future__ import annotations

import hmac
import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
GOOGLE = {"gmail.com", "googlemail.com"}
PLAIN = re.compile(
    r"(?=[^@]{1,64}@)(?P<local>[A-Za-z0-9_]+(?:[.+_-][A-Za-z0-9_]+)*)@"
    r"(?P<domain>(?:[A-Za-z0-9]{1,40}\.){1,4}(?:com|net|org|kr))",
    re.ASCII,
)
"""Addresses of the commonest shape, which the full check would pass unchanged and at some cost."""


class NotAnAddress(ValueError):  # noqa: N818
    """The text is not one deliverable-looking e-mail address."""


def check_address(typed: str) -> str:
    """The address as typed, once it is known to be one.

    Raises:
        NotAnAddress: empty, several, malformed, or with a display name.
    """
    split_address(typed)
    return typed.strip()


def canonical_address(typed: str) -> str:
    """The spelling that stands for all spellings of the same mailbox.

    Case is folded, ``+tag`` dropped, the domain written in ASCII, and dots dropped at Google, which
    delivers them all to one mailbox.

    Raises:
        NotAnAddress: as :func:`check_address`.
    """
    local, domain = split_address(typed)
    local = unicodedata.normalize("NFKC", local).casefold()
    local = local.partition("+")[0] or local
    if domain in GOOGLE:
        domain = "gmail.com"
        local = local.replace(".", "") or local
    return f"{local}@{domain}"


@lru_cache(maxsize=1024)
def split_address(typed: str) -> tuple[str, str]:
    typed = unicodedata.normalize("NFKC", typed.strip())
    if len(typed) > LONGEST:
        raise NotAnAddress(typed)
    if plain := PLAIN.fullmatch(typed):
        return plain["local"], plain["domain"].lower()
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except EmailNotValidError as error:
        raise NotAnAddress(typed) from error
    return found.local_part, found.ascii_domain.lower()


def address_key(typed: str, secret: str) -> str:
    """A keyed hash (HMAC-SHA-256, 64 hex digits) of the canonical address.

    Unique keys rest on it, so that nothing needs the address itself once a petition is closed.
    """
    message = canonical_address(typed).encode()
    return hmac.digest(secret.encode(), b"dure.address\0" + message, "sha256").hex()
