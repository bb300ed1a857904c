"""Reading what programs send: JSON of the right size, with the fields that are asked for and no others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.web.errors import problem, words_for
from app.web.languages import LANGUAGES, language

LARGEST = 16 * 1024
MOST_NAMED = 20
"""Unknown fields that are named one by one."""

Sort = Literal["text", "flag", "whole", "texts"]
Body = dict[str, Any]
Errors = dict[str, list[str]]


def read_json() -> Body:
    """The JSON object that was sent; whatever else was sent is answered with 400, 413 or 415."""
    if request.mimetype != "application/json":
        abort(415)
    sent = read_at_most(LARGEST)
    if sent is None:
        abort(problem(413, words_for(413)[0], _("Send at most %(most)d KB of JSON.", most=LARGEST // 1024)))
    try:
        content = json.loads(sent.decode(), parse_constant=refuse_constant, object_pairs_hook=refuse_doubles)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        abort(
            problem(400, words_for(400)[0], _("Send one JSON object in UTF-8, with each of its fields once."))
        )
    return content


def read_at_most(most: int) -> bytes | None:
    """The body, whether or not its length was told before; None when it is longer."""
    request.max_content_length = most + 1
    try:
        sent = request.get_data()
    except RequestEntityTooLarge:
        return None
    return sent if len(sent) <= most else None


def refuse_constant(name: str) -> None:
    """NaN and Infinity are not JSON.

    Raises:
        ValueError: always.
    """
    raise ValueError(name)


def refuse_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values for one field would leave it to chance which one counts.

    Raises:
        ValueError: a name comes twice.
    """
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("doubled")
    return content


def check_fields(body: Mapping[str, Any], sorts: Mapping[str, Sort]) -> Errors:
    """What is wrong before the form is asked: unknown fields, values of another sort, no consent."""
    unknown = [name for name in body if name not in sorts][:MOST_NAMED]
    errors = {printable(name): [_("There is no such field here.")] for name in unknown}
    errors |= {
        name: [sentence_for(sort)]
        for name, sort in sorts.items()
        if name in body and not is_of_sort(body[name], sort)
    }
    if body.get("consent") is not True:
        errors["consent"] = [
            _(
                "Ask the person whether they are at least 14 and agree to the terms and the privacy notice, "
                "and send true when they do."
            )
        ]
    if "language" not in errors and body.get("language", LANGUAGES[0]) not in LANGUAGES:
        errors["language"] = [_("Choose one of these languages: %(all)s.", all=", ".join(LANGUAGES))]
    return errors


def printable(name: str) -> str:
    """A field's name as it may be repeated in an answer."""
    return name[:40].encode("ascii", "backslashreplace").decode()


def is_of_sort(value: Any, sort: Sort) -> bool:
    if sort == "text":
        return isinstance(value, str)
    if sort == "flag":
        return isinstance(value, bool)
    if sort == "whole":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def sentence_for(sort: Sort) -> str:
    sentences = {
        "text": _("Send this as text."),
        "flag": _("Send true or false."),
        "whole": _("Send a whole number; money is counted in minor units."),
        "texts": _("Send an object whose values are texts."),
    }
    return str(sentences[sort])


def language_of(body: Mapping[str, Any]) -> str:
    """The language of the letter: as asked for, else that of the answer."""
    return str(body.get("language") or language())


def fields_of(form: Any) -> Errors:
    """The form's sentences by field; those about the whole form stand under ``form``."""
    return {name or "form": [str(sentence) for sentence in said] for name, said in form.errors.items()}
