"""The base of every form: clean text in, a sentence beside the field when it is not."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Self

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, Form, HiddenField, StringField, TextAreaField
from wtforms.fields import choices
from wtforms.validators import DataRequired, Length, ValidationError

from app.addresses import NotAnAddress, check_address
from app.db import new_id
from app.errors import Refusal

NO = (False, "false", "", "0", "no", "off")
"""What a script sends for a box that is not ticked."""

MOST_COMBINING = 8
PLAIN = re.compile(r"[ -~가-힣]*")
"""Text of ASCII and Hangul alone, which nothing below would change or refuse."""

INVISIBLE = {"\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\uffa0"}
CONTROLS = {"Cc", "Cs", "Co", "Zl", "Zp"}
OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class DureForm(Form):
    """Reads the request's form; nothing else from outside reaches a verb."""

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        return cls(request.form, **kwargs)

    def refuse(self, refusal: Refusal) -> None:
        """Show a verb's refusal beside the field it names, or at the head of the form."""
        if refusal.field and refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, refusal.sentence]
        else:
            self.form_errors.append(refusal.sentence)


class KeyedForm(DureForm):
    """A form with a key of its own: sent twice, it does its work once."""

    key = HiddenField(_l("Form"))

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.key.data = self.key.data or new_id()

    @property
    def form_key(self) -> str:
        """The form's key in 64 hexadecimal digits, whatever a script sent as one."""
        return self.key_for()

    def key_for(self, *parts: str) -> str:
        """As ``form_key``, but another one for other ``parts``."""
        return hashlib.sha256("\0".join((*parts, self.key.data or "")).encode()).hexdigest()


def tidy(text: str | None) -> str | None:
    """NFC, outer space stripped, invisible characters dropped."""
    if text is None or PLAIN.fullmatch(text):
        return text and text.strip()
    text = unicodedata.normalize("NFC", text)
    return "".join(c for c in text if c not in INVISIBLE).strip()


def one_line(_form: Form, field: Field) -> None:
    """Refuse control characters (NUL, CR, LF), direction overrides and towers of combining marks."""
    refuse_strange_characters(field.data or "", allowed="")


def many_lines(_form: Form, field: Field) -> None:
    """As :func:`one_line`, but line breaks and tabs may stay."""
    refuse_strange_characters(field.data or "", allowed="\r\n\t")


def refuse_strange_characters(text: str, allowed: str) -> None:
    if PLAIN.fullmatch(text):
        return
    run = 0
    for character in text:
        category = unicodedata.category(character)
        if character in OVERRIDES or (category in CONTROLS and character not in allowed):
            raise ValidationError(_("Remove the invisible control characters from this text."))
        run = run + 1 if category in {"Mn", "Me"} else 0
        if run > MOST_COMBINING:
            raise ValidationError(_("Remove the stacked accents from this text."))


def one_address(_form: Form, field: Field) -> None:
    try:
        check_address(field.data or "")
    except NotAnAddress as error:
        raise ValidationError(_("Check the e-mail address: it should look like name@example.org.")) from error


NAME = (
    DataRequired(_l("Write your name.")),
    Length(max=80, message=_l("Shorten the name to 80 characters.")),
    one_line,
)
ADDRESS = (DataRequired(_l("Write your e-mail address.")), one_line, one_address)
NAME_LABEL, ADDRESS_LABEL = _l("Name"), _l("E-mail")


class NameField(StringField):
    """A person's name, in any script."""

    def __init__(self, label: Any = NAME_LABEL, **kwargs: Any) -> None:
        super().__init__(label, filters=(tidy,), validators=NAME, **kwargs)


class AddressField(EmailField):
    """One e-mail address, kept as typed."""

    def __init__(self, label: Any = ADDRESS_LABEL, **kwargs: Any) -> None:
        super().__init__(label, filters=(tidy,), validators=ADDRESS, **kwargs)


def text_field(label: Any, *, most: int, required: Any = None, lines: bool = False, **kwargs: Any) -> Field:
    """A text of at most ``most`` characters; ``required`` is the sentence shown when it is empty."""
    validators: list[Any] = [DataRequired(required)] if required else []
    validators += [
        Length(max=most, message=_l("Shorten this to %(most)d characters.", most=most)),
        many_lines if lines else one_line,
    ]
    kind = TextAreaField if lines else StringField
    return kind(label, filters=[tidy], validators=validators, **kwargs)


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """The choices of a select or of radio buttons, from (value, label) pairs."""
    return [choices.SelectChoice(value, label) for value, label in pairs]  # type: ignore[attr-defined]
