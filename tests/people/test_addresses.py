"""Addresses: one mailbox one key, and nothing that is not one address."""

from __future__ import annotations

import unicodedata

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.addresses import PLAIN, NotAnAddress, address_key, canonical_address, check_address
from app.people.models import key_of
from app.people.names import masked_address
from tests import databases

WORD = st.text("abcXYZ019_", min_size=1, max_size=12)


@given(
    st.lists(WORD, min_size=1, max_size=3), st.sampled_from(".+-_"), st.lists(WORD, min_size=1, max_size=3)
)
def test_the_short_check_agrees_with_the_full_one(local: list[str], joint: str, domain: list[str]) -> None:
    typed = f"{joint.join(local)}@{'.'.join(domain)}.org"
    plain = PLAIN.fullmatch(typed)
    if plain:
        full = validate_email(typed, check_deliverability=False, test_environment=True)
        assert (full.local_part, full.ascii_domain.lower()) == (plain["local"], plain["domain"].lower())


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Minji@Example.ORG", "minji@example.org"),
        ("minji+news@example.org", "minji@example.org"),
        ("m.in.ji@example.org", "m.in.ji@example.org"),
        ("m.in.ji@gmail.com", "minji@gmail.com"),
        ("minji@googlemail.com", "minji@gmail.com"),
        ("민지@예시.한국", "민지@xn--vv4b11d.xn--3e0b707e"),
        ("ｍｉｎｊｉ@example.org", "minji@example.org"),
        ("STRASSE@example.org", "strasse@example.org"),
        ("straße@example.org", "strasse@example.org"),
    ],
)
def test_every_spelling_of_a_mailbox_is_one(typed: str, canonical: str) -> None:
    assert canonical_address(typed) == canonical


def test_composed_and_decomposed_are_the_same() -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert canonical_address(unicodedata.normalize(form, "각하@example.org")) == "각하@example.org"


def test_a_homograph_is_another_mailbox() -> None:
    assert canonical_address("minji@exаmple.org") != canonical_address("minji@example.org")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "minji",
        "@example.org",
        "minji@",
        "minji@example..org",
        ".minji@example.org",
        "minji@example.org,bob@example.org",
        "minji@example.org bob@example.org",
        "minji@example.org;bob@example.org",
        "Minji <minji@example.org>",
        "minji@[127.0.0.1]",
        '"minji bob"@example.org',
        "minji@example.org\r\nBcc: bob@example.org",
        "minji\x00@example.org",
        "a@" + "b" * 300 + ".org",
        "minji@-example.org",
    ],
)
def test_what_is_not_one_address(typed: str) -> None:
    with pytest.raises(NotAnAddress):
        check_address(typed)


def test_the_key_needs_the_secret_and_hides_the_address() -> None:
    key = address_key("minji@example.org", "one")
    assert key == address_key("MINJI+x@example.org", "one")
    assert key != address_key("minji@example.org", "another")
    assert len(key) == 64
    assert "minji" not in key


@pytest.mark.parametrize(
    ("address", "shown"), [("minji@example.org", "m***@example.org"), ("a@b.org", "a***@b.org")]
)
def test_a_masked_address_shows_little(address: str, shown: str) -> None:
    assert masked_address(address) == shown


def test_a_new_secret_key_leaves_everybody_who_they_are(database_url: str) -> None:
    keys = []
    for secret, kept in (("a" * 40, ""), ("b" * 40, "a" * 40), ("b" * 40, "")):
        app = create_app(databases.settings_for(database_url, secret_key=secret, address_key=kept))
        with app.app_context():
            keys.append(key_of("minji@example.org"))
    assert keys[0] == keys[1] != keys[2]
