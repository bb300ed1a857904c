"""Every sentence of the source is translated, keeps its placeholders, and reaches the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import ngettext

from app.config import ROOT
from app.web.languages import LANGUAGES, speaking

FOLDER = ROOT / "app" / "translations"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None, "_l": None}
PUBLIC = ("/", "/petitions", "/books", "/about", "/privacy", "/terms", "/session", "/petitions/nowhere")
ENGLISH_WORDS = re.compile(r"[A-Za-z][a-z’']+(?: [A-Za-z][a-z’']+){2,}")
HANGUL_WORDS = re.compile(r"[가-힣]{2,}")
KOREAN_IN_ENGLISH = {"두레", "품앗이", "점수", "한국어"}
TRANSLATED = sorted(set(LANGUAGES) - {"en"})


def read_catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


@pytest.fixture(scope="module")
def sentences() -> set[object]:
    """Every msgid that the programs and the templates use."""
    found = extract_from_dir(str(ROOT), method_map=METHODS, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_holds_the_sentences_of_the_source_and_no_others(
    language: str, sentences: set[object]
) -> None:
    kept = {message.id for message in messages(read_catalogue(language))}
    assert (sorted(map(str, sentences - kept)), sorted(map(str, kept - sentences))) == ([], [])


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    found = messages(read_catalogue(language))
    assert [m.id for m in found if m.fuzzy or not all(forms(m.string))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_keeps_its_placeholders(language: str) -> None:
    changed = [
        (message.id, text)
        for message in messages(read_catalogue(language))
        for text in forms(message.string)
        if placeholders(text) not in [placeholders(form) for form in forms(message.id)]
    ]
    assert changed == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_passes_babels_own_check(language: str) -> None:
    assert [errors for _message, errors in read_catalogue(language).check()] == []


@pytest.fixture
def translated(app: Flask, tmp_path: Path) -> Flask:
    """The application with its catalogues, compiled for this test."""
    for language in TRANSLATED:
        folder = tmp_path / "compiled" / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, read_catalogue(language))
    app.extensions["babel"].translation_directories = [str(tmp_path / "compiled")]
    return app


def text_of(page: str) -> str:
    """What a reader sees of a page, without its code."""
    return re.sub(r"<(script|style|code)\b.*?</\1>|<[^>]+>", "\n", page, flags=re.DOTALL)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_korean_page_has_no_english_sentence(translated: Flask, path: str) -> None:
    page = text_of(translated.test_client().get(f"{path}?lang=ko").text)
    assert ENGLISH_WORDS.findall(page) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_an_english_page_has_no_korean_sentence(translated: Flask, path: str) -> None:
    page = text_of(translated.test_client().get(f"{path}?lang=en").text)
    assert set(HANGUL_WORDS.findall(page)) - KOREAN_IN_ENGLISH == set()


def test_numbers_take_the_plural_of_their_language(translated: Flask) -> None:
    def said(language: str, number: int) -> str:
        with translated.app_context(), speaking(language):
            return str(ngettext("%(num)d day left", "%(num)d days left", number))

    assert [said("en", 1), said("en", 2)] == ["1 day left", "2 days left"]
    assert [said("ko", 1), said("ko", 2)] == ["1일 남았어요", "2일 남았어요"]
