"""Where the tests' archive files are, and short ways to write one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from app.petitions.archives import ArchivedPetition, BadLine, read_archives

EXTRACTS = Path(__file__).parent / "extracts"
REAL = Path(__file__).parents[4] / "shared" / "data"

KOREAN: Mapping[str, object] = {
    "category": "기타",
    "begin": "2017-08-25",
    "end": "2017-09-09",
    "content": "본문",
    "num_agree": 1,
    "petition_idx": "7",
    "status": "청원종료",
    "title": "제목",
}


def files_with_counts(*counted: tuple[str, int, str, int]) -> list[tuple[Path, int]]:
    """Each extract with its number of petitions, and the real file too where it is at hand."""
    files = []
    for extract, petitions, real, real_petitions in counted:
        files.append((EXTRACTS / extract, petitions))
        if (REAL / real).exists():
            files.append((REAL / real, real_petitions))
    return files


def korean_line(**changes: object) -> bytes:
    """One line of a Cheong Wa Dae file, without its line end."""
    return json.dumps({**KOREAN, **changes}, ensure_ascii=False).encode()


def write_lines(folder: Path, *lines: bytes) -> Path:
    path = folder / "archive.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def read_petitions(*paths: Path) -> list[ArchivedPetition]:
    """All results, which must be petitions."""
    results = list(read_archives(paths))
    bad = [result for result in results if isinstance(result, BadLine)]
    assert bad == []
    return [result for result in results if isinstance(result, ArchivedPetition)]
