"""Forms about deliveries."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.db import new_id
from app.web.forms import DureForm, text_field, tidy


class ShortageForm(DureForm):
    """How many units are missing, and a word about it."""

    units = StringField(
        _l("How many units are missing?"),
        filters=[tidy],
        validators=[DataRequired(_l("Write how many units are missing."))],
    )
    note = text_field(_l("What happened?"), most=500, lines=True)
    key = HiddenField(_l("Form"))

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.key.data = self.key.data or new_id()

    def validate_units(self, field: StringField) -> None:
        text = (field.data or "").replace(",", "")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValidationError(_("Write a whole number, such as 3."))

    @property
    def number(self) -> int:
        return int((self.units.data or "0").replace(",", ""))

    @property
    def idempotency_key(self) -> str:
        """The form's key in 64 hexadecimal digits, whatever a script sent as one."""
        return hashlib.sha256((self.key.data or "").encode()).hexdigest()


class AnswerForm(DureForm):
    """The organizer's words about a report."""

    answer = text_field(_l("Your answer"), most=500, lines=True)
