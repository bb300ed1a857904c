"""The widget of somebody who started petitions: it follows what becomes of them."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient

from app import clock
from app.db import db, run_tx
from app.petitions.models import Petition
from tests.fresh import get
from tests.world import World


def address_of(client: FlaskClient, petition: Petition) -> str:
    """Where the widget of the petition's organizer lies."""
    link = f"http://localhost/petitions/{petition.slug}"
    said = get(client, "/oembed", query_string={"url": link}).json
    return f"/embed/v1/people/{said['author_url'].rpartition('/')[2]}"


def version_in(page: str) -> str:
    return re.findall(r'data-version="([0-9a-f]+)"', page)[0]


def change(petition: Petition, **changes: object) -> None:
    def write() -> None:
        row = db.session.get_one(Petition, petition.id)
        for name, value in changes.items():
            setattr(row, name, value)

    run_tx(write)


def test_an_open_one_is_told_in_a_header_that_nothing_is_new(client: FlaskClient, world: World) -> None:
    address = address_of(client, world.petition())
    page = get(client, f"{address}?lang=en").text
    assert 'data-seconds="15"' in page
    seen = version_in(page)
    answer = get(client, f"{address}?lang=en&since={seen}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Dure-As-Of"].endswith("KST")
    assert answer.headers["Cache-Control"] == "public, max-age=15"
    whole = get(client, address)
    tag = {"If-None-Match": whole.headers["ETag"]}
    assert client.get(address, headers=tag).status_code == 304
    assert "frame-ancestors *" in whole.headers["Content-Security-Policy"]


def test_an_open_one_loses_what_was_removed(client: FlaskClient, world: World) -> None:
    organizer = world.person("alice")
    kept, removed = (world.petition(title=title, organizer=organizer) for title in ("Lights", "Canary"))
    address = address_of(client, kept)
    seen = version_in(get(client, address).text)
    change(removed, state="removed")
    newer = get(client, f"{address}?since={seen}")
    assert newer.status_code == 200
    assert version_in(newer.text) != seen
    assert "Canary" not in newer.text
    change(kept, state="hidden")
    gone = get(client, f"{address}?since={seen}")
    assert gone.status_code == 404
    assert 'data-seconds="300"' in gone.text


def test_without_a_script_it_is_loaded_again_in_time(client: FlaskClient, world: World) -> None:
    page = get(client, address_of(client, world.petition())).text
    seconds = int(re.findall(r'<noscript><meta http-equiv="refresh" content="(\d+)"></noscript>', page)[0])
    assert 10 <= seconds < 15


def test_a_tipped_petition_is_said_to_be_so_and_provisional(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    address = f"{address_of(client, petition)}?lang=en"
    assert '<span class="badge badge-sign">Open</span>' in get(client, address).text
    at = clock.now()
    change(petition, tipped_at=at, window_ends_at=at + timedelta(days=1))
    page = get(client, address).text
    assert ">Thresholds reached</span>" in page
    assert "Provisional until the signatures have been checked." in page
    assert ">Open</span>" not in page


def test_its_code_is_on_the_persons_page(client: FlaskClient, world: World) -> None:
    address = address_of(client, world.petition())
    page = get(client, f"{address.removeprefix('/embed/v1')}?lang=en").text
    assert "Show these petitions on your own site" in page
    code = re.findall(r'<textarea[^>]*id="code-frame"[^>]*>(.*?)</textarea>', page, re.DOTALL)[0]
    assert f"src=&#34;http://localhost{address}&#34;" in code
    assert "allow-popups-to-escape-sandbox" in code
