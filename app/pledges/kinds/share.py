"""Share: a part of a co-operative, in fixed units. One member has one vote, however many units they hold.

Units go to members in the order of the pledges; the bounds are those of :mod:`.cooperative`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.money import LARGEST

from .base import (
    BadPromise,
    Conditions,
    Held,
    Impossible,
    Kind,
    Offer,
    Others,
    Promise,
    Question,
    Settlement,
    Speech,
)
from .cooperative import (
    FEWEST_FOUNDERS,
    LARGEST_CAP_PERCENT,
    LARGEST_DIVIDEND_PERCENT,
    LEAST_PATRONAGE_PERCENT,
    LEAST_RESERVE_PERCENT,
    MOST_UNITS,
    Rules,
    Split,
    issue,
    issue_whole,
    rules_of,
    shares,
    split_surplus,
    words_above_cap,
)


class Share(Kind):
    """Units of a co-operative's capital."""

    name = "share"
    asks = "whole"
    waits_for_all = True
    counts_by_sum = False
    minds = "own"

    def label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Co-operative shares")

    def about(self, speech: Speech) -> str:
        _ = speech.gettext
        return _(
            "People found a co-operative: they buy shares of one price and decide together, "
            "one member, one vote."
        )

    def measure(self, terms: Mapping[str, Any]) -> str:
        return "units"

    def amount_label(self, offer: Offer, speech: Speech) -> str:
        _ = speech.gettext
        price = speech.money(rules_of(offer.terms).unit, offer.currency)
        return _("Number of shares, %(price)s each", price=price)

    def suggestions(self, offer: Offer) -> tuple[int, ...]:
        return tuple(count for count in (1, 2, 5, 10) if count <= rules_of(offer.terms).cap)

    def target_label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Shares needed")

    def questions(self, speech: Speech) -> tuple[Question, ...]:
        _ = speech.gettext
        return (
            Question("unit", _("Price of one share"), "money", _("The same for everybody.")),
            Question(
                "total_units",
                _("Shares in all"),
                "whole",
                _("As many as there will ever be. Empty: as many as the goal asks for."),
                required=False,
            ),
            Question(
                "founders",
                _("Founding members"),
                "whole",
                _("The plan starts with at least this many members; the law asks for five."),
                start=str(FEWEST_FOUNDERS),
            ),
            Question(
                "cap_percent",
                _("The most one member may hold, in percent of all shares"),
                "whole",
                _("At most 30."),
                start=str(LARGEST_CAP_PERCENT),
            ),
            Question(
                "reserve_percent",
                _("Reserve, in percent of each surplus"),
                "whole",
                _("At least 10, until the reserve is three times the paid-in capital."),
                start=str(LEAST_RESERVE_PERCENT),
            ),
            Question(
                "dividend_cap_percent",
                _("The most a share earns in a year, in percent of its price"),
                "whole",
                _("At most 10. At least half of what is distributed follows how much each member uses."),
                start=str(LARGEST_DIVIDEND_PERCENT),
            ),
            Question(
                "quorum_percent",
                _("Quorum of a vote, in percent of the members"),
                "whole",
                _("With fewer votes than this, nothing is decided."),
                start="50",
            ),
            Question(
                "year_ends",
                _("Last month of the fiscal year"),
                "choice",
                _("Whoever leaves is paid back after it; a surplus is distributed after it."),
                start="12",
                options=quarters(speech),
            ),
        )

    def read_offer(
        self, target: int, currency: str, given: Mapping[str, Any], speech: Speech
    ) -> dict[str, Any]:
        _ = speech.gettext
        rules = Rules(
            unit=int(given.get("unit", 0)),
            total_units=int(given.get("total_units", target)),
            founders=int(given.get("founders", FEWEST_FOUNDERS)),
            cap_percent=int(given.get("cap_percent", LARGEST_CAP_PERCENT)),
            reserve_percent=int(given.get("reserve_percent", LEAST_RESERVE_PERCENT)),
            dividend_cap_percent=int(given.get("dividend_cap_percent", LARGEST_DIVIDEND_PERCENT)),
            quorum_percent=int(given.get("quorum_percent", 50)),
            year_ends=int(given.get("year_ends", 12)),
        )
        problems = (
            (rules.unit < 1, "unit", _("Say what one share costs.")),
            (
                rules.total_units < target,
                "total_units",
                _("There must be at least as many shares as the goal asks for."),
            ),
            (
                rules.total_units > MOST_UNITS,
                "total_units",
                _("Make fewer, dearer shares: a million at most."),
            ),
            (
                rules.unit * rules.total_units > LARGEST,
                "unit",
                _("All shares together may cost %(most)s at most.", most=speech.money(LARGEST, currency)),
            ),
            (rules.founders < FEWEST_FOUNDERS, "founders", _("A co-operative needs at least five founders.")),
            (
                rules.founders > target,
                "founders",
                _("Every founder holds at least one share, so there must be as many in the goal."),
            ),
            (
                not 1 <= rules.cap_percent <= LARGEST_CAP_PERCENT,
                "cap_percent",
                _("One member may hold between 1 and 30 percent of all shares."),
            ),
            (
                rules.cap < 1,
                "cap_percent",
                _("So little is less than one share; allow more, or make more shares."),
            ),
            (
                not LEAST_RESERVE_PERCENT <= rules.reserve_percent <= 100,
                "reserve_percent",
                _("Reserve between 10 and 100 percent of each surplus."),
            ),
            (
                not 0 <= rules.dividend_cap_percent <= LARGEST_DIVIDEND_PERCENT,
                "dividend_cap_percent",
                _("A share may earn between 0 and 10 percent of its price in a year."),
            ),
            (
                not 1 <= rules.quorum_percent <= 100,
                "quorum_percent",
                _("The quorum is between 1 and 100 percent of the members."),
            ),
            (rules.year_ends not in {3, 6, 9, 12}, "year_ends", _("Choose one of these months.")),
        )
        for wrong, field, sentence in problems:
            if wrong:
                raise BadPromise(field, sentence)
        return {name: getattr(rules, name) for name in Rules.__dataclass_fields__}

    def check(self, promise: Promise, offer: Offer, others: Others, speech: Speech) -> None:
        _ = speech.gettext
        rules = rules_of(offer.terms)
        if promise.amount < 1:
            raise BadPromise("amount", _("Take at least one share."))
        if promise.terms:
            raise BadPromise("kind", _("A share has no terms of its own."))
        if others.own + promise.amount > rules.cap:
            raise BadPromise("amount", words_above_cap(rules, others.own, speech))

    def cost(self, promise: Promise, offer: Offer) -> int:
        return promise.amount * rules_of(offer.terms).unit

    def settle(self, offer: Offer, held: Sequence[Held]) -> Settlement:
        """Units in the order of the pledges, up to each person's cap and the number of units there are."""
        rules = rules_of(offer.terms)
        got = issue(rules, [(pledge.id, pledge.person, pledge.promise.amount) for pledge in held])
        members = {pledge.person for pledge in held if got[pledge.id]}
        return Settlement(
            sum(got.values()) >= offer.target and len(members) >= rules.founders,
            {pledge_id: units * rules.unit for pledge_id, units in got.items()},
            {pledge_id: {"got": units} for pledge_id, units in got.items()},
        )

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        _ = speech.gettext
        rules = rules_of(conditions.offer.terms)
        when = {
            "signatures": speech.number(conditions.signatures),
            "units": speech.number(conditions.goal),
            "founders": speech.number(rules.founders),
            "day": speech.day(conditions.deadline),
        }
        if promise is None:
            return _(
                "You pay %(unit)s a share only if %(signatures)s people sign and at least %(founders)s "
                "members take %(units)s shares together by %(day)s. "
                "Until then you can take it back at any time.",
                unit=speech.money(rules.unit, conditions.currency),
                **when,
            )
        return _(
            "You pay %(amount)s for %(own)s only if %(signatures)s people sign and at least %(founders)s "
            "members take %(units)s shares together by %(day)s. "
            "Until then you can take it back at any time.",
            amount=speech.money(self.cost(promise, conditions.offer), conditions.currency),
            own=self.describe(promise, speech),
            **when,
        )

    def counted(self, value: int, offer: Offer, speech: Speech) -> str:
        return shares(value, speech)

    def describe(self, promise: Promise, speech: Speech) -> str:
        return shares(promise.amount, speech)

    def simulate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        rules, target = read_rules(given)
        pledges = read_pledges(given.get("pledges"))
        declined = set(read_list(given.get("declined", []), "declined"))
        got = issue_whole(rules, pledges, declined)
        refused = [
            person
            for (person, _units), units in zip(pledges, got, strict=True)
            if not units and person not in declined
        ]
        units: dict[str, int] = {}
        for (person, _units), number in zip(pledges, got, strict=True):
            if number:
                units[person] = units.get(person, 0) + number
        fired = sum(units.values()) >= target and len(units) >= rules.founders
        surplus = read_whole(given.get("surplus", 0), "surplus")
        percent = read_whole(given.get("patronage_percent", LEAST_PATRONAGE_PERCENT), "patronage_percent")
        if not LEAST_PATRONAGE_PERCENT <= percent <= 100:
            raise Impossible("patronage_percent must be between 50 and 100.")
        use = read_use(given.get("use", {}), {person for person, _units in pledges})
        reserved = read_whole(given.get("reserved", 0), "reserved")
        if fired:
            split = split_surplus(surplus, units, use, rules, patronage_percent=percent, reserved=reserved)
        else:
            split = Split(0, {}, {}, 0)
        return {
            "fired": fired,
            "refused": list(dict.fromkeys(refused)),
            "reserve": split.reserve,
            "patronage": dict(split.patronage),
            "dividend": dict(split.dividend),
            "retained": split.retained,
        }


