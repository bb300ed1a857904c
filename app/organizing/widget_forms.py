"""The organizer's form about a petition's widgets: sites vouched for, who may show them, signing in them."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from app.embeds.choosing import Choices
from app.embeds.origins import LONGEST, MOST, BadOrigin, read_origins
from app.web.forms import NO, DureForm, text_field

LONGEST_SHOWN = 80


class WidgetForm(DureForm):
    """``chosen`` is what the text means, once the form is valid."""

    origins = text_field(_l("Sites you vouch for"), most=20_000, lines=True)
    restricted = BooleanField(_l("Only these sites may show the widget"), false_values=NO)
    signs_in_frame = BooleanField(_l("Let people sign inside the widget"), false_values=NO)
    chosen: tuple[str, ...] = ()

    @classmethod
    def showing(cls, choices: Choices) -> WidgetForm:
        """The form as it stands for what was chosen before."""
        return cls(
            data={
                "origins": "\n".join(choices.origins),
                "restricted": choices.restricted,
                "signs_in_frame": choices.signs_in_frame,
            }
        )

    def validate_origins(self, field: Any) -> None:
        try:
            self.chosen = read_origins(field.data or "", loopback=not current_app.config["DURE"].production)
        except BadOrigin as bad:
            raise ValidationError(sentence_for(bad)) from bad
        if self.restricted.data and not self.chosen:
            raise ValidationError(_("Name at least one site, or let every site show the widget."))


def sentence_for(bad: BadOrigin) -> str:
    """What is wrong with one of the origins, and how to write it."""
    typed = bad.typed if len(bad.typed) <= LONGEST_SHOWN else f"{bad.typed[:LONGEST_SHOWN]}…"
    sentences = {
        "insecure": _(
            "%(typed)s: widgets are shown over https:// only. Start the site with https://.", typed=typed
        ),
        "path": _("%(typed)s: leave out what comes after the name of the site.", typed=typed),
        "wildcard": _(
            "%(typed)s: a star may only stand first, for all sites below a name, such as https://*.example.org.",
            typed=typed,
        ),
        "everyone": _("A star alone is no site. To let every site show the widget, untick the box below."),
        "many": _(
            "Keep at most %(most)d sites, %(characters)d characters in all.", most=MOST, characters=LONGEST
        ),
    }
    return str(
        sentences.get(bad.reason)
        or _("%(typed)s: write a site as https://www.example.org, one a line.", typed=typed)
    )
