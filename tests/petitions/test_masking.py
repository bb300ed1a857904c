"""Names as strangers see them."""

from __future__ import annotations

import pytest

from app.petitions.masking import mask_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("홍길동", "홍*동"),
        ("민지", "민*"),
        ("남궁민수", "남궁**"),
        ("남궁민", "남궁*"),
        ("김", "*"),
        ("홍 길동", "홍*동"),
        ("선우용여님", "선우***"),
        ("하늘바다별", "하***별"),
        ("王小明", "王*明"),
        ("Jane Smith", "J*** S***"),
        ("Al", "A***"),
        ("minji@example.org", "m***"),
        ("Anna Maria de la Cruz", "A*** M*** d***"),
        ("É́mile", "É́***"),
        ("👩‍🌾 Kim", "👩‍🌾*** K***"),
        ("", "*"),
        ("   ", "*"),
    ],
)
def test_most_of_a_name_is_starred(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_decomposed_hangul_is_masked_by_syllable() -> None:
    decomposed = "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc"
    assert mask_name(decomposed) == "홍*동"
