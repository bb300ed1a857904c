"""/dev/letters: the letter box of a demo; with a mail server, or in production, it is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.mail.writing import write
from tests.world import World


def test_the_newest_letters_come_first_and_can_be_filtered(world: World, client: FlaskClient) -> None:
    write("minji@example.org", cause="1", subject="First letter")
    write("junho@example.org", cause="2", subject="Second letter")
    page = client.get("/dev/letters").text
    assert page.index("Second letter") < page.index("First letter")
    mine = client.get("/dev/letters?to=minji@example.org").text
    assert "First letter" in mine
    assert "Second letter" not in mine


def test_scripts_read_the_text(world: World, client: FlaskClient) -> None:
    letter = write("minji+x@example.org", cause="1")
    write("junho@example.org", cause="2")
    answer = client.get("/dev/letters", query_string={"to": "minji+x@example.org", "format": "json"})
    assert answer.json == {
        "letters": [
            {
                "id": letter.id,
                "to": "minji+x@example.org",
                "subject": "A letter",
                "text": letter.text,
                "created_at": letter.created_at.isoformat(),
            }
        ]
    }


def test_one_letter_is_shown_as_text_and_in_a_sandboxed_frame(world: World, client: FlaskClient) -> None:
    letter = write(lines=["Good <b>news</b>."])
    page = client.get(f"/dev/letters/{letter.id}")
    assert "Good &lt;b&gt;news" in page.text
    assert 'href="http://localhost/x"' in page.text
    frame = re.search(r'<iframe[^>]+src="([^"]+)"[^>]*sandbox="([^"]*)"', page.text)
    assert frame
    assert "allow-scripts" not in frame[2]
    assert "allow-same-origin" not in frame[2]
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    inside = client.get(frame[1])
    assert inside.mimetype == "text/html"
    rules = inside.headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in rules
    assert "frame-ancestors 'self'" in rules
    assert "script-src 'self'" not in rules


@pytest.mark.parametrize(
    "path", ["/dev/letters/guessed", "/dev/letters/00000000-0000-7000-8000-000000000000"]
)
def test_unknown_letters_are_not_there(world: World, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/html").status_code == 404


def test_a_strange_filter_finds_nothing(world: World, client: FlaskClient) -> None:
    write()
    assert client.get("/dev/letters?to=a%00b&format=json").json == {"letters": []}
    assert "No letters yet" in client.get("/dev/letters?lang=en&to=nobody@example.org").text


class TestElsewhere:
    @pytest.fixture(
        params=[
            {"smtp_url": "smtp://127.0.0.1:1"},
            {"env": "production", "base_url": "https://dure.example"},
        ],
        ids=["with a mail server", "in production"],
    )
    def settings_changes(self, request: pytest.FixtureRequest) -> dict[str, Any]:
        changes: dict[str, Any] = request.param
        return changes

    def test_it_is_not_there(self, world: World, client: FlaskClient) -> None:
        letter = write()
        for path in ("/dev/letters", f"/dev/letters/{letter.id}", f"/dev/letters/{letter.id}/html"):
            assert client.get(path).status_code == 404
