"""How many pledges a goal needs once some cards fail: a sentence for the organizer."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.petitions.models import Petition
from app.pledges.wording import collects_money, counted
from app.web.formatting import number

from .oversubscription import chance_of_enough, pledges_for

USUAL = {"KRW": 10_000, "JPY": 1_000, "USD": 1_000, "EUR": 1_000, "GBP": 1_000}
"""What one pledge is taken to be, in minor units, as long as there is none to look at."""
FEWEST_PLEDGES, MOST_PLEDGES = 10, 1_000_000


@dataclass(frozen=True)
class Forecast:
    """``needed`` pledges must work; ``even``, ``likely`` and ``sure`` are how many to gather for that."""

    needed: int
    even: int
    likely: int
    sure: int
    sentence: str


def forecast(petition: Petition) -> Forecast | None:
    """The forecast for what this petition collects.

    None once it has fired, where nothing is collected, and where pledges are so few or so many that the
    sentence says nothing.
    """
    if petition.fired_at is not None:
        return None
    money = next((t for t in petition.pledge_thresholds if collects_money([t])), None)
    if money is None:
        return None
    first_guess = USUAL.get(money.currency or "", 1_000) if money.measure == "money" else 1
    usual = money.tally // money.contributors if money.contributors else first_guess
    needed = -(-money.target // max(1, usual))
    if not FEWEST_PLEDGES <= needed <= MOST_PLEDGES:
        return None
    even, likely, sure = (pledges_for(needed, chance) for chance in (0.5, 0.95, 0.99))
    sentence = _(
        "3 to 10%% of cards fail when they are finally charged. If pledges are about %(usual)s each, "
        "%(needed)s of them make the goal: %(even)s pledges give even odds, "
        "%(likely)s give %(likely_chance)s%%, %(sure)s give %(sure_chance)s%%.",
        usual=counted(money, usual),
        needed=number(needed),
        even=number(even),
        likely=number(likely),
        likely_chance=per_cent(likely, needed),
        sure=number(sure),
        sure_chance=per_cent(sure, needed),
    )
    return Forecast(needed, even, likely, sure, sentence)


def per_cent(pledges: int, needed: int) -> str:
    """The chance with one decimal place, never rounded up to certainty."""
    tenths = min(999, round(chance_of_enough(pledges, needed) * 1000))
    return f"{tenths // 10}.{tenths % 10}"