def quarters(speech: Speech) -> tuple[tuple[str, str], ...]:
    """The months a fiscal year may end with."""
    _ = speech.gettext
    return ("12", _("December")), ("3", _("March")), ("6", _("June")), ("9", _("September"))


def read_rules(given: Mapping[str, Any]) -> tuple[Rules, int]:
    """The rules of a trial, and how many units have to be taken.

    Raises:
        Impossible: they contradict each other or the law.
    """
    terms = given.get("terms")
    if not isinstance(terms, Mapping):
        raise Impossible("terms must say unit and total_units.")
    rules = Rules(
        unit=read_whole(terms.get("unit"), "unit", least=1),
        total_units=read_whole(terms.get("total_units"), "total_units", least=1),
        founders=read_whole(terms.get("founders", FEWEST_FOUNDERS), "founders", least=FEWEST_FOUNDERS),
        cap_percent=read_whole(terms.get("cap_percent", LARGEST_CAP_PERCENT), "cap_percent", least=1),
        reserve_percent=read_whole(
            given.get("reserve_percent", LEAST_RESERVE_PERCENT),
            "reserve_percent",
            least=LEAST_RESERVE_PERCENT,
        ),
        dividend_cap_percent=read_whole(
            given.get("dividend_cap_percent", LARGEST_DIVIDEND_PERCENT), "dividend_cap_percent"
        ),
    )
    target = read_whole(terms.get("target", rules.total_units), "target", least=1)
    if rules.cap_percent > LARGEST_CAP_PERCENT:
        raise Impossible("cap_percent must be at most 30: no member may hold more of a co-operative.")
    if rules.reserve_percent > 100:
        raise Impossible("reserve_percent must be at most 100.")
    if rules.dividend_cap_percent > LARGEST_DIVIDEND_PERCENT:
        raise Impossible("dividend_cap_percent must be at most 10.")
    if target > rules.total_units:
        raise Impossible("target asks for more units than there are.")
    if rules.founders > rules.total_units:
        raise Impossible("There are fewer units than founders, and every founder holds at least one.")
    if rules.cap < 1:
        raise Impossible("cap_percent of total_units is less than one unit: nobody could become a member.")
    if rules.unit * rules.total_units > LARGEST:
        raise Impossible(f"All units together cost more than {LARGEST}.")
    return rules, target


