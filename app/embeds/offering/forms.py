"""The form of the Embed panel: every field optional, every answer in its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.embeds.colours import read_colour
from app.embeds.looks import THEMES
from app.web.forms import DureForm, options, tidy
from app.web.hosts import site_in
from app.web.languages import LANGUAGES

from .wishes import LOWEST, NARROWEST, TALLEST, WIDEST, Wish


def six_digits(_form: DureForm, field: Field) -> None:
    if field.data and read_colour(field.data) is None:
        raise ValidationError(_("Write the colour as six digits of 0–9 and a–f, such as 1f6b4a."))


def a_site(_form: DureForm, field: Field) -> None:
    if field.data and not site_in(field.data):
        raise ValidationError(_("Write the name of a site, such as www.example.org."))


class Between:
    """A whole number of pixels from ``least`` to ``most``, or nothing."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: DureForm, field: Field) -> None:
        text = field.data or ""
        whole = text.isascii() and text.isdigit() and len(text) <= 5
        if text and not (whole and self.least <= int(text) <= self.most):
            raise ValidationError(
                _("Write a whole number from %(least)d to %(most)d.", least=self.least, most=self.most)
            )


def pixels(label: Any, least: int, most: int) -> StringField:
    return StringField(label, filters=[tidy], validators=[Between(least, most)])


class WishForm(DureForm):
    """``language`` is the widget's; ``lang`` stays the language of the page that holds the form."""

    theme = RadioField(
        _l("Theme"),
        choices=options([("auto", _l("Automatic")), ("light", _l("Light")), ("dark", _l("Dark"))]),
        validators=[InputRequired()],
    )
    language = SelectField(
        _l("Language"),
        choices=options([("auto", _l("The reader’s own")), ("ko", "한국어"), ("en", "English")]),
        validators=[InputRequired()],
    )
    color = StringField(_l("Colour"), filters=[tidy], validators=[six_digits])
    width = pixels(_l("Width"), NARROWEST, WIDEST)
    height = pixels(_l("Height"), LOWEST, TALLEST)
    site = StringField(_l("Your site"), filters=[tidy], validators=[a_site])
    signing = BooleanField(_l("Let people sign inside the widget"))

    @classmethod
    def asked(cls, arguments: Mapping[str, str]) -> WishForm:
        """The form as an address fills it in; what is left out, or is no choice of ours, stands as usual."""
        theme, spoken = arguments.get("theme", ""), arguments.get("language", "")
        chosen = {
            "theme": theme if theme in THEMES else "auto",
            "language": spoken if spoken in LANGUAGES else "auto",
        }
        typed = {name: arguments.get(name, "") for name in ("color", "width", "height", "site", "signing")}
        return cls(MultiDict(chosen | typed))

    @classmethod
    def showing(cls, wish: Wish) -> WishForm:
        """The form as it stands for a wish."""
        return cls(
            data={
                "theme": wish.theme,
                "language": wish.lang or "auto",
                "color": wish.color,
                "width": str(wish.width or ""),
                "height": str(wish.height or ""),
                "site": wish.site,
                "signing": wish.signing,
            }
        )

    def wish(self) -> Wish:
        """What was asked for; only of a form that is valid."""
        return Wish(
            theme=self.theme.data,
            lang=self.language.data if self.language.data in LANGUAGES else "",
            color=read_colour(self.color.data or "") or "",
            width=int(self.width.data) if self.width.data else None,
            height=int(self.height.data) if self.height.data else None,
            site=site_in(self.site.data or ""),
            signing=self.signing.data,
        )
