"""What to do about an amount that :mod:`app.money` refused, as one sentence: the same in every form."""

from __future__ import annotations

from flask_babel import gettext as _

from app.money import CURRENCIES, LARGEST, NotMoney, exponent

from .formatting import format_money, number


def money_problem(error: NotMoney, currency: str, *, empty: str = "", most: int = LARGEST) -> str:
    """The sentence for the person; ``empty`` is what to say where nothing was written.

    ``most`` is the largest amount the form takes, in minor units.
    """
    if error.code == "currency" or currency not in CURRENCIES:
        return str(_("Choose a currency from the list."))
    smallest = format_money(1, currency)
    return {
        "empty": empty or str(_("Write the amount.")),
        "fraction": str(_("Write an amount without a fraction of %(smallest)s.", smallest=smallest)),
        "not_positive": str(_("Write an amount of at least %(smallest)s.", smallest=smallest)),
        "too_large": str(_("Write an amount of at most %(most)s.", most=format_money(most, currency))),
        "malformed": str(_("Write the amount in digits, such as %(example)s.", example=example_in(currency))),
    }[error.code]


def example_in(currency: str) -> str:
    """An amount as a person may write it in major units: 30,000 won, 30 dollars."""
    return number(30 if exponent(currency) else 30_000)
