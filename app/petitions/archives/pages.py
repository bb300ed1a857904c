"""Putting API pages into the order of their `next` links, whatever order the files were given in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from app.petitions.archives.recognising import ArchiveFile, DocumentFile

PageKey = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Step:
    """A file to read now; `missing_next` is the address of a following page that was not given."""

    file: ArchiveFile
    missing_next: str | None


def arrange(files: Sequence[ArchiveFile]) -> Iterator[Step]:
    """Every file exactly once, in the order given; pages of one query stand together, first page first.

    A page is known by `links.self`; without it, a page with no `prev` is the `first` and one with no
    `next` is the `last`. A run of pages stands where the first of its files was given.
    """
    pages = {at: file for at, file in enumerate(files) if isinstance(file, DocumentFile) and file.links}
    by_key: dict[PageKey, int] = {}
    before: dict[PageKey, int] = {}
    for at, page in pages.items():
        own, following = _own_key(page), _next_key(page)
        if own is not None:
            by_key.setdefault(own, at)
        if following is not None:
            before.setdefault(following, at)

    done: set[int] = set()
    for at, file in enumerate(files):
        if at not in pages:
            yield Step(file, None)
            continue
        following_at: int | None = _first_of_run(at, pages, before, done)
        while following_at is not None and following_at not in done:
            done.add(following_at)
            page = pages[following_at]
            key = _next_key(page)
            following_at = None if key is None else by_key.get(key)
            yield Step(page, None if key is None or following_at is not None else _links(page)["next"])
        if at not in done:
            done.add(at)
            yield Step(file, None)


def page_key(address: str) -> PageKey:
    """What two spellings of a page's address share: its path and its query in any order, page 1 implied."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ()
    query = {"page": "1", **dict(parse_qsl(parts.query, keep_blank_values=True))}
    return parts.path, tuple(sorted(query.items()))


def _first_of_run(at: int, pages: dict[int, DocumentFile], before: dict[PageKey, int], done: set[int]) -> int:
    walked = {at}
    while True:
        key = _own_key(pages[at])
        earlier = None if key is None else before.get(key)
        if earlier is None or earlier in walked or earlier in done:
            return at
        walked.add(earlier)
        at = earlier


def _links(page: DocumentFile) -> dict[str, str]:
    return dict(page.links or {})


def _own_key(page: DocumentFile) -> PageKey | None:
    links = _links(page)
    implied = (
        links.get("first") if "prev" not in links else links.get("last") if "next" not in links else None
    )
    address = links.get("self") or implied
    return None if address is None else page_key(address)


def _next_key(page: DocumentFile) -> PageKey | None:
    following = _links(page).get("next")
    return None if following is None else page_key(following)
