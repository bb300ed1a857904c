"""Claiming a step: evidence is needed, links are web links, pictures are made anew."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageOps

from app.actions.models import Milestone
from app.db import db
from app.errors import Refusal
from app.organizing.pictures import re_encode
from tests.organizing.desk import send, underway
from tests.world import World


@pytest.fixture
def settings_changes(tmp_path: Path) -> dict[str, Any]:
    return {"media_dir": tmp_path / "media"}


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **saving: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, kind, **saving)
    return written.getvalue()


def with_place() -> bytes:
    """A photo that says where it was taken, turned a quarter."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "canary camera"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def milestone(key: str) -> Milestone:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Milestone, key)


def stored(folder: Path) -> list[Path]:
    return list(folder.glob("*")) if folder.exists() else []


def test_text_link_and_picture_are_shown_to_the_backers(
    client: FlaskClient, world: World, tmp_path: Path
) -> None:
    petition, [step, _next] = underway(world)
    world.sign_in(client, "organizer")
    data = {
        "text": "설계를 마쳤어요.",
        "link": "https://example.org/receipt",
        "image": (io.BytesIO(with_place()), "../../evil.svg"),
    }
    answer = send(client, f"/desk/{petition.slug}/milestones/{step}/claim", data)
    assert answer.status_code == 303
    claimed = milestone(step)
    assert (claimed.state, claimed.evidence, claimed.evidence_link) == (
        "claimed",
        "설계를 마쳤어요.",
        "https://example.org/receipt",
    )
    [file] = stored(tmp_path / "media")
    assert claimed.evidence_image == file.name
    assert b"canary" not in file.read_bytes()
    with Image.open(file) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (48, 64), {})
    with client.application.test_client().get(f"/media/{file.name}") as served:
        assert served.data == file.read_bytes()
        assert served.headers["Content-Type"] == "image/webp"
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in served.headers["Cache-Control"]
        assert "Cookie" not in served.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ({"text": ""}, "Say what was done"),
        ({"text": "x" * 5_001}, "Shorten this to 5000 characters."),
        ({"text": "a\x00b"}, "invisible control characters"),
        ({"link": "javascript:alert(1)"}, "starting with https://"),
        ({"link": "data:text/html,x"}, "starting with https://"),
        ({"link": "//example.org"}, "starting with https://"),
        ({"link": "https://user:secret@example.org"}, "starting with https://"),
        ({"link": "https://exa mple.org"}, "starting with https://"),
        ({"link": 'https://example.org/"onload'}, "starting with https://"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    client: FlaskClient, world: World, tmp_path: Path, spoiled: dict[str, str], sentence: str
) -> None:
    petition, [step, _next] = underway(world)
    world.sign_in(client, "organizer")
    data = {
        "text": "kept text",
        "link": "https://example.org/kept",
        "image": (io.BytesIO(picture()), "a.jpg"),
    }
    answer = send(client, f"/desk/{petition.slug}/milestones/{step}/claim?lang=en", data | spoiled)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "kept" in answer.text
    assert milestone(step).state == "planned"
    assert stored(tmp_path / "media") == []


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "uploaded",
    [
        SVG,
        b"",
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.7",
        picture()[:200],
        b"\x89PNG\r\n\x1a\n" + SVG,
        picture("BMP"),
    ],
    ids=["svg", "nothing", "gif", "pdf", "cut", "half a png", "bmp"],
)
def test_what_is_no_photo_is_refused(uploaded: bytes) -> None:
    with pytest.raises(Refusal, match="PNG, JPEG or WebP"):
        re_encode(uploaded)


def test_nothing_appended_survives() -> None:
    assert b"<script>" not in re_encode(picture("PNG") + b"<script>alert(1)</script>")
    assert b"<script>" not in re_encode(picture(comment=b"<script>alert(1)</script>"))


@pytest.mark.parametrize("size", [(8_000, 8_000), (12_000, 12_000), (30_000, 7_000)])
def test_a_bomb_is_refused_before_it_goes_off(size: tuple[int, int]) -> None:
    written = io.BytesIO()
    Image.new("1", size).save(written, "PNG")
    assert len(written.getvalue()) < 100_000
    with pytest.raises(Refusal):
        re_encode(written.getvalue())


def test_a_large_photo_is_small_before_it_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 megapixels turned upright at full size cost half a gigabyte; EXIF still turns the small one."""
    copied: list[tuple[int, int]] = []
    turn = ImageOps.exif_transpose

    def note(picture: Image.Image) -> Image.Image | None:
        copied.append(picture.size)
        return turn(picture)

    monkeypatch.setattr(ImageOps, "exif_transpose", note)
    exif = Image.Exif()
    exif[0x0112] = 6
    written = io.BytesIO()
    Image.new("L", (8_000, 5_000)).save(written, "JPEG", exif=exif)
    with Image.open(io.BytesIO(re_encode(written.getvalue()))) as made:
        assert made.size == (1_250, 2_000)
    assert copied == [(2_000, 1_250)]


def test_more_than_five_megabytes_are_refused() -> None:
    with pytest.raises(Refusal, match="at most 5 MB"):
        re_encode(picture() + b"\0" * 5 * 1024 * 1024)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK"])
def test_every_kind_of_photo_becomes_webp(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (3_000, 10)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    with Image.open(io.BytesIO(re_encode(written.getvalue()))) as made:
        assert (made.format, made.width) == ("WEBP", 2_000)


def test_a_picture_of_a_refused_claim_is_not_kept(client: FlaskClient, world: World, tmp_path: Path) -> None:
    petition, [_first, second] = underway(world)
    world.sign_in(client, "organizer")
    data = {"text": "kept text", "image": (io.BytesIO(picture()), "a.jpg")}
    answer = send(client, f"/desk/{petition.slug}/milestones/{second}/claim", data)
    assert answer.status_code == 409, "the first step comes first"
    assert "kept text" in answer.text
    assert stored(tmp_path / "media") == []


@pytest.mark.parametrize(
    "name", ["../secret_key", "%2e%2e/x", "a.webp", "0" * 32 + ".svg", "0" * 32 + ".webp"]
)
def test_only_its_own_names_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404
