"""Forms of a co-operative: a proposal, a surplus with each member's use, and what it is paid with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from app.payments.models import PaymentMethod
from app.pledges.amounts import BadAmount, read_money
from app.web.formatting import day
from app.web.forms import DureForm, KeyedForm, one_line, text_field, tidy

from .registering import Cooperative, Member
from .years import last_day

MOST_USE = 10**12
LONGEST_TEXT = 5000


class ProposalForm(KeyedForm):
    """What the members are asked, in words that can be answered with yes or no."""

    title = text_field(_l("What is proposed"), most=120, required=_l("Say in one line what is proposed."))
    text = text_field(
        _l("Why, and what follows"),
        most=LONGEST_TEXT,
        required=_l("Say why, and what follows from a yes."),
        lines=True,
    )


class PayForm(DureForm):
    """One of the person's own payment methods."""

    method = RadioField(
        _l("Payment method"),
        validators=[InputRequired(_l("Choose one of your payment methods."))],
        validate_choice=False,
    )

    def __init__(self, formdata: Any = None, *, methods: list[PaymentMethod], **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.method.choices = [(method.id, method.label) for method in methods]
        self.method.flags.required = True
        if not formdata and methods:
            self.method.data = methods[0].id

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        if not self.method.choices:
            self.form_errors.append(_("Save a payment method first."))
            return False
        return bool(super().validate(*args, **kwargs))


@dataclass
class Use:
    """One line of the form: a member, what was typed as their use, and what is wrong with it."""

    member: Member
    typed: str
    number: int = 0
    error: str | None = None

    @property
    def field(self) -> str:
        return f"use-{self.member.number}"


class SurplusForm(KeyedForm):
    """A year's surplus and who used how much; after :meth:`validate` the numbers are in ``amount_minor``,
    ``percent_number``, ``others`` and :attr:`use`."""

    year = SelectField(_l("Fiscal year"), validate_choice=False)
    amount = StringField(_l("Surplus"), filters=[tidy], validators=[one_line])
    percent = StringField(_l("Part that follows the use, in percent"), filters=[tidy], validators=[one_line])
    others_use = StringField(_l("Use by people who are no members"), filters=[tidy], validators=[one_line])
    note = text_field(_l("A few words to the members"), most=LONGEST_TEXT, lines=True)

    def __init__(
        self, formdata: Any = None, *, cooperative: Cooperative, years: list[datetime], **kwargs: Any
    ) -> None:
        super().__init__(formdata, **kwargs)
        self.cooperative = cooperative
        self.years = {end.isoformat(): end for end in years}
        self.year.choices = [
            (value, _("to %(day)s", day=day(last_day(end)))) for value, end in self.years.items()
        ]
        for field in (self.year, self.amount, self.percent):
            field.flags.required = True
        given: Mapping[str, str] = formdata or {}
        self.uses = [
            Use(member, (given.get(f"use-{member.number}") or "").strip()[:40])
            for member in cooperative.members
        ]
        if not formdata:
            self.percent.data = "60"
        self.amount_minor = self.percent_number = self.others = 0

    @property
    def year_ends_at(self) -> datetime:
        return self.years[self.year.data]

    @property
    def use(self) -> dict[str, int]:
        """Each member's use by person id."""
        return {use.member.person_id: use.number for use in self.uses}

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        if self.year.data not in self.years:
            fine = self.say(self.year, _("Choose a fiscal year from the list."))
        try:
            self.amount_minor = read_money(self.amount.data or "", self.cooperative.currency)
        except BadAmount as bad:
            fine = self.say(self.amount, str(bad))
        percent = whole((self.percent.data or "").removesuffix("%"))
        if percent is None or not 50 <= percent <= 100:
            fine = self.say(self.percent, _("Write a whole number from 50 to 100."))
        self.percent_number = percent or 0
        others = whole(self.others_use.data or "0")
        if others is None:
            fine = self.say(self.others_use, _("Write a whole number in digits."))
        self.others = others or 0
        return self.read_uses() and fine

    def say(self, field: Any, sentence: str) -> bool:
        field.errors = [*field.errors, sentence]
        return False

    def read_uses(self) -> bool:
        for use in self.uses:
            number = whole(use.typed or "0")
            if number is None:
                use.error = str(_("Write a whole number in digits."))
            use.number = number or 0
        wrong = [use for use in self.uses if use.error]
        if wrong:
            names = ", ".join(str(use.member.number) for use in wrong[:10])
            self.form_errors.append(_("Check the use of member %(numbers)s.", numbers=names))
        return not wrong


def whole(text: str) -> int | None:
    """A whole number that is not negative, thousands separators allowed; None when it is none."""
    cleaned = text.replace(",", "").replace(" ", "")
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) > 12:
        return None
    return int(cleaned) if int(cleaned) <= MOST_USE else None
