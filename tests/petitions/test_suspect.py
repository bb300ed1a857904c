"""Silent fraud handling: over the limit a signature is held back, and nobody is told."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.petitions import suspecting
from app.web.limits import limiter
from tests.petitions.signing_page import post, signatures
from tests.world import World

NETWORK = suspecting.PER_NETWORK[0].amount
ADDRESS = suspecting.PER_ADDRESS[0].amount


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"limits": "on"}


@pytest.fixture(autouse=True)
def forget_counts(app: Flask) -> None:
    if app.config["DURE"].limits == "on":
        limiter.reset()


def states() -> list[str]:
    return [signature.state for signature in signatures()]


def test_a_burst_from_one_network_is_held_back_silently(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    answers = [post(client, petition, email=f"s{n}@example.org") for n in range(NETWORK + 2)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert states() == ["pending"] * NETWORK + ["fraudulent"] * 2
    world.work()
    assert world.letters(f"s{NETWORK - 1}@example.org")
    assert world.letters(f"s{NETWORK}@example.org") == []


def test_a_forged_forwarding_header_names_no_other_network(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    for n in range(NETWORK + 1):
        data = {"name": "민지", "email": f"s{n}@example.org", "region": "KR-11"}
        headers = {"X-Forwarded-For": f"203.0.113.{n}"}
        client.post(f"/petitions/{petition.slug}/signatures", data=data, headers=headers)
    assert states()[-1] == "fraudulent"
    assert len({signature.network for signature in signatures()}) == 1


def test_a_household_of_ipv6_addresses_is_one_network(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    for n in range(NETWORK + 1):
        data = {"name": "민지", "email": f"s{n}@example.org", "region": "KR-11"}
        client.post(
            f"/petitions/{petition.slug}/signatures",
            data=data,
            environ_base={"REMOTE_ADDR": f"2001:db8::{n + 1:x}"},
        )
    assert states()[-1] == "fraudulent"


def test_other_networks_are_not_held_back(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    for n in range(NETWORK + 1):
        post(client, petition, email=f"s{n}@example.org")
    data = {"name": "민지", "email": "minji@example.org", "region": "KR-11"}
    path = f"/petitions/{petition.slug}/signatures"
    client.post(path, data=data, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert states()[-1] == "pending"


def test_a_victim_is_not_buried_in_letters(world: World, client: FlaskClient) -> None:
    petitions = [world.petition(title=f"청원 {n}") for n in range(ADDRESS + 2)]
    for n, petition in enumerate(petitions):
        data = {"name": "민지", "email": f"minji+{n}@example.org", "region": "KR-11"}
        path = f"/petitions/{petition.slug}/signatures"
        client.post(path, data=data, environ_base={"REMOTE_ADDR": f"203.0.113.{n}"})
    assert states().count("pending") == ADDRESS
    world.work()
    for _again in range(3):
        post(client, petitions[0], email="minji+0@example.org")
    world.work()
    assert len(world.letters("minji+0@example.org")) == 1


class TestDemo:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"limits": "on", "demo": True}

    def test_a_demo_never_suspects_its_own_machine(self, world: World, client: FlaskClient) -> None:
        petition = world.petition()
        for n in range(NETWORK + 3):
            post(client, petition, email=f"s{n}@example.org")
        assert set(states()) == {"pending"}


class TestOff:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"limits": "off"}

    def test_nothing_is_suspected_with_limits_off(self, world: World, client: FlaskClient) -> None:
        petition = world.petition()
        for n in range(NETWORK + 3):
            post(client, petition, email=f"s{n}@example.org")
        assert set(states()) == {"pending"}
