"""A petition from another platform's archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.petitions.archives import ArchivedPetition


def archived(**changes: Any) -> ArchivedPetition:
    """A finished one, opened on the first and closed on the thirtieth of September 2017."""
    values: dict[str, Any] = {
        "source": "cheongwadae",
        "source_id": "7",
        "title": "옛 청원",
        "text": "그때의 글",
        "addressee": "청와대",
        "category": "반려동물",
        "language": "ko",
        "signatures": 212_333,
        "threshold": 200_000,
        "source_state": "답변",
        "opened_at": datetime(2017, 9, 1, tzinfo=UTC),
        "closed_at": datetime(2017, 9, 30, tzinfo=UTC),
        "answered_at": None,
        "answer": None,
        "rejection": None,
        "source_url": None,
    }
    return ArchivedPetition(**(values | changes))
