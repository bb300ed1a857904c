"""Forms about deliveries."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.payments.models import PaymentMethod
from app.web.forms import DureForm, KeyedForm, text_field, tidy


class PayForm(KeyedForm):
    """Which of the saved methods is charged."""

    method = RadioField(_l("Payment method"), validate_choice=False)

    def __init__(self, formdata: Any = None, *, methods: list[PaymentMethod]) -> None:
        super().__init__(formdata)
        self.known = [method.id for method in methods]
        self.method.choices = [(method.id, method.label) for method in methods]
        self.method.flags.required = True
        if not formdata and methods:
            self.method.data = methods[0].id

    def validate_method(self, field: RadioField) -> None:
        if field.data not in self.known:
            raise ValidationError(_("Choose a payment method."))


class ShortageForm(KeyedForm):
    """How many units are missing, and a word about it."""

    units = StringField(
        _l("How many units are missing?"),
        filters=[tidy],
        validators=[DataRequired(_l("Write how many units are missing."))],
    )
    note = text_field(_l("What happened?"), most=500, lines=True)

    def validate_units(self, field: StringField) -> None:
        text = (field.data or "").replace(",", "")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValidationError(_("Write a whole number, such as 3."))

    @property
    def number(self) -> int:
        return int((self.units.data or "0").replace(",", ""))


class AnswerForm(DureForm):
    """The organizer's words about a report."""

    answer = text_field(_l("Your answer"), most=500, lines=True)
