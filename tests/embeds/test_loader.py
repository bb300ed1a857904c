"""The loader: what is out keeps its bytes for ever."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.embeds.loader import FOLDER, RELEASES, loader_release, release_named

from .integrity import integrity_of

BUDGET = 3000


@pytest.mark.parametrize("version", RELEASES)
def test_a_release_has_the_bytes_it_was_published_with(version: str) -> None:
    """Fails when a released file is touched: a change is a new file and a new line in the table."""
    release = release_named(version)
    assert release is not None
    assert integrity_of(release.file.read_bytes()) == release.integrity


def test_a_touched_release_would_be_found() -> None:
    """The negative control."""
    assert integrity_of(loader_release().file.read_bytes() + b"\n") != loader_release().integrity


def test_every_file_is_a_release() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(RELEASES)
    newest = max(RELEASES, key=lambda version: [int(part) for part in version.split(".")])
    assert loader_release().version == newest


def test_it_is_small(client: FlaskClient) -> None:
    assert len(client.get("/embed/v1/loader.js").data) <= BUDGET


def test_the_moving_address_serves_the_newest_and_is_asked_again_soon(client: FlaskClient) -> None:
    answer = client.get("/embed/v1/loader.js")
    assert integrity_of(answer.data) == loader_release().integrity
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/embed/v1/loader.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_versioned_address_may_be_kept_for_ever_and_named_with_its_digest(client: FlaskClient) -> None:
    release = loader_release()
    answer = client.get(release.path)
    assert integrity_of(answer.data) == release.integrity
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/embed/v1.99.0/loader.js", "/embed/v2/loader.js", "/embed/v1.0.1/frame.js", "/embed/v1.0/loader.js"],
)
def test_an_unknown_version_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_it_needs_no_inline_style_and_stores_nothing() -> None:
    code = loader_release().file.read_text()
    assert "adoptedStyleSheets" in code
    for word in ("setAttribute(", ".style", "innerHTML", "Storage", "cookie", "eval"):
        assert word not in code
