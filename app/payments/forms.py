"""The form that names an account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.web.forms import DureForm, text_field


class PayeeForm(DureForm):
    """The account that payouts go to."""

    label = text_field(_l("Bank and account holder"), most=60, required=_l("Name the bank and the holder."))
    number = text_field(_l("Account number"), most=40, required=_l("Write the account number."))
