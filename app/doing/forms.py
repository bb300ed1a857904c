"""The forms of the deeds: a shift, a word, the code at the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TimeField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from app.clock import SEOUL
from app.errors import Refusal
from app.pledges.amounts import BadAmount, read_whole
from app.web.forms import DureForm, KeyedForm, one_line, text_field, tidy

from .models import Shift
from .shifting import ShiftWish


class ShiftForm(KeyedForm):
    """A shift as the organizer writes it, in Korean time; an end before the start is on the next day."""

    title = text_field(_l("What is done"), most=120, required=_l("Say in a few words what is done."))
    address = text_field(_l("Where"), most=200, required=_l("Say where people meet."))
    day = DateField(_l("Day"), validators=[InputRequired(_l("Choose the day."))])
    starts = TimeField(_l("From"), validators=[InputRequired(_l("Say when it starts, such as 09:30."))])
    ends = TimeField(_l("To"), validators=[InputRequired(_l("Say when it ends, such as 12:00."))])
    places = StringField(
        _l("Places"),
        filters=[tidy],
        validators=[DataRequired(_l("Say how many people you need.")), Length(max=9), one_line],
    )
    note = text_field(_l("What to bring or know"), most=500, lines=True)

    def __init__(self, formdata: Any = None, *, shift: Shift | None = None, **kwargs: Any) -> None:
        super().__init__(formdata, data=written(shift) if shift else None, **kwargs)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        if not self.places.errors:
            try:
                read_whole(self.places.data or "")
            except BadAmount as bad:
                self.refuse(Refusal(str(bad), field="places"))
                fine = False
        return fine

    def wish(self) -> ShiftWish:
        """The shift of a valid form.

        Raises:
            Refusal: start and end are the same.
        """
        day, begins, ends_at = self.day.data, self.starts.data, self.ends.data
        if day is None or begins is None or ends_at is None or begins == ends_at:
            raise Refusal(_("A shift ends after it starts."), field="ends")
        starts = datetime.combine(day, begins, SEOUL)
        ends = datetime.combine(day, ends_at, SEOUL)
        if ends < starts:
            ends += timedelta(days=1)
        return ShiftWish(
            title=self.title.data,
            address=self.address.data,
            note=self.note.data or "",
            starts_at=starts,
            ends_at=ends,
            places=read_whole(self.places.data or ""),
        )


def written(shift: Shift) -> dict[str, Any]:
    starts, ends = shift.starts_at.astimezone(SEOUL), shift.ends_at.astimezone(SEOUL)
    return {
        "title": shift.title,
        "address": shift.address,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "places": str(shift.places),
        "note": shift.note,
    }


class WordForm(DureForm):
    """Kept, and how much of it; or not kept."""

    word = StringField(validators=[AnyOf(("kept", "broken"), message=_l("Press one of the two buttons."))])
    amount = StringField(_l("Hours done"), filters=[tidy], validators=[Length(max=9), one_line])
    note = text_field(_l("A line about it"), most=500)

    def done(self, promised: int) -> int:
        """How much was done, in the promise's measure; everything unless something was written.

        Raises:
            Refusal: it is not a whole number.
        """
        if self.word.data != "kept":
            return 0
        if not self.amount.data:
            return promised
        try:
            return read_whole(self.amount.data)
        except BadAmount as bad:
            raise Refusal(str(bad), field="amount") from bad


class CodeForm(DureForm):
    """The six digits at the door."""

    code = StringField(
        _l("The six digits at the door"),
        filters=[tidy],
        validators=[DataRequired(_l("Type the six digits.")), Length(max=12), one_line],
    )
