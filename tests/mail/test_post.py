"""Writing letters: once per cause, in the reader's language, to nobody without an address."""

from __future__ import annotations

from flask_babel import gettext

from app.db import db, run_tx
from app.mail.models import Letter
from app.mail.posting import Draft, post
from tests.mail.writing import found, write
from tests.world import World


def test_the_same_cause_writes_once(world: World) -> None:
    write(subject="First")
    write(subject="Second")
    assert db.session.query(Letter).count() == 1
    assert found().subject == "First"


def test_nobody_without_an_address_is_written_to(world: World) -> None:
    for nobody in (None, ""):
        assert run_tx(lambda nobody=nobody: post(nobody, "ko", lambda: Draft("x", []), cause="x")) is False
    assert db.session.query(Letter).count() == 0


def test_the_letter_speaks_the_readers_language(world: World) -> None:
    said = []

    def draft() -> Draft:
        said.append(gettext("closed"))
        return Draft("x", ["y"])

    for locale in ("ko", "en"):
        run_tx(lambda locale=locale: post("minji@example.org", locale, draft, cause=locale))
        assert f'<html lang="{locale}">' in found(locale).html
    assert len(said) == 2


def test_the_link_comes_before_every_other_address(world: World) -> None:
    letter = write(
        more_links=[("Other", "http://localhost/other")], unsubscribe_url="http://localhost/follows/t"
    )
    places = [letter.text.index(f"http://localhost/{path}") for path in ("x", "other", "follows/t")]
    assert places == sorted(places)


def test_text_is_plain_and_html_is_escaped(world: World) -> None:
    letter = write(subject="a <b>", lines=["1 < 2 & '3' {{ 7*7 }}"], after=["<script>alert(1)</script>"])
    assert "1 < 2 & '3' {{ 7*7 }}" in letter.text
    assert "1 &lt; 2 &amp;" in letter.html
    assert "<script>" not in letter.html
    assert "49" not in letter.text + letter.html


def test_a_subject_is_one_line(world: World) -> None:
    letter = write(subject="Hello\r\nBcc: bob@example.org\t" + "x" * 400)
    assert "\r" not in letter.subject
    assert "\n" not in letter.subject
    assert len(letter.subject) == 250
