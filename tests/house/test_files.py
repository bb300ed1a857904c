"""The repository's own files: small, clean of machines and secrets, catalogues whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.config import ROOT

FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp|opt/py[\w-]*)/"),
    "a package registry's host": re.compile(r"https?://(?:[\w.-]*\.)?(?:pypi|pythonhosted|npmjs)\.\w+"),
    "a private key": re.compile("-----BEGIN " + r"[A-Z ]*PRIVATE KEY"),
    "a live payment key": re.compile(r"\b[rs]k_" + r"live_\w+"),
}
LONGEST = 400
CATALOGUES = sorted((ROOT / "app" / "translations").glob("*/LC_MESSAGES/*.po"))


def test_no_file_names_a_machine_or_holds_a_secret(written_files: list[Path]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}: {match[0]}"
        for path in written_files
        for what, pattern in FORBIDDEN.items()
        if (match := pattern.search(path.read_text(errors="replace")))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["cd /ho" + "me/minji/dure", "index https://pypi." + "org/simple"])
def test_a_machine_in_a_file_would_be_found(text: str) -> None:
    """The negative control."""
    assert any(pattern.search(text) for pattern in FORBIDDEN.values())


def test_modules_stay_small_enough_to_read_at_once(written_files: list[Path]) -> None:
    modules = [path for path in written_files if path.suffix == ".py" and "versions" not in path.parts]
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_is_translated(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    untranslated = [
        message.id
        for message in catalogue
        if message.id
        and (
            message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string)
        )
    ]
    assert untranslated == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_catalogue_holds_every_sentence_of_the_source(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert sorted(map(str, sentences_in_the_source() - {message.id for message in catalogue})) == []


def sentences_in_the_source() -> set[object]:
    """Every msgid that the programs and the templates use."""
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

    keywords = DEFAULT_KEYWORDS | {"lazy_gettext": None, "_l": None}
    methods = [("app/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
    found = extract_from_dir(str(ROOT), method_map=methods, keywords=keywords)
    return {message for _file, _line, message, _comments, _context in found}
