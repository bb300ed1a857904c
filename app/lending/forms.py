"""The borrower's forms: a payment, and another schedule."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from app.money import to_major
from app.payments.models import PaymentMethod
from app.pledges.amounts import BadAmount, read_money, read_whole
from app.web.forms import KeyedForm, one_line, text_field, tidy


class PaymentForm(KeyedForm):
    """How much the borrower pays now, in major units, and how; ``minor`` is it after :meth:`validate`."""

    amount = StringField(_l("Amount"), filters=[tidy], validators=[one_line])
    method = RadioField(_l("Payment method"), validate_choice=False)

    def __init__(
        self,
        formdata: Any = None,
        *,
        currency: str,
        methods: list[PaymentMethod],
        wanted: int = 0,
        chosen: str | None = None,
    ) -> None:
        super().__init__(formdata)
        self.currency, self.minor = currency, 0
        self.method.choices = [(method.id, method.label) for method in methods]
        self.amount.flags.required = self.method.flags.required = True
        self.known = [method.id for method in methods]
        if not formdata:
            self.amount.data = f"{to_major(wanted, currency):f}" if wanted else ""
            self.method.data = chosen if chosen in self.known else next(iter(self.known), None)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        if self.method.data not in self.known:
            self.method.errors = [*self.method.errors, _("Save a payment method first.")]
            fine = False
        if self.amount.errors:
            return False
        try:
            self.minor = read_money(self.amount.data or "", self.currency)
        except BadAmount as bad:
            self.amount.errors = [*self.amount.errors, str(bad)]
            return False
        return fine


class RescheduleForm(KeyedForm):
    """The rest in other instalments, and why; ``count`` and ``months`` are whole numbers after validation."""

    instalments = StringField(_l("Monthly instalments for the rest"), filters=[tidy], validators=[one_line])
    first_after = StringField(_l("Months until the first of them"), filters=[tidy], validators=[one_line])
    reason = text_field(
        _l("Why"), most=2000, lines=True, required=_l("Tell the lenders why they should agree.")
    )

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.count = self.months = 0
        self.instalments.flags.required = self.first_after.flags.required = True

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        self.count, self.months = self.whole(self.instalments), self.whole(self.first_after)
        return fine and self.count > 0 and self.months > 0

    def whole(self, field: Any) -> int:
        """The number written there, or 0 with the sentence beside it."""
        if field.errors:
            return 0
        try:
            return read_whole(field.data or "")
        except BadAmount as bad:
            field.errors = [*field.errors, str(bad)]
            return 0
