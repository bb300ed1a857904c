"""Days and times as readers of each language write them, in Seoul."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.web.formatting import moment
from app.web.languages import speaking


@pytest.mark.parametrize(
    ("hour", "korean"),
    [
        (14, "2026년 11월 21일 (토) 오후 11:59"),
        (15, "2026년 11월 22일 (일) 오전 12:59"),
        (18, "2026년 11월 22일 (일) 오전 3:59"),
        (3, "2026년 11월 21일 (토) 오후 12:59"),
    ],
)
@pytest.mark.usefixtures("context")
def test_korean_moments_name_the_half_of_the_day(hour: int, korean: str) -> None:
    with speaking("ko"):
        assert moment(datetime(2026, 11, 21, hour, 59, tzinfo=UTC)) == korean


def test_english_moments_name_the_zone(app: Flask) -> None:
    with app.app_context(), speaking("en"):
        assert moment(datetime(2026, 11, 21, 14, 5, tzinfo=UTC)) == "Sat, 21 November 2026, 23:05 KST"
