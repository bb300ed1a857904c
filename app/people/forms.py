"""The forms about a person: signing in, and what they go by."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import DataRequired

from app.web.forms import AddressField, DureForm, NameField, options

LANGUAGE_NAMES = options([("ko", "한국어"), ("en", "English")])


class SignInForm(DureForm):
    """The address that a sign-in letter goes to; ``next`` is the path to go on to."""

    email = AddressField()
    next = HiddenField()


class ProfileForm(DureForm):
    """What a person goes by, and the language of their pages and letters."""

    name = NameField()
    locale = SelectField(
        _l("Language of pages and letters"),
        choices=LANGUAGE_NAMES,
        validators=[DataRequired(_l("Choose a language."))],
    )


class ErasureForm(DureForm):
    """The last word of somebody who is to be erased while money may still come back to them."""

    give_up = BooleanField(_l("I give up what may still come back to me: it goes to Dure."))
