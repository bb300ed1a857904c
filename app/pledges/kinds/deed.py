"""Deed: hours, skills, things. "I will, if N others do": no money, a promise that falls due when all hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from .base import (
    Asks,
    BadPromise,
    Conditions,
    Duty,
    Kind,
    Offer,
    Others,
    Promise,
    Question,
    Speech,
)
from .others import KOREA, end_of_day, try_out

HOURS, PEOPLE, THINGS = "hours", "people", "things"
WHAT: Final = (HOURS, PEOPLE, THINGS)

SOME_HOURS: Final = (2, 4, 8)
MOST_HOURS: Final = 200
"""As many hours one person may promise to one action."""
MOST_THINGS: Final = 50
MOST_WANTED: Final = 1_000_000
MOST_DAYS: Final = 365
MOST_HOURS_EACH: Final = 24
LONGEST_DEED, LONGEST_TEXT, MOST_SKILLS = 120, 120, 20

DEED, RETURN = "deed", "return"
"""The names of a pledge's two duties: to do it, and to bring back what was lent."""


class Deed(Kind):
    """Nothing is paid; hours, people or things count towards the threshold, as the organizer chose."""

    name = "deed"
    asks = "whole"
    needs_method = False
    collects = False
    release = "never"
    minds = "own"

    def label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Hours and things")

    def about(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("People promise hours, come in person or lend things, if enough others do. No money moves.")

    def measure(self, terms: Mapping[str, Any]) -> str:
        return "hours" if terms.get("what", HOURS) == HOURS else "units"

    def asks_for(self, terms: Mapping[str, Any]) -> Asks:
        return "nothing" if terms.get("what") == PEOPLE else "whole"

    def amount_label(self, offer: Offer, speech: Speech) -> str:
        _ = speech.gettext
        return _("How many of them?") if offer.terms.get("what") == THINGS else _("Your hours")

    def suggestions(self, offer: Offer) -> tuple[int, ...]:
        return SOME_HOURS if offer.terms.get("what", HOURS) == HOURS else ()

    def target_label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Hours, people or things needed")

    def questions(self, speech: Speech) -> tuple[Question, ...]:
        _ = speech.gettext
        return (
            Question(
                "what",
                _("What do people promise?"),
                "choice",
                _("The target counts hours, people (the first one included) or things."),
                HOURS,
                options=(
                    (HOURS, _("Hours of work")),
                    (PEOPLE, _("To come in person")),
                    (THINGS, _("Things")),
                ),
            ),
            Question(
                "deed",
                _("What does everybody do?"),
                "text",
                _("In one line, such as “Clear the stream for a morning”."),
            ),
            Question(
                "within",
                _("Done within how many days?"),
                "whole",
                _("Counted from the day on which everything holds. Shifts can be planned later."),
                "30",
            ),
            Question(
                "hours_each",
                _("About how many hours is that for one person?"),
                "whole",
                _("Only where people come in person: so many hours earn them points."),
                required=False,
            ),
            Question(
                "back",
                _("Lent things come back after how many days?"),
                "whole",
                _("Only for things: you answer for them until then, and we remind you."),
                required=False,
            ),
            Question(
                "skills",
                _("Skills you look for"),
                "lines",
                _("One on each line. People say which of them they bring."),
                required=False,
            ),
        )

    def read_offer(
        self, target: int, currency: str, given: Mapping[str, Any], speech: Speech
    ) -> dict[str, Any]:
        _ = speech.gettext
        what = given.get("what", HOURS)
        if what not in WHAT:
            raise BadPromise("what", _("Choose hours, people or things."))
        if what == PEOPLE and target < 2:
            raise BadPromise("target", _("Ask for at least two people: one who promises, and one other."))
        if not 1 <= target <= MOST_WANTED:
            raise BadPromise("target", _("Ask for at most %(most)s.", most=speech.number(MOST_WANTED)))
        terms: dict[str, Any] = {
            "what": what,
            "deed": read_text(given, "deed", LONGEST_DEED, speech),
            "within": read_days(given, "within", speech),
        }
        if not terms["deed"]:
            raise BadPromise("deed", _("Say in one line what everybody does."))
        if what == PEOPLE and given.get("hours_each") is not None:
            terms["hours_each"] = read_between(given, "hours_each", 1, MOST_HOURS_EACH, speech)
        if what == THINGS:
            if given.get("back") is None:
                raise BadPromise("back", _("Say after how many days lent things come back."))
            terms["back"] = read_days(given, "back", speech)
        if skills := read_skills(given, speech):
            terms["skills"] = skills
        return terms

    def read(self, asked: int, given: Mapping[str, str], offer: Offer, speech: Speech) -> Promise:
        _ = speech.gettext
        what = offer.terms.get("what", HOURS)
        terms: dict[str, Any] = {"what": what}
        if skill := read_text(given, "skill", LONGEST_TEXT, speech):
            terms["skill"] = skill
        if what == THINGS:
            terms["thing"] = read_text(given, "thing", LONGEST_TEXT, speech)
            if not terms["thing"]:
                raise BadPromise("thing", _("Say what you bring, such as “a ladder”."))
            terms["lent"] = read_lent(given, speech)
            if terms["lent"]:
                terms["back"] = read_back(given, int(offer.terms.get("back", MOST_DAYS)), speech)
        return Promise(asked, None, terms)

    def check(self, promise: Promise, offer: Offer, others: Others, speech: Speech) -> None:
        _ = speech.gettext
        if promise.amount <= 0:
            raise BadPromise("amount", _("Promise at least one."))
        if promise.terms.get("what", HOURS) != offer.terms.get("what", HOURS):
            raise BadPromise("kind", _("This petition asks for something else. Load the page again."))
        what = offer.terms.get("what", HOURS)
        if what == PEOPLE:
            if others.own:
                raise BadPromise("kind", _("You have promised already. Everybody counts once."))
            if promise.amount != 1:
                raise BadPromise("amount", _("You can promise only for yourself: write 1."))
        elif what == THINGS and promise.amount > MOST_THINGS:
            raise BadPromise("amount", _("Promise at most %(most)s things.", most=speech.number(MOST_THINGS)))
        elif what == HOURS and others.own + promise.amount > MOST_HOURS:
            raise BadPromise(
                "amount",
                _("One person can promise at most %(most)s hours here.", most=speech.number(MOST_HOURS)),
            )

    def cost(self, promise: Promise, offer: Offer) -> int:
        return 0

    def minutes(self, promise: Promise, offer: Offer) -> int:
        """Hours are hours; a person counts what the organizer says, one hour unless said; so does a thing."""
        each = int(offer.terms.get("hours_each", 1)) if offer.terms.get("what") == PEOPLE else 1
        return 60 * each * promise.amount

    def duties(self, promise: Promise, offer: Offer, began: datetime) -> tuple[Duty, ...]:
        """The deed itself, and the way back of what was lent; both are due at the end of a day in Korea."""
        measure = self.measure(offer.terms)
        found = [
            Duty(
                "pledger",
                "organizer",
                measure,
                promise.amount,
                days_after(began, int(offer.terms.get("within", 30))),
                DEED,
            )
        ]
        if promise.terms.get("lent"):
            back = int(promise.terms.get("back", offer.terms.get("back", MOST_DAYS)))
            found.append(
                Duty("organizer", "pledger", measure, promise.amount, days_after(began, back), RETURN)
            )
        return tuple(found)

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        """What, if what holds, and that nothing is owed otherwise."""
        _ = speech.gettext
        what = conditions.offer.terms.get("what", HOURS)
        when = {
            "signatures": speech.number(conditions.signatures),
            "target": speech.number(conditions.goal),
            "day": speech.day(conditions.deadline),
        }
        if what == PEOPLE:
            when["others"] = speech.number(max(1, conditions.goal - 1))
            return _(
                "You do it only if %(others)s others do and %(signatures)s people sign by %(day)s. "
                "Until then you can take it back at any time; it costs no money.",
                **when,
            )
        if what == THINGS:
            if promise is None:
                return _(
                    "You bring it only if %(signatures)s people sign and %(target)s things are promised by "
                    "%(day)s. Until then you can take it back at any time; it costs no money.",
                    **when,
                )
            return _(
                "You bring “%(thing)s” only if %(signatures)s people sign and %(target)s things are promised "
                "by %(day)s. Until then you can take it back at any time; it costs no money.",
                thing=str(promise.terms.get("thing", "")),
                **when,
            )
        if promise is None:
            return _(
                "You work only if %(signatures)s people sign and %(target)s hours are promised by %(day)s. "
                "Until then you can take it back at any time; it costs no money.",
                **when,
            )
        return _(
            "You work %(promised)s only if %(signatures)s people sign and %(target)s hours are promised by "
            "%(day)s. Until then you can take it back at any time; it costs no money.",
            promised=self.describe(promise, speech),
            **when,
        )

    def counted(self, value: int, offer: Offer, speech: Speech) -> str:
        _ = speech.gettext
        what, count = offer.terms.get("what", HOURS), speech.number(value)
        if what == PEOPLE:
            return _("1 person") if value == 1 else _("%(count)s people", count=count)
        if what == THINGS:
            return _("1 thing") if value == 1 else _("%(count)s things", count=count)
        return super().counted(value, offer, speech)

    def describe(self, promise: Promise, speech: Speech) -> str:
        _ = speech.gettext
        what, count = promise.terms.get("what", HOURS), speech.number(promise.amount)
        if what == HOURS:
            return _("1 hour") if promise.amount == 1 else _("%(count)s hours", count=count)
        if what == PEOPLE:
            return _("in person")
        thing = str(promise.terms.get("thing", ""))
        if promise.amount == 1:
            return thing
        return _("%(thing)s (%(count)s)", thing=thing, count=count)

    def simulate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """``{"fired", "at"}``, as :func:`~.others.try_out` says."""
        return try_out(given)


def days_after(began: datetime, days: int) -> datetime:
    """The end of the day in Korea that is ``days`` after the one of ``began``."""
    return end_of_day(began.astimezone(KOREA) + timedelta(days=days)).replace(microsecond=0)


def read_text(given: Mapping[str, Any], name: str, most: int, speech: Speech) -> str:
    _ = speech.gettext
    text = " ".join(str(given.get(name) or "").split())
    if not text.isprintable():
        raise BadPromise(name, _("Remove the invisible control characters from this text."))
    if len(text) > most:
        raise BadPromise(name, _("Shorten this to %(most)s characters.", most=speech.number(most)))
    return text


def read_between(given: Mapping[str, Any], name: str, least: int, most: int, speech: Speech) -> int:
    _ = speech.gettext
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadPromise(
            name,
            _(
                "Write a whole number from %(least)s to %(most)s.",
                least=speech.number(least),
                most=speech.number(most),
            ),
        )
    return value


def read_days(given: Mapping[str, Any], name: str, speech: Speech) -> int:
    return read_between(given, name, 1, MOST_DAYS, speech)


def read_skills(given: Mapping[str, Any], speech: Speech) -> list[str]:
    _ = speech.gettext
    lines = [" ".join(line.split()) for line in str(given.get("skills") or "").splitlines()]
    skills = list(dict.fromkeys(line for line in lines if line))
    if len(skills) > MOST_SKILLS or any(len(skill) > LONGEST_TEXT for skill in skills):
        raise BadPromise("skills", _("List at most 20 skills, in a few words each."))
    return skills


def read_lent(given: Mapping[str, str], speech: Speech) -> bool:
    _ = speech.gettext
    lent = given.get("lent") or "lend"
    if lent not in {"lend", "give"}:
        raise BadPromise("lent", _("Say whether you lend it or give it away."))
    return lent == "lend"


def read_back(given: Mapping[str, str], latest: int, speech: Speech) -> int:
    """After how many days the lender wants it back: at most as late as the organizer offers."""
    _ = speech.gettext
    text = (given.get("back") or "").strip()
    if not text:
        return latest
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= latest):
        raise BadPromise(
            "back", _("Write a whole number of days, at most %(most)s.", most=speech.number(latest))
        )
    return int(text)


KIND = Deed()
