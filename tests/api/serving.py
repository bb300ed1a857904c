"""A served Dure for those who only know its address: one petition, one action, one access token."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import create_app
from app.config import ROOT
from app.db import db, run_tx
from app.petitions.models import Petition
from app.petitions.updating import publish_update
from tests.browser.site import free_port, wait_for
from tests.cli.conftest import command, environment
from tests.cli.test_processes import status
from tests.databases import settings_for
from tests.world import World

from .tokens import token_for

SLUG = "school-crossing"


@dataclass(frozen=True)
class Served:
    """Where it answers, and Alice's token with both scopes."""

    address: str
    token: str
    database_url: str


@contextmanager
def served(template: Path, folder: Path) -> Iterator[Served]:
    """Serve a copy of the migrated ``template`` until the block ends; no worker runs."""
    database = folder / "dure.db"
    shutil.copy(template, database)
    url, port = f"sqlite:///{database}", free_port()
    token = furnish(url)
    settings = environment(url, DURE_ENV="test", DURE_PORT=str(port), DURE_WORKERS="1", DURE_LIMITS="off")
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command("serve"), cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stderr=log
        )
        try:
            wait_for(lambda: is_ready(port), "the web server")
            yield Served(f"http://127.0.0.1:{port}", token, url)
        finally:
            server.terminate()
            server.wait(timeout=20)


def is_ready(port: int) -> bool:
    try:
        return status(port, "/livez") == 200
    except OSError:
        return False


def furnish(url: str) -> str:
    """A petition at :data:`SLUG` with a signature, another that has become an action; the token."""
    app = create_app(settings_for(url, verification_window=0))
    with app.app_context():
        world = World(app)
        petition = world.petition(title="A crossing in front of the school", signatures=100)
        run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "slug", SLUG))
        world.sign(petition, "minji", "junho", "alice", "bob", "organizer")
        news = {"title": "We counted the cars", "text": "Four hundred in *one* hour.", "idempotency_key": "k"}
        run_tx(lambda: publish_update(petition.id, petition.organizer_id, **news))
        funded = world.petition(title="Books for the library", signatures=1, goal=12_000)
        world.plan(funded, 60, 40)
        world.pledge(funded, "alice", 12_000)
        world.sign(funded, "bob")
        world.work()
        world.work()
        token = token_for(world)
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return token
