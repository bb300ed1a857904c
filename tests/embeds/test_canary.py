"""Whoever hides their name is in nothing that other sites and programs are given."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import run_tx
from app.embeds.choosing import choose
from app.feeds.opendata.keeping import days, make_daily
from app.feeds.opendata.showing import FILES
from app.petitions.models import Petition
from app.petitions.signing import SignatureWish, sign
from tests.embeds.frames import OURS, open_petition, token_of
from tests.fresh import get
from tests.organizing.desk import signature, underway
from tests.petitions.signing_page import MINJI
from tests.world import World

ROOMS = {"embeds", "offering", "api", "feeds"}


def sign_with_canaries(petition: Petition) -> None:
    """민지 hides her name, 준호 has not confirmed, Alice shows hers in part and her reason to all."""
    signature(petition, "canary-minji", hide_name=True, reason="canary of 민지")
    reason = "canary of 준호"
    pending = SignatureWish("canary-junho", "canary-junho@example.org", "KR-11", "ko", reason=reason)
    run_tx(lambda: sign(petition.id, pending))
    signature(petition, "canary-alice", reason="a reason for all to read")


def fillings(client: FlaskClient, petition: Petition) -> dict[str, Sequence[object]]:
    """What to put for each parameter of an address; one that is missing here fails the test."""
    link = f"http://localhost/petitions/{petition.slug}"
    author = get(client, "/oembed", query_string={"url": link}).json["author_url"]
    return {
        "slug": [petition.slug],
        "handle": [author.rpartition("/")[2]],
        "topic": ["transport"],
        "day": days(),
        "name": sorted(FILES),
        "minor": [0],
        "patch": [0, 1],
        "colour": ["1f6b4a"],
        "_rest": ["nothing-there"],
    }


def addresses(app: Flask, filled: dict[str, Sequence[object]], method: str) -> list[tuple[str, str]]:
    """Endpoint and path of every address of these rooms that takes this method."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in ROOMS and method in (rule.methods or ()):
            names = sorted(rule.arguments)
            for values in product(*(filled[name] for name in names)):
                built = rule.build(dict(zip(names, values, strict=True)))
                assert built
                found.append((rule.endpoint, built[1]))
    return found


def variants(petition: Petition) -> list[tuple[str, str]]:
    link = quote(f"http://localhost/petitions/{petition.slug}", safe="")
    return [
        *(("offering.oembed", f"/oembed?url={link}&format={form}") for form in ("json", "xml")),
        ("embeds.frame", f"/embed/v1/{petition.slug}?lang=en&theme=dark&color=1f6b4a"),
    ]


def said_by(answer: TestResponse) -> str:
    """Head and body; of an archive, what is packed in it."""
    body = answer.data
    if answer.mimetype == "application/zip":
        with ZipFile(BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body.decode() + str(answer.headers)


@pytest.fixture
def settings_changes(tmp_path: Path) -> dict[str, Any]:
    return {"open_data": "off", "data_dir": tmp_path / "data"}


@pytest.mark.parametrize("state", ["open", "underway"])
def test_hidden_signers_are_in_no_widget_and_no_answer_to_a_program(
    app: Flask, client: FlaskClient, world: World, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker makes no data before these signers are there to be left out of it."""
    petition = world.petition(signatures=30) if state == "open" else underway(world)[0]
    run_tx(lambda: choose(petition.id, (), signs_in_frame=True))
    sign_with_canaries(petition)
    monkeypatch.setitem(app.config, "DURE", app.config["DURE"].model_copy(update={"open_data": "on"}))
    assert make_daily()
    filled = fillings(client, petition)
    assert "a reason for all to read" in get(client, f"/petitions/{petition.slug}").text
    asked = [*addresses(app, filled, "GET"), *variants(petition)]
    assert len(asked) > 30 + len(FILES)
    absent = {"embeds.nothing_here": 404, "offering.oembed": 400}
    if state == "open":
        absent["api.action"] = 404
    for endpoint, path in asked:
        answer = get(client, path)
        expected = 200 if "?" in path else absent.get(endpoint, 200)
        assert answer.status_code == expected, path
        assert "canary" not in said_by(answer).lower(), path
        assert "@example.org" not in said_by(answer), path


def test_nor_in_what_is_answered_to_a_form(app: Flask, client: FlaskClient, world: World) -> None:
    """Programs without a token are answered too."""
    petition = open_petition(world)
    sign_with_canaries(petition)
    token = token_of(client, petition)
    asked = addresses(app, fillings(client, petition), "POST")
    assert {"embeds.sign", "api.make_signature", "api.make_pledge"} <= {endpoint for endpoint, _ in asked}
    for endpoint, path in asked:
        for name, email in (("Bob", "canary-junho@example.org"), ("", "canary-minji@example.org")):
            typed = MINJI | {"token": token, "name": name, "email": email}
            answer = client.post(path, data=typed, headers=OURS, buffered=True)
            assert answer.status_code == ((200 if name else 422) if endpoint == "embeds.sign" else 401), path
            said = said_by(answer).replace(email, "")
            assert "canary" not in said.lower(), path
            assert "@example.org" not in said.replace("c***@example.org", ""), path
