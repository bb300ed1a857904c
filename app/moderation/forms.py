"""The moderator's forms: a decision on a petition, the signatures to look at, the ones to strike."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from app.petitions.models import SIGNATURE_STATES
from app.web.forms import DureForm, one_line, options, text_field, tidy

from .reasons import INVALIDATING, REASONS

CHOOSE = ("", _l("Choose a reason"))


class DecisionForm(DureForm):
    """Why, for verbs that need a reason, and an optional note for the record."""

    reason = SelectField(_l("Reason"), validate_choice=False, default="")
    note = text_field(_l("Note for the record"), most=1_000, lines=True)

    verb: str

    @classmethod
    def about(cls, verb: str, formdata: Any = None) -> DecisionForm:
        """The form for one verb; ids carry the verb, since a page may hold several."""
        form = cls(formdata)
        form.verb = verb
        if verb in REASONS:
            form.reason.choices = options([CHOOSE, *REASONS[verb].items()])
            form.reason.flags.required = True
        else:
            del form.reason
        for field in form:
            field.id = field.label.field_id = f"{verb}-{field.name}"
        return form

    def validate_reason(self, field: Any) -> None:
        if field.data not in REASONS[self.verb]:
            raise ValidationError(_("Choose a reason from the list."))

    @property
    def chosen_reason(self) -> str:
        return self.reason.data if "reason" in self else ""


class FilterForm(DureForm):
    """Which signatures to list."""

    state = SelectField(
        _l("State"),
        choices=options(
            [
                ("", _l("All")),
                ("validated", _l("Confirmed")),
                ("pending", _l("Waiting for confirmation")),
                ("fraudulent", _l("Held back")),
                ("invalidated", _l("Not counted")),
                ("withdrawn", _l("Withdrawn")),
            ]
        ),
        default="",
        validate_choice=False,
    )
    address = StringField(_l("Address"), filters=[tidy], validators=[Length(max=254), one_line])

    @property
    def chosen_state(self) -> str:
        return self.state.data if self.state.data in SIGNATURE_STATES else ""


class StrikeForm(DureForm):
    """Why signatures are struck; which ones comes from the list."""

    reason = SelectField(
        _l("Reason"),
        choices=options([CHOOSE, *INVALIDATING.items()]),
        default="",
        validate_choice=False,
    )
    note = text_field(_l("Note for the record"), most=1_000, lines=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.flags.required = True

    def validate_reason(self, field: Any) -> None:
        if field.data not in INVALIDATING:
            raise ValidationError(_("Choose a reason from the list."))
