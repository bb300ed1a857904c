"""The organizer's forms after the launch: news, evidence, the official answer."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import ValidationError

from app.web.forms import DureForm, KeyedForm, text_field


class UpdateForm(KeyedForm):
    """News for everybody who follows the petition."""

    title = text_field(_l("Headline"), most=120, required=_l("Write a headline."))
    text = text_field(_l("What happened"), most=30_000, lines=True, required=_l("Write what happened."))


class ClaimForm(DureForm):
    """What a step delivered, and how others can see it."""

    text = text_field(
        _l("What was done"), most=5_000, lines=True, required=_l("Say what was done, with dates and amounts.")
    )
    link = text_field(_l("Link to a receipt, article or post"), most=500)
    image = FileField(_l("Photo"))

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        form = super().from_request(**kwargs)
        form.image.data = request.files.get("image")
        return form

    def validate_link(self, field: Any) -> None:
        if field.data and not is_web_link(field.data):
            raise ValidationError(_("Write the whole link, starting with https:// or http://."))

    def picture(self) -> bytes:
        """The bytes of the uploaded file; empty without one."""
        return self.image.data.read() if self.image.data and self.image.data.filename else b""


def is_web_link(text: str) -> bool:
    """Whether ``text`` is one absolute http(s) address without credentials or white space."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    if any(c.isspace() or c in '<>"\\' for c in text):
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc


class AnswerForm(DureForm):
    """What the addressee answered, word for word."""

    text = text_field(
        _l("The official answer"), most=30_000, lines=True, required=_l("Paste the answer word for word.")
    )
