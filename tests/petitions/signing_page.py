"""What tests of signing share: filling in the form, and finding links in letters."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db, run_tx
from app.petitions.models import Petition, Signature
from app.web.tokens import make_token
from tests.world import World

MINJI = {"name": "민지", "email": "minji@example.org", "region": "KR-11"}
HTMX = {"HX-Request": "true"}


def path_of(petition: Petition) -> str:
    return f"/petitions/{petition.slug}/signatures"


def post(client: FlaskClient, petition: Petition, lang: str = "en", **changes: Any) -> TestResponse:
    """Post the guest form, filled in as 민지 unless ``changes`` say otherwise."""
    return client.post(f"{path_of(petition)}?lang={lang}", data=MINJI | changes)


def signatures() -> list[Signature]:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.query(Signature).order_by(Signature.created_at, Signature.id).all()
    db.session.rollback()
    return found


def tally(petition: Petition) -> int:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get_one(Petition, petition.id).signatures.tally
    db.session.rollback()
    return found


def link_in(text: str) -> str:
    """The path of the first address in a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found, text
    return found[1]


def link_of(signature: Signature) -> str:
    return f"/signatures/{make_token('signature', signature.id)}"


def signed(world: World, client: FlaskClient, petition: Petition, **changes: Any) -> str:
    """Sign as a guest and return the path of the link in the letter."""
    assert post(client, petition, **changes).status_code == 200
    world.work()
    return link_in(world.letters(changes.get("email", "minji@example.org"))[-1].text)


def change(signature_id: str, **columns: Any) -> None:
    """Set columns of a signature, as nothing in the product would."""

    def set_them() -> None:
        signature = db.session.get_one(Signature, signature_id)
        for name, value in columns.items():
            setattr(signature, name, value)

    run_tx(set_them)
