"""Where a webhook may go: nowhere inside, however the address is dressed up."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hooks.guarding import BadAddress, choose, is_public, read_address

SPECIAL = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "168.63.129.16/32",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:2::/48",
    "2001:20::/28",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
"""The registries of special-purpose addresses: neighbours, groups, documentation, translations."""

PUBLIC = ["1.1.1.1", "8.8.8.8", "121.78.33.1", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1"]


@pytest.mark.parametrize("network", SPECIAL)
@settings(max_examples=20)
@given(data=st.data())
def test_no_special_address_is_public(network: str, data: st.DataObject) -> None:
    assert not is_public(data.draw(st.ip_addresses(network=network)))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_travels_inside_an_ipv6_one(inner: IPv4Address) -> None:
    number = int(inner)
    dressed = [
        IPv6Address(number),
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),
    ]
    assert not any(is_public(address) for address in dressed)


@given(st.ip_addresses())
def test_whatever_python_calls_private_is_refused(address: IPv4Address | IPv6Address) -> None:
    odd = address.is_private or address.is_multicast or address.is_reserved or address.is_link_local
    assert not (odd and is_public(address))


@given(st.lists(st.ip_addresses().map(str), max_size=6))
def test_all_the_addresses_of_a_name_are_public_or_none_is_used(found: list[str]) -> None:
    try:
        chosen = choose(found)
    except BadAddress:
        assert not found or not all(is_public(ip_address(text)) for text in found)
    else:
        assert set(map(str, chosen)) <= set(found)
        assert all(is_public(ip_address(text)) for text in found)


@pytest.mark.parametrize("bad", ["127.0.0.1", "fe80::1%eth0", "169.254.169.254", "::ffff:10.0.0.1"])
def test_one_neighbour_among_public_addresses_spoils_the_name(bad: str) -> None:
    with pytest.raises(BadAddress) as refused:
        choose(["8.8.8.8", bad])
    assert refused.value.code == "private"


def test_trying_things_out_admits_this_machine_and_no_neighbour() -> None:
    assert [str(address) for address in choose(["127.0.0.1", "::1"], loopback=True)] == ["127.0.0.1", "::1"]
    with pytest.raises(BadAddress):
        choose(["10.0.0.1"], loopback=True)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("//example.org/", "scheme"),
        ("example.org/hook", "scheme"),
        ("https://user:word@example.org/", "credentials"),
        ("https://example.org@127.0.0.1/", "credentials"),
        ("https://example.org/#part", "fragment"),
        ("https://example.org:22/", "port"),
        ("https://example.org:80/", "port"),
        ("https://example.org:0/", "port"),
        ("https://example.org:70000/", "form"),
        ("https://example.org:x/", "form"),
        ("https://exa mple.org/", "form"),
        ("https://example.org/\r\nHost: inside", "form"),
        ("https://example.org\\@inside/", "form"),
        ("https://한국.kr/", "form"),
        ("https://" + "a" * 500 + ".org/", "form"),
        ("https:///hook", "host"),
        ("https://-example.org/", "host"),
        ("https://example..org/", "host"),
        ("https://localhost/", "private"),
        ("https://api.localhost/", "private"),
        ("https://metadata.google.internal/", "private"),
        ("https://printer.local/", "private"),
        ("https://intranet/", "private"),
        ("https://127.0.0.1/", "private"),
        ("https://127.1/", "private"),
        ("https://2130706433/", "private"),
        ("https://0x7f000001/", "private"),
        ("https://0177.0.0.1/", "private"),
        ("https://0x7f.0.0.1/", "private"),
        ("https://example.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::]/", "private"),
        ("https://[::ffff:127.0.0.1]/", "private"),
        ("https://[64:ff9b::7f00:1]/", "private"),
        ("https://169.254.169.254/latest/meta-data/", "private"),
        ("https://100.100.100.200/", "private"),
    ],
)
def test_a_bad_address_is_named_for_what_is_wrong_with_it(url: str, code: str) -> None:
    with pytest.raises(BadAddress) as refused:
        read_address(url)
    assert refused.value.code == code


def test_a_good_address_is_taken_apart() -> None:
    target = read_address("https://hooks.example.org:8443/dure?from=us")
    assert (target.host, target.port, target.path) == ("hooks.example.org", 8443, "/dure?from=us")
    assert target.authority == "hooks.example.org:8443"
    assert read_address("https://example.org").authority == "example.org"
    assert read_address("https://[2606:4700:4700::1111]/").authority == "[2606:4700:4700::1111]"


def test_only_trying_things_out_reaches_this_machine_without_tls() -> None:
    assert read_address("http://127.0.0.1:5000/", loopback=True).port == 5000
    for elsewhere in ("http://example.org/", "http://10.0.0.1/", "http://localhost.example.org/"):
        with pytest.raises(BadAddress):
            read_address(elsewhere, loopback=True)


@given(st.text() | st.text(alphabet="htps:/.@[]#?%0123456789abcdefx\\", max_size=40).map("https://{}".format))
def test_reading_never_fails_in_another_way(url: str) -> None:
    try:
        target = read_address(url)
    except BadAddress:
        return
    assert target.secure
    assert "@" not in target.host
