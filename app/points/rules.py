"""What one deed is worth: the event every point comes from, and the formulas that price it.

Every amount of points is a whole number of mp (1 point = 1000 mp); every amount of money is whole won. The
source of the formulas is the project's points rules; ``tests/vectors/reputation_v1.json`` pins them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

EventClass: TypeAlias = Literal["support", "organise", "care", "penalty"]
EarningClass: TypeAlias = Literal["support", "organise", "care"]
EARNING_CLASSES: Final[tuple[EarningClass, ...]] = get_args(EarningClass)

MP_PER_POINT: Final = 1000
QUARTER_DAYS: Final = 90

EFFORT_CAP_MP: Final = 20_000
HOUR_WON: Final = 10_000
EARLY_BONUS_MP: Final = 4000

SIGNATURE_MP: Final = 1000
SIGNATURE_FOR_ORGANIZER_MP: Final = 200
CONSOLATION_MP: Final = 500
CONSOLATIONS_A_QUARTER: Final = 3
THANKS_GIVEN_MP: Final = 200
THANKS_RECEIVED_MP: Final = 1000
THANKS_A_WEEK: Final = 5
MISSED_MILESTONE_LOSS_MP: Final = 10_000
FRAUD_LOSS_MP: Final = 50_000

DIMINISHING_MP: Final[Mapping[EarningClass, int]] = MappingProxyType(
    {"support": 15_000, "organise": 15_000, "care": 5000}
)
CLASS_CAP_MP: Final[Mapping[EarningClass, int]] = MappingProxyType(
    {"support": 80_000, "organise": 80_000, "care": 40_000}
)
DAILY_LIGHT_CAP_MP: Final[Mapping[EarningClass, int | None]] = MappingProxyType(
    {"support": 10_000, "organise": None, "care": 5000}
)
QUARTER_CAP_MP: Final = 150_000


@dataclass(frozen=True)
class PointEvent:
    """One row of the points ledger: ``person`` earned (or lost) ``mp`` on ``day`` because of ``action``.

    ``day`` counts whole days from any fixed start. ``counterparty`` is the other side of the deed, None
    where there is none. ``cluster`` names the household (or shared card, or device) the counterparty
    belongs to and is the counterparty itself when left out. ``light`` deeds share a daily cap. A
    ``penalty`` carries its loss as a positive ``mp``. An event with ``voids`` takes back the event of that
    id and is itself worth nothing.

    Raises ValueError for a negative ``mp``.
    """

    id: str
    day: int
    person: str
    counterparty: str | None
    action: str
    class_: EventClass
    mp: int
    light: bool = False
    voids: str | None = None
    cluster: str | None = None

    def __post_init__(self) -> None:
        """Refuse a negative amount: a loss is a positive ``mp`` of class ``penalty``."""
        if self.mp < 0:
            raise ValueError(
                f"event {self.id!r}: mp must not be negative; a loss is a penalty with a positive mp"
            )

    @property
    def kin(self) -> str | None:
        """κ(v): the cluster of the counterparty, None where there is no counterparty."""
        if self.counterparty is None:
            return None
        return self.counterparty if self.cluster is None else self.cluster


def quarter_of(day: int) -> int:
    """Return the number of the 90-day quarter ``day`` falls in; quarter E covers days 90·E to 90·E + 89."""
    return day // QUARTER_DAYS


def effort_mp(cumulative_won: int) -> int:
    """Return f(a) = min(20000, isqrt(1000·a)) mp for ``a`` won given so far by one person in one action.

    Raises ValueError for a negative sum.
    """
    if cumulative_won < 0:
        raise ValueError("an effort is never negative")
    return min(EFFORT_CAP_MP, isqrt(1000 * cumulative_won))


def effort_increment(before_won: int, amount_won: int) -> int:
    """Return f(before + amount) − f(before) mp, so that giving in parts earns what giving at once earns.

    Raises ValueError for a negative sum or amount.
    """
    if amount_won < 0:
        raise ValueError("an effort is never negative")
    return effort_mp(before_won + amount_won) - effort_mp(before_won)


def hours_as_won(minutes: int) -> int:
    """Return the won that ``minutes`` of confirmed volunteering count as: 10,000 an hour, rounded down.

    Raises ValueError for a negative time.
    """
    if minutes < 0:
        raise ValueError("an effort is never negative")
    return HOUR_WON * minutes // 60


def capture_half(effort: int) -> int:
    """Return the mp a supporter earns when the pledge worth ``effort`` mp is kept: ⌊f/2⌋."""
    return effort // 2


def delivery_half(effort: int) -> int:
    """Return the mp that wait for delivery: f − ⌊f/2⌋, so that both halves make exactly f."""
    return effort - capture_half(effort)


def split_over_plan(total_mp: int, shares: Sequence[int]) -> list[int]:
    """Split ``total_mp`` over the milestones of a plan, in the plan's order.

    ``shares`` are whole weights in any one unit (percent, won…). Each part is rounded down and the last
    milestone takes the remainder, so the parts always make ``total_mp``.

    Raises ValueError for an empty plan, a negative share, shares that sum to nothing, or a negative total.
    """
    whole = sum(shares)
    if total_mp < 0 or whole <= 0 or min(shares) < 0:
        raise ValueError("a plan needs shares that are not negative and sum to more than nothing")
    parts = [total_mp * share // whole for share in shares[:-1]]
    return [*parts, total_mp - sum(parts)]


def supporter_delivery_mp(effort: int, shares: Sequence[int]) -> list[int]:
    """Return what each accepted milestone gives the supporter of a pledge worth ``effort`` mp: m·f/2."""
    return split_over_plan(delivery_half(effort), shares)


def organizer_delivery_mp(effort: int, shares: Sequence[int]) -> list[int]:
    """Return what each accepted milestone gives the organizer for a pledge worth ``effort`` mp: m·f."""
    return split_over_plan(effort, shares)


def early_bonus(rank: int, target: int) -> int:
    """Return ⌊4000·(T−r+1)²/T²⌋ mp for signature ``rank`` of ``target`` T, nothing beyond.

    Raises ValueError for a rank or a target below 1.
    """
    if rank < 1 or target < 1:
        raise ValueError("ranks and targets count from 1")
    ahead = max(0, target - rank + 1)
    return EARLY_BONUS_MP * ahead * ahead // (target * target)


def broken_pledge_loss(effort: int) -> int:
    """Return the loss, in mp, of breaking a pledge worth ``effort`` mp: 2f."""
    return 2 * effort


def third_party_bonus(effort: int) -> int:
    """Return the extra mp, a quarter of f, for a funded organizer who backs a third party within 180 days."""
    return effort // 4
