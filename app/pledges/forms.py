"""The form of a pledge."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Length, ValidationError

from app.db import new_id
from app.errors import Refusal
from app.petitions.models import Petition
from app.web.formatting import format_money, number
from app.web.forms import NO, AddressField, KeyedForm, NameField, one_line, tidy

from . import kinds
from .allowing import joinable
from .amounts import SIGNS, BadAmount, major_text, read_money, read_whole, suggested_amounts
from .kinds.base import BadPromise, Kind, Offer, Promise
from .wording import SPEECH, offer_of

OTHER = "other"


class PledgeForm(KeyedForm):
    """Kind, amount in major units, who, and how the amount may be collected.

    ``choice`` is a suggested amount in major units, or ``other``; ``amount`` is what a person (or a script)
    wrote, ``tip`` what the platform gets on top. After :meth:`validate`, ``asked`` is the amount as it was
    asked for (money: minor units), ``promise`` what the kind makes of it, ``tipped`` the tip in minor units.
    """

    kind = RadioField(_l("Kind of pledge"), filters=[tidy], validate_choice=False)
    choice = RadioField(_l("Amount"), validate_choice=False)
    amount = StringField(
        _l("Your own amount"),
        filters=[tidy],
        validators=[Length(max=40, message=_l("Write the amount in digits.")), one_line],
    )
    tip = StringField(
        _l("A tip for the platform"),
        filters=[tidy],
        validators=[Length(max=40, message=_l("Write the amount in digits.")), one_line],
    )
    currency = HiddenField(_l("Currency"), filters=[tidy])
    name = NameField()
    email = AddressField()
    hide_name = BooleanField(_l("Hide my name on public pages"), false_values=NO)
    from_purse = BooleanField(_l("Pay from my purse"), false_values=NO)
    payment_method = HiddenField(_l("Payment method"), filters=[tidy], validators=[one_line])

    def __init__(self, formdata: Any = None, *, petition: Petition, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.petition = petition
        self.given: dict[str, str] = formdata.to_dict() if formdata else {}
        self.asked = self.tipped = 0
        self.promise: Promise | None = None
        self.wrong: dict[str, str] = {}
        self.kind.choices = [(kind.name, kind.label(SPEECH)) for kind in self.offered]
        self.knows_kind = self.kind.data in {None, "", *(kind.name for kind in self.offered)}
        if not self.kind.data or not self.knows_kind:
            self.kind.data = self.offered[0].name if self.offered else None
        other = _("Another amount") if self.asks == "money" else _("Another number")
        self.choice.choices = [
            *((self.written(asked), self.worded(asked)) for asked in self.suggested),
            (OTHER, other),
        ]
        self.choice.flags.required = self.kind.flags.required = True
        self.amount.flags.required = not self.suggested
        if self.chosen_kind is not None:
            self.amount.label.text = self.chosen_kind.amount_label(self.offer, SPEECH)
            if self.asks == "whole" and self.suggested:
                self.choice.label.text, self.amount.label.text = self.amount.label.text, other

    @cached_property
    def offered(self) -> list[Kind]:
        """The kinds this petition takes, in the order of its thresholds; once fired, those one may join."""
        found = (kinds.find(threshold.kind) for threshold in self.petition.pledge_thresholds)
        known = [kind for kind in found if kind is not None]
        return known if self.petition.fired_at is None else joinable(self.petition) or known

    @property
    def chosen_kind(self) -> Kind | None:
        return next((kind for kind in self.offered if kind.name == self.kind.data), None)

    @property
    def offer(self) -> Offer:
        """What the petition offers in the chosen kind.

        Raises:
            LookupError: there is no such kind here.
        """
        return offer_of(self.petition, self.kind.data or "")

    @property
    def asks(self) -> str:
        """What the amount field takes: ``money``, ``whole`` or ``nothing``."""
        return self.chosen_kind.asks_for(self.offer.terms) if self.chosen_kind else "nothing"

    @property
    def suggested(self) -> tuple[int, ...]:
        """Amounts to choose with one press, as they are asked for."""
        if self.chosen_kind is None:
            return ()
        own = self.chosen_kind.suggestions(self.offer)
        return suggested_amounts(self.offer.currency) if own is None else own

    def written(self, asked: int) -> str:
        """An amount as the form carries it."""
        return major_text(asked, self.offer.currency) if self.asks == "money" else str(asked)

    def worded(self, asked: int) -> str:
        """An amount as a person reads it."""
        return format_money(asked, self.offer.currency) if self.asks == "money" else number(asked)

    @property
    def sign(self) -> str:
        """The currency's sign, to stand before the amount."""
        return SIGNS[self.petition.currency][0] if self.petition.currency in SIGNS else ""

    def refuse(self, refusal: Refusal) -> None:
        """Beside the form's own field, or in ``wrong`` for the partial of a kind to show beside its own."""
        super().refuse(refusal)
        if refusal.field and refusal.field not in self._fields:
            self.wrong[refusal.field] = str(refusal.sentence)

    def renew(self) -> None:
        """Let the next sending make another pledge."""
        self.key.data = new_id()

    def suggest(self, amount: str) -> None:
        """Fill in an amount that came with the address of the page, and read it if it is one."""
        text = tidy(amount) or ""
        if text in {self.written(asked) for asked in self.suggested}:
            self.choice.data = text
        elif text and len(text) <= 20 and text.isprintable():
            self.choice.data, self.amount.data = OTHER, text
        if text and self.chosen_kind is not None:
            with suppress(BadAmount, BadPromise):
                self.asked = self.parse(text)
                self.promise = self.chosen_kind.read(self.asked, {}, self.offer, SPEECH)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        kind = self.chosen_kind
        if kind is None:
            return fine
        fine = self.read_tip(kind) and fine
        return self.read_amount() and self.read_promise(kind) and fine

    def validate_kind(self, _field: Any) -> None:
        if not self.knows_kind or self.chosen_kind is None:
            raise ValidationError(_("Choose a kind of pledge that this petition takes."))

    def read_amount(self) -> bool:
        """Set ``asked`` from what was written, else from what was chosen."""
        if self.amount.errors:
            return False
        if self.asks == "nothing":
            self.asked = 1
            return True
        written, chosen = self.amount.data or "", self.choice.data or OTHER
        currency = self.petition.currency or ""
        try:
            if self.currency.data not in {None, "", currency}:
                raise BadAmount(_("This petition counts in %(currency)s.", currency=currency))
            self.asked = self.parse(written or ("" if chosen == OTHER else chosen))
            if written and chosen != OTHER and self.parse(chosen) != self.asked:
                raise BadAmount(_("You chose one amount and wrote another. Keep the one you mean."))
        except BadAmount as bad:
            self.amount.errors = [*self.amount.errors, str(bad)]
            return False
        return True

    def parse(self, text: str) -> int:
        return read_money(text, self.petition.currency or "") if self.asks == "money" else read_whole(text)

    def read_tip(self, kind: Kind) -> bool:
        """Set ``tipped`` from the tip, if this kind takes one and somebody wrote one."""
        if self.tip.errors:
            return False
        try:
            if self.tip.data and kind.takes_tips and self.tip.data != "0":
                self.tipped = read_money(self.tip.data, self.petition.currency or "")
        except BadAmount as bad:
            self.tip.errors = [*self.tip.errors, str(bad)]
            return False
        return True

    def read_promise(self, kind: Kind) -> bool:
        """Set ``promise`` from the amount and the fields that belong to the kind."""
        try:
            self.promise = kind.read(self.asked, self.given, self.offer, SPEECH)
        except BadPromise as bad:
            self.refuse(Refusal(bad.sentence, field=bad.field))
            return False
        return True
