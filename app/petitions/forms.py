"""The form that a signer fills in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import BooleanField, Field, StringField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import html_params

from app.web.forms import NO, AddressField, DureForm, NameField, text_field
from app.web.languages import language

from .regions import is_region, region_select

LONGEST_REASON = 500


class RegionSelect:
    """The select of a region, whose options are written once per language; few of them where ``short``."""

    validation_attrs = ("required", "disabled")

    def __init__(self, *, short: bool = False) -> None:
        self.short = short

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        attributes.setdefault("id", field.id)
        if field.flags.required:
            attributes.setdefault("required", True)
        opening = f"<select {html_params(name=field.name, **attributes)}>"
        options = region_select(language(), field.data or "", _("Choose where you live"), short=self.short)
        return Markup(f"{opening}{options}</select>")  # noqa: S704 - escaped by html_params and region_select


def known_region(_form: Any, field: Field) -> None:
    if not is_region(field.data):
        raise ValidationError(_("Choose a province or a country from the list."))


REGION = (DataRequired(_l("Choose where you live.")), known_region)
REGION_LABEL = _l("Where you live")


class RegionField(StringField):
    """An ISO 3166-2 code such as ``KR-11``, or an ISO 3166-1 country code."""

    widget = RegionSelect()
    short_widget = RegionSelect(short=True)

    def __init__(self, label: Any = REGION_LABEL, **kwargs: Any) -> None:
        super().__init__(label, validators=REGION, **kwargs)
        self.type = "SelectField"


class SignForm(DureForm):
    """Name, e-mail, region; optionally a reason, and whether the name stays hidden."""

    name = NameField()
    email = AddressField()
    region = RegionField()
    reason = text_field(_l("Why you sign"), most=LONGEST_REASON, lines=True)
    hide_name = BooleanField(_l("Hide my name on the petition's page"), false_values=NO)


class OnePressForm(DureForm):
    """What is left to ask of somebody whose name and address are known."""

    region = RegionField()
    reason = text_field(_l("Why you sign"), most=LONGEST_REASON, lines=True)
    hide_name = BooleanField(_l("Hide my name on the petition's page"), false_values=NO)
