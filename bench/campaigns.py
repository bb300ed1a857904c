"""Petitions to measure on, in databases that are gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from flask_migrate import upgrade

from app import clock, create_app
from app.config import Settings
from app.db import db, run_tx
from app.people.models import welcome
from app.petitions.launching import OfferWish, PetitionWish, launch, publish
from app.petitions.models import Petition
from app.petitions.signing import sign_as

KEY = "k" * 48
TEXT = """
At twenty past eight, two hundred children cross a road of four lanes. **There is no light.**

We ask for:

1. a light with a button,
2. a crossing that is lit at night,
3. thirty kilometres an hour between seven and nine.
"""


@contextmanager
def made_app(database_url: str) -> Iterator[Flask]:
    """An application on this database, migrated, with nothing kept between two reads."""
    app = create_app(
        Settings(
            env="bench",
            database_url=database_url,
            demo=False,
            limits="off",
            snapshot_seconds=0,
            secret_key=KEY,
            redis_url="",
            smtp_url="",
        )
    )
    app.extensions["queue"].knock = lambda: None
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def open_petition(title: str, signers: int = 12) -> str:
    """The slug of a petition that takes signatures and has some of them; its thresholds are far away."""

    def write() -> str:
        organizer = welcome("organizer@example.org", name="Organizer", locale="en")
        petition = launch(
            organizer,
            PetitionWish(
                title=title,
                addressee="The city of Seoul",
                summary="A light where children cross.",
                text=TEXT,
                locale="en",
                signature_target=1_000_000,
                offers=(OfferWish("gift", "money", 1_000_000_000),),
                currency="KRW",
                deadline=clock.now() + timedelta(days=30),
            ),
        )
        petition.state = "moderation"
        publish(petition.id)
        sign_with_many(petition, signers)
        return petition.slug

    return run_tx(write)


def sign_with_many(petition: Petition, signers: int) -> None:
    for _ in range(signers):
        someone = welcome(f"{uuid4().hex}@example.org", name="Signer", locale="en")
        sign_as(petition, someone, region="KR-11")


@contextmanager
def postgres_database(server: str, template: str | None = None) -> Iterator[str]:
    """A database of our own on a PostgreSQL server that lets us make one; its URL."""
    import psycopg

    base = server.rstrip("/")
    name = f"dure_bench_{uuid4().hex[:12]}"
    copy = f' TEMPLATE "{template}"' if template else ""
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{copy}')
    try:
        yield f"{base}/{name}"
    finally:
        with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