def read_pledges(given: Any) -> list[tuple[str, int]]:
    """(person, units) of a trial, in order."""
    if not isinstance(given, list) or not all(isinstance(pledge, Mapping) for pledge in given):
        raise Impossible('pledges must be a list of {"person", "units"}.')
    return [
        (read_name(pledge.get("person")), read_whole(pledge.get("units"), "units", least=1))
        for pledge in given
    ]


def read_use(given: Any, people: set[str]) -> dict[str, Fraction]:
    """Each person's part of all use, from percent."""
    if not isinstance(given, Mapping):
        raise Impossible('use must be {"person": percent}.')
    use: dict[str, Fraction] = {}
    for person, percent in given.items():
        if person not in people:
            raise Impossible(f"{person} uses the co-operative but is not among the pledges.")
        if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
            raise Impossible(f"The use of {person} must be between 0 and 100 percent.")
        use[person] = Fraction(str(percent)) / 100
    if sum(use.values(), Fraction(0)) > 1:
        raise Impossible("The members' use adds up to more than 100 percent.")
    return use


def read_list(given: Any, name: str) -> list[str]:
    if not isinstance(given, list):
        raise Impossible(f"{name} must be a list of people.")
    return [read_name(person) for person in given]


def read_name(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise Impossible("Every person needs a name.")
    return given


def read_whole(given: Any, name: str, *, least: int = 0) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= LARGEST:
        raise Impossible(f"{name} must be a whole number of at least {least}.")
    return given


KIND = Share()
