"""The pages of docs/embed/ name the newest release of the loader by its digest."""

from __future__ import annotations

import re

import pytest

from app.config import ROOT
from app.embeds.loader import loader_release

PINNED = re.compile(r'src="https://dure\.example\.org([^"]+)" integrity="([^"]+)"')


@pytest.mark.parametrize("name", ["embed/newspaper.html", "embedding.md"])
def test_the_examples_name_the_newest_release(name: str) -> None:
    newest = loader_release()
    found = PINNED.findall((ROOT / "docs" / name).read_text())
    assert found == [(newest.path, newest.integrity)]
