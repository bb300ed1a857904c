"""The form of a pledge."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Length, ValidationError

from app.db import new_id
from app.errors import Refusal
from app.petitions.models import Petition
from app.web.formatting import format_money
from app.web.forms import AddressField, DureForm, NameField, one_line, tidy

from . import kinds
from .amounts import SIGNS, BadAmount, major_text, read_money, read_whole, suggested_amounts
from .kinds.base import BadPromise, Kind
from .wording import SPEECH

OTHER = "other"
NO = (False, "false", "", "0", "no", "off")


class PledgeForm(DureForm):
    """Kind, amount in major units, who, and how the amount may be collected.

    ``choice`` is a suggested amount in major units, or ``other``; ``amount`` is what a person (or a script)
    wrote. After :meth:`validate`, ``promised`` is the amount in minor units and ``terms`` are the kind's.
    """

    kind = RadioField(_l("Kind of pledge"), filters=[tidy], validate_choice=False)
    choice = RadioField(_l("Amount"), validate_choice=False)
    amount = StringField(
        _l("Your own amount"),
        filters=[tidy],
        validators=[Length(max=40, message=_l("Write the amount in digits.")), one_line],
    )
    currency = HiddenField(_l("Currency"), filters=[tidy])
    name = NameField()
    email = AddressField()
    hide_name = BooleanField(_l("Hide my name on public pages"), false_values=NO)
    payment_method = HiddenField(_l("Payment method"), filters=[tidy], validators=[one_line])
    key = HiddenField(_l("Form"))

    def __init__(self, formdata: Any = None, *, petition: Petition, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.petition = petition
        self.given: dict[str, str] = formdata.to_dict() if formdata else {}
        self.promised = 0
        self.terms: dict[str, Any] = {}
        money = petition.currency or ""
        self.choice.choices = [
            *((major_text(minor, money), format_money(minor, money)) for minor in self.suggested),
            (OTHER, _("Another amount")),
        ]
        self.choice.flags.required = self.kind.flags.required = True
        self.kind.choices = [(kind.name, kind.label(SPEECH)) for kind in self.offered]
        self.kind.data = self.kind.data or "gift"
        self.key.data = self.key.data or new_id()

    @property
    def suggested(self) -> tuple[int, ...]:
        return suggested_amounts(self.petition.currency) if self.petition.currency else ()

    @property
    def offered(self) -> list[Kind]:
        """The kinds that count towards a threshold of this petition."""
        measures = {threshold.measure for threshold in self.petition.thresholds}
        return [kind for kind in kinds.all() if kind.measure in measures]

    @property
    def chosen_kind(self) -> Kind | None:
        return next((kind for kind in self.offered if kind.name == self.kind.data), None)

    @property
    def sign(self) -> str:
        """The currency's sign, to stand before the amount."""
        return SIGNS[self.petition.currency][0] if self.petition.currency in SIGNS else ""

    @property
    def idempotency_key(self) -> str:
        """The form's key in 64 hexadecimal digits, whatever a script sent as one."""
        return hashlib.sha256((self.key.data or "").encode()).hexdigest()

    def renew(self) -> None:
        """Let the next sending make another pledge."""
        self.key.data = new_id()

    def suggest(self, amount: str) -> None:
        """Fill in an amount that came with the address of the page, and read it if it is one."""
        text = tidy(amount) or ""
        if text in {major_text(minor, self.petition.currency or "") for minor in self.suggested}:
            self.choice.data = text
        elif text and len(text) <= 20 and text.isprintable():
            self.choice.data, self.amount.data = OTHER, text
        if text and self.chosen_kind is not None:
            with suppress(BadAmount):
                self.promised = self.parse(self.chosen_kind, text)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        kind = self.chosen_kind
        if kind is not None:
            fine = self.read_amount(kind) and fine
            fine = self.read_terms(kind) and fine
        return fine

    def validate_kind(self, _field: Any) -> None:
        if self.chosen_kind is None:
            raise ValidationError(_("Choose a kind of pledge that this petition takes."))

    def read_amount(self, kind: Kind) -> bool:
        """Set ``promised`` from what was written, else from what was chosen."""
        if self.amount.errors:
            return False
        written, chosen = self.amount.data or "", self.choice.data or OTHER
        currency = self.petition.currency or ""
        try:
            if self.currency.data not in {None, "", currency}:
                raise BadAmount(_("This petition counts in %(currency)s.", currency=currency))
            self.promised = self.parse(kind, written or ("" if chosen == OTHER else chosen))
            if written and chosen != OTHER and self.parse(kind, chosen) != self.promised:
                raise BadAmount(_("You chose one amount and wrote another. Keep the one you mean."))
        except BadAmount as bad:
            self.amount.errors = [*self.amount.errors, str(bad)]
            return False
        return True

    def parse(self, kind: Kind, text: str) -> int:
        if kind.measure != "money":
            return read_whole(text)
        return read_money(text, self.petition.currency or "")

    def read_terms(self, kind: Kind) -> bool:
        """Set ``terms`` from the fields that belong to the kind."""
        try:
            self.terms = kind.read_terms(self.given, SPEECH)
        except BadPromise as bad:
            self.refuse(Refusal(bad.sentence, field=bad.field))
            return False
        return True
