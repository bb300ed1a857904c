"""Whoever hides their name is in nothing that other sites and programs are given."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import run_tx
from app.embeds.choosing import choose
from app.petitions.models import Petition
from app.petitions.signing import SignatureWish, sign
from tests.fresh import get
from tests.organizing.desk import signature, underway
from tests.world import World

ROOMS = {"embeds", "offering", "api", "feeds"}


def sign_with_canaries(petition: Petition) -> None:
    """민지 hides her name, 준호 has not confirmed, Alice shows hers in part and her reason to all."""
    signature(petition, "canary-minji", hide_name=True, reason="canary of 민지")
    reason = "canary of 준호"
    pending = SignatureWish("canary-junho", "canary-junho@example.org", "KR-11", "ko", reason=reason)
    run_tx(lambda: sign(petition.id, pending))
    signature(petition, "canary-alice", reason="a reason for all to read")


def addresses(app: Flask, petition: Petition) -> list[str]:
    """Every address of these rooms that is about one petition, or about all of them."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in ROOMS and "GET" in (rule.methods or ())
    ]
    about = [rule.rule.replace("<slug>", quote(petition.slug)) for rule in rules]
    page = quote(f"http://localhost/petitions/{petition.slug}", safe="")
    return [
        *(path for path in about if "<" not in path and path != "/oembed"),
        *(f"/oembed?url={page}&format={form}" for form in ("json", "xml")),
        f"/embed/v1/{petition.slug}?lang=en&theme=dark&color=1f6b4a",
    ]


@pytest.mark.parametrize("state", ["open", "underway"])
def test_hidden_signers_are_in_no_widget_and_no_answer_to_a_program(
    app: Flask, client: FlaskClient, world: World, state: str
) -> None:
    petition = world.petition(signatures=30) if state == "open" else underway(world)[0]
    run_tx(lambda: choose(petition.id, (), signs_in_frame=True))
    sign_with_canaries(petition)
    assert "a reason for all to read" in get(client, f"/petitions/{petition.slug}").text
    paths = addresses(app, petition)
    assert len(paths) > 15
    for path in paths:
        answer = get(client, path)
        assert answer.status_code == (404 if state == "open" and "/actions/" in path else 200), path
        said = answer.data.decode() + str(answer.headers)
        assert "canary" not in said.lower(), path
        assert "example.org" not in said, path
