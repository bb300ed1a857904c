"""The form that takes money out of a purse."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from app import money
from app.money import NotMoney, parse_major, to_major
from app.web.formatting import format_money
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
            self.amount.errors = [*self.amount.errors, sentence_for(bad.code, currency)]
            return False
        return fine


def sentence_for(code: str, currency: str) -> str:
    """What to do about an amount that was refused."""
    smallest = format_money(1, currency)
    if code == "empty":
        return str(_("Write how much you want to take out."))
    if code == "fraction":
        return str(_("Write an amount without a fraction of %(smallest)s.", smallest=smallest))
    if code in {"not_positive", "too_large"}:
        return str(_("Write an amount of at least %(smallest)s.", smallest=smallest))
    return str(_("Write the amount in digits, such as %(example)s.", example="10,000"))
