"""Signed links in letters: each token serves one purpose and one row."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import current_app
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer


class ExpiredToken(Exception):  # noqa: N818
    """The link was ours once; it is too old now."""


@lru_cache(maxsize=64)
def serializer(purpose: str, secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"dure.{purpose}")


def make_token(purpose: str, content: Any) -> str:
    return str(serializer(purpose, current_app.config["SECRET_KEY"]).dumps(content))


def read_token(purpose: str, token: str, *, max_age: int | None = None) -> Any | None:
    """What the token carries, or None when it is not ours or was made for another purpose.

    Raises:
        ExpiredToken: it is ours, but older than ``max_age`` seconds.
    """
    try:
        return serializer(purpose, current_app.config["SECRET_KEY"]).loads(token, max_age=max_age)
    except SignatureExpired as error:
        raise ExpiredToken from error
    except BadData:
        return None
