"""The form that changes a subscription's amount or limit."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from app.pledges.amounts import BadAmount, read_money
from app.web.forms import DureForm, one_line, tidy


class AmountForm(DureForm):
    """An amount a month in major units; ``no_limit`` does without where people pay for one another.

    After :meth:`validate`, ``minor`` is the amount in minor units, None without a limit.
    """

    amount = StringField(
        _l("Amount a month"),
        filters=[tidy],
        validators=[Length(max=40, message=_l("Write the amount in digits.")), one_line],
    )
    no_limit = BooleanField(_l("No limit: I pay whatever the crowd is worth"))

    def __init__(self, formdata: Any = None, *, currency: str, crowd: bool, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.currency = currency
        self.crowd = crowd
        self.minor: int | None = None
        self.amount.flags.required = not crowd
        if crowd:
            self.amount.label.text = _l("The most you pay a month")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        if not super().validate(*args, **kwargs):
            return False
        if self.crowd and self.no_limit.data:
            return True
        try:
            self.minor = read_money(self.amount.data or "", self.currency)
        except BadAmount as bad:
            self.amount.errors = [*self.amount.errors, str(bad)]
            return False
        return True
