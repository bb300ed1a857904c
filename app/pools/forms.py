"""The form of a sponsor."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from app.pledges.amounts import BadAmount, read_money
from app.web.forms import NO, KeyedForm, NameField, one_line, tidy


class PoolForm(KeyedForm):
    """How much, under what name, from where; after :meth:`validate`, ``minor`` is it in minor units."""

    amount = StringField(
        _l("Amount"),
        filters=[tidy],
        validators=[Length(max=40, message=_l("Write the amount in digits.")), one_line],
    )
    name = NameField(_l("Your name, as everybody reads it"))
    from_purse = BooleanField(_l("Pay from my purse"), false_values=NO)
    payment_method = HiddenField(_l("Payment method"), filters=[tidy], validators=[one_line])

    def __init__(self, formdata: Any = None, *, currency: str = "", **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.currency, self.minor = currency, 0
        self.amount.flags.required = True

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        if self.amount.errors:
            return False
        try:
            self.minor = read_money(self.amount.data or "", self.currency)
        except BadAmount as bad:
            self.amount.errors = [*self.amount.errors, str(bad)]
            return False
        return fine
