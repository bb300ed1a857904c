"""Adding a kind of pledge is adding one file of rules and one partial: here a seventh one.

The two files are the walked example of docs/architecture.md, word for word.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, FileSystemLoader

from app import clock
from app.actions.auditing import audit
from app.actions.firing import fire
from app.config import ROOT
from app.db import db, lock, run_tx
from app.petitions.models import Petition
from app.pledges import kinds
from app.pledges.models import Pledge
from tests.organizing.desk import OURS, launch_data, send
from tests.world import World

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


def example(language: str) -> str:
    """The example's code in this language."""
    section = ARCHITECTURE.split("## Add a kind of pledge")[1]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found, f"the example has no {language}"
    return dedent(found[1])


@pytest.fixture
def seventh_kind(app: Flask, tmp_path: Path) -> Iterator[None]:
    """The example's two files, where the house finds them as long as the test runs."""
    rules, partials = tmp_path / "rules", tmp_path / "templates" / "pledges" / "kinds"
    rules.mkdir()
    partials.mkdir(parents=True)
    (rules / "tree.py").write_text(example("python"))
    (partials / "tree.html").write_text(example("html"))
    kinds.__path__.append(str(rules))
    kinds.known.cache_clear()
    before = app.jinja_env.loader
    assert before is not None
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(tmp_path / "templates"), before])
    yield
    app.jinja_env.loader = before
    kinds.__path__.remove(str(rules))
    sys.modules.pop("app.pledges.kinds.tree", None)
    kinds.known.cache_clear()


@pytest.mark.usefixtures("seventh_kind")
def test_a_seventh_kind_goes_from_the_launch_to_the_collected_money(
    client: FlaskClient, world: World
) -> None:
    world.sign_in(client, "organizer")
    offered = {"kinds": ["tree"], "tree_target": "3", "tree_price": "20,000", "signature_target": "1"}
    assert (
        "Write the amount in digits"
        in send(client, "/petitions/new", launch_data(**offered | {"tree_price": "much"})).text
    )
    assert send(client, "/petitions/new", launch_data(**offered)).status_code == 303
    petition = db.session.scalars(sa.select(Petition)).one()
    run_tx(lambda: setattr(lock(Petition, petition.id), "state", "open"))

    page = client.get(f"/petitions/{petition.slug}").text
    assert "You pay ₩20,000 a tree" in page
    world.sign_in(client, "alice")
    address = f"/petitions/{petition.slug}/pledges"
    pledge = {"kind": "tree", "name": "Alice", "email": "alice@example.org", "payment_method": "pm_ok"}
    refused = send(client, address, pledge | {"amount": "2", "place": ""}, page=f"{address}?kind=tree")
    assert (refused.status_code, "Say where your trees should stand." in refused.text) == (422, True)
    for count, place in ((2, "By the gate"), (1, "By the pond")):
        made = send(
            client, address, pledge | {"amount": str(count), "place": place}, page=f"{address}?kind=tree"
        )
        assert made.status_code == 200, made.text
    world.sign(petition, "alice")

    run_tx(lambda: setattr(lock(Petition, petition.id), "window_ends_at", clock.now()))
    assert run_tx(lambda: fire(petition.id))
    world.work()
    world.work()
    pledges = db.session.scalars(sa.select(Pledge).order_by(Pledge.amount)).all()
    assert [(each.state, each.captured, each.terms) for each in pledges] == [
        ("captured", 20_000, {"place": "By the pond"}),
        ("captured", 40_000, {"place": "By the gate"}),
    ]
    assert world.action(petition).kind == "tree"
    assert "3 units" in client.get(f"/actions/{petition.slug}", headers=OURS).text
    assert audit().differences == []


def test_without_its_file_nobody_knows_the_kind(app: Flask) -> None:
    assert kinds.find("tree") is None
    assert len(kinds.all()) == 6
