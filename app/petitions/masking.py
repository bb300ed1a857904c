"""Names as strangers see them: enough to greet a neighbour, too little to find one."""

from __future__ import annotations

import unicodedata

TWO_SYLLABLE_SURNAMES = (
    "남궁",
    "황보",
    "제갈",
    "사공",
    "선우",
    "서문",
    "독고",
    "동방",
    "망절",
    "소봉",
    "어금",
    "장곡",
)
MOST_WORDS = 3
JOINER = "\u200d"


def mask_name(name: str) -> str:
    """``name`` with most of it starred: 홍*동, 남궁**, J*** S***; an empty name is one star.

    Names in Hangul, Han or kana keep their first and last character, or a two-syllable surname; of every
    other word the first character stays, and three stars hide how long it is.
    """
    words = unicodedata.normalize("NFC", name).split()
    if words and all(is_east_asian(word) for word in words):
        return mask_characters("".join(words))
    return " ".join(f"{first_character(word)}***" for word in words[:MOST_WORDS]) or "*"


def is_east_asian(word: str) -> bool:
    """Whether every character is Hangul, Han or kana."""
    return all(
        "\uac00" <= c <= "\ud7a3" or "\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" for c in word
    )


def mask_characters(word: str) -> str:
    if len(word) == 1:
        return "*"
    if len(word) > 2 and word.startswith(TWO_SYLLABLE_SURNAMES):
        return word[:2] + "*" * (len(word) - 2)
    if len(word) == 2:
        return word[0] + "*"
    return word[0] + "*" * (len(word) - 2) + word[-1]


def first_character(word: str) -> str:
    """The first character as a reader sees it: with its accents, and a joined emoji whole."""
    end = 1
    while end < len(word) and (
        word[end] == JOINER
        or word[end - 1] == JOINER
        or unicodedata.category(word[end]) in {"Mn", "Mc", "Me"}
    ):
        end += 1
    return word[:end]
