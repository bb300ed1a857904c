"""What can go wrong, in two words: a Refusal speaks to a person, a Trouble to the worker."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """We will not do this, and here is the sentence that says why and what to do instead.

    Args:
        sentence: already translated, or lazily so.
        field: the form field it belongs beside, if any.
        status: the HTTP status of the answer.
    """

    def __init__(self, sentence: Any, *, field: str | None = None, status: int = 422) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.status = status


class Trouble(Exception):  # noqa: N818
    """Something outside did not work. ``permanent`` tells the worker not to try again."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
