"""The form that takes money out of a purse."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from app import money
from app.money import NotMoney, parse_major, to_major
from app.web.amounts import money_problem
from app.web.forms import KeyedForm, one_line, tidy


class PayoutForm(KeyedForm):
    """How much goes out, in major units; after :meth:`validate`, ``minor`` is it in minor units."""

    amount = StringField(_l("Amount"), filters=[tidy], validators=[one_line])
    currency = HiddenField(_l("Currency"), filters=[tidy])

    def __init__(self, formdata: Any = None, *, currency: str = "", free: int = 0, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.minor = 0
        self.amount.flags.required = True
        if not formdata:
            self.currency.data = currency
            self.amount.data = f"{to_major(free, currency):f}" if currency and free > 0 else ""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        if self.amount.errors:
            return False
        currency = self.currency.data if self.currency.data in money.CURRENCIES else "KRW"
        try:
            self.minor = parse_major(self.amount.data or "", currency)
        except NotMoney as bad:
            empty = str(_("Write how much you want to take out."))
            self.amount.errors = [*self.amount.errors, money_problem(bad, currency, empty=empty)]
            return False
        return fine
