"""The measure: a bare Flask application that writes the same rows and returns the same bytes.

It validates nothing, counts nothing, and speaks to the database by the raw driver. Settings come from the
environment of Dure; ``BENCH_ANSWERS`` is a JSON file of recorded answers by path.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uuid_utils
from flask import Flask, Response, request
from sqlalchemy.engine import make_url

from app.config import Settings

app = Flask(__name__, static_folder=None)
settings = Settings()
local = threading.local()
answers: dict[str, dict[str, Any]] = json.loads(Path(os.environ["BENCH_ANSWERS"]).read_text())
THANKS = "<p>Check your mailbox.</p>"
TOPIC = "signature_received"

SIGNATURE = """
    INSERT INTO signature (id, petition_id, email, email_key, name, region, reason, hide_name, locale,
                           state, sponsor, network, created_at)
    VALUES ({0}, (SELECT id FROM petition WHERE slug = {0}), {0}, {0}, {0}, {0}, {0}, {0}, {0},
            'pending', {0}, {0}, {0})
"""
OUTBOX = """
    INSERT INTO outbox (id, topic, payload, created_at, due_at, attempts) VALUES ({0}, {0}, {0}, {0}, {0}, 0)
"""


@app.post("/petitions/<slug>/signatures")
def sign(slug: str) -> str:
    form = request.form
    email = form["email"]
    signature_id, announcement_id = str(uuid_utils.uuid7()), str(uuid_utils.uuid7())
    key = hmac.new(b"key", email.encode(), hashlib.sha256).hexdigest()
    words = (email, key, form["name"], form["region"], form["reason"])
    payload = json.dumps({"signature_id": signature_id})
    write = write_on_sqlite if settings.database_url.startswith("sqlite") else write_on_postgres
    write(signature_id, announcement_id, slug, words, payload)
    return THANKS


def write_on_sqlite(signature_id: str, announcement_id: str, slug: str, words: Any, payload: str) -> None:
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    connection = sqlite_connection()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        SIGNATURE.format("?"),
        (signature_id.replace("-", ""), slug, *words, False, "en", False, request.remote_addr, at),
    )
    connection.execute(OUTBOX.format("?"), (announcement_id.replace("-", ""), TOPIC, payload, at, at))
    connection.execute("COMMIT")


def sqlite_connection() -> sqlite3.Connection:
    """This thread's connection, with the pragmas of the product."""
    connection: sqlite3.Connection | None = getattr(local, "connection", None)
    if connection is None:
        path = make_url(settings.database_url).database or ""
        connection = local.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
    return connection


def write_on_postgres(signature_id: str, announcement_id: str, slug: str, words: Any, payload: str) -> None:
    at = datetime.now(UTC)
    connection = postgres_connection()
    connection.execute(
        SIGNATURE.format("%s"),
        (signature_id, slug, *words, False, "en", False, request.remote_addr, at),
    )
    connection.execute(OUTBOX.format("%s"), (announcement_id, TOPIC, payload, at, at))
    connection.commit()


def postgres_connection() -> Any:
    """This thread's connection."""
    connection = getattr(local, "connection", None)
    if connection is None:
        import psycopg

        url = make_url(settings.database_url).set(drivername="postgresql")
        connection = local.connection = psycopg.connect(url.render_as_string(hide_password=False))
    return connection


@app.get("/<path:_path>")
def recorded(_path: str) -> Response:
    """The answer that was recorded at this path, or 304 for a reader who has it."""
    answer = answers[request.path]
    if request.headers.get("If-None-Match") == answer["headers"]["ETag"]:
        return Response(status=304, headers=answer["headers"])
    return Response(answer["body"], headers=answer["headers"])
