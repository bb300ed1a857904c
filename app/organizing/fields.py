"""Fields that read what organizers type: whole numbers, days, times of day, sums of money."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import ValidationError

from app.clock import SEOUL
from app.web.forms import one_line, tidy

LAST_SECOND = time(23, 59, 59)
MOST_DIGITS = 15


def no_link(_form: Any, field: Any) -> None:
    """Refuse a web address where letters quote the words: the first link of a letter is ours."""
    text = (field.data or "").casefold()
    if "://" in text or "www." in text:
        raise ValidationError(_("Leave web addresses out here. They have their place in the whole story."))


class WholeNumberField(StringField):
    """A whole number from ``least`` to ``most``; thousands separators are welcome.

    ``data`` keeps what was typed, ``number`` is what it means (None while it means nothing).
    """

    def __init__(self, label: Any, *, least: int, most: int, required: Any = None, **kwargs: Any) -> None:
        super().__init__(label, filters=[tidy], **kwargs)
        self.least, self.most, self.required_sentence = least, most, required
        self.number: int | None = None
        if required:
            self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        typed = (self.data or "").replace(",", "").replace(" ", "")
        if not typed:
            if self.required_sentence:
                raise ValidationError(str(self.required_sentence))
            return
        one_line(form, self)
        unsigned = typed.removeprefix("-")
        if not (unsigned.isascii() and unsigned.isdigit() and len(unsigned) <= MOST_DIGITS):
            raise ValidationError(_("Write a whole number in digits."))
        number = int(typed)
        if number < self.least:
            raise ValidationError(_("Write a number of at least %(least)s.", least=f"{self.least:,}"))
        if number > self.most:
            raise ValidationError(_("Write a number of at most %(most)s.", most=f"{self.most:,}"))
        self.number = number


def moment_in_seoul(day: date, at: time | None) -> datetime:
    """That time of that day in Seoul; without a time the last second of the day."""
    return datetime.combine(day, at or LAST_SECOND, tzinfo=SEOUL)
