"""Thanks for gifts: what an organizer offers from which amount on, and what a giver asks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.money import NotMoney, parse_major

from .base import BadPromise, Offer, Promise, Question, Speech

MOST_TIERS = 10
LONGEST = 80
LONGEST_ADDRESS = 200
LINE = re.compile(r"\s*([^:=]+?)\s*[:=]\s*(\S.*?)\s*")
INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class Tier(NamedTuple):
    """``least`` is the smallest gift, in minor units, that may ask for ``what``."""

    least: int
    what: str


def question(speech: Speech) -> Question:
    """What the organizer is asked."""
    _ = speech.gettext
    return Question(
        "thanks",
        _("Thanks for gifts"),
        "lines",
        _("One line each: from which amount on, a colon, what you send. Such as 30,000: a postcard."),
        required=False,
    )


def read_tiers(text: str, currency: str, speech: Speech) -> list[list[Any]]:
    """The tiers in an organizer's words, the smallest first, as JSON values.

    Raises:
        BadPromise: with the sentence beside ``thanks``.
    """
    _ = speech.gettext
    found: dict[int, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = LINE.fullmatch(line)
        if match is None:
            raise BadPromise("thanks", _("Write each line like this: 30,000: a postcard."))
        try:
            least = parse_major(match[1], currency)
        except NotMoney as bad:
            raise BadPromise("thanks", _("Begin each line with an amount, such as 30,000.")) from bad
        if least in found:
            raise BadPromise(
                "thanks", _("Two lines begin with %(amount)s.", amount=speech.money(least, currency))
            )
        found[least] = one_line("thanks", match[2], LONGEST, speech)
    if len(found) > MOST_TIERS:
        raise BadPromise(
            "thanks", _("Offer at most %(most)s kinds of thanks.", most=speech.number(MOST_TIERS))
        )
    return [[least, found[least]] for least in sorted(found)]


def one_line(field: str, text: str, longest: int, speech: Speech) -> str:
    """A short text as it was written.

    Raises:
        BadPromise: it is too long, or hides characters nobody sees.
    """
    _ = speech.gettext
    text = text.strip()
    if len(text) > longest:
        raise BadPromise(field, _("Shorten this to %(most)s characters.", most=speech.number(longest)))
    if INVISIBLE.search(text):
        raise BadPromise(field, _("Remove the invisible control characters from this text."))
    return text


def tiers_of(offer: Offer) -> list[Tier]:
    """What may be asked for, the smallest gift first."""
    return [Tier(int(least), str(what)) for least, what in offer.terms.get("thanks", ())]


def read_wishes(given: Mapping[str, str], offer: Offer, speech: Speech) -> dict[str, Any]:
    """What a giver asks for, and in whose name the gift is, from the fields of the form.

    Raises:
        BadPromise: with the field and the sentence beside it.
    """
    _ = speech.gettext
    terms: dict[str, Any] = {}
    behalf = one_line("gift_behalf", given.get("gift_behalf", ""), LONGEST, speech)
    if behalf:
        terms["behalf"] = behalf
    chosen, tiers = given.get("gift_thanks", "").strip(), tiers_of(offer)
    if chosen in {"", "0"}:
        return terms
    if not chosen.isascii() or not chosen.isdigit() or len(chosen) > 2 or int(chosen) > len(tiers):
        raise BadPromise("gift_thanks", _("Choose one of the thanks that are offered, or none."))
    address = one_line("gift_to", given.get("gift_to", ""), LONGEST_ADDRESS, speech)
    if not address:
        raise BadPromise("gift_to", _("Write where it should go. Only the organizer reads it."))
    return terms | {"thanks": tiers[int(chosen) - 1].what, "to": address}


def check_wishes(promise: Promise, offer: Offer, speech: Speech) -> None:
    """Refuse what is not offered, or not for a gift of this size.

    Raises:
        BadPromise: with the field and the sentence beside it.
    """
    _ = speech.gettext
    terms = promise.terms
    if not set(terms) <= {"thanks", "to", "behalf"} or ("thanks" in terms) != ("to" in terms):
        raise BadPromise("kind", _("A gift has no such terms."))
    if "thanks" not in terms:
        return
    tier = next((tier for tier in tiers_of(offer) if tier.what == terms["thanks"]), None)
    if tier is None:
        raise BadPromise("gift_thanks", _("Choose one of the thanks that are offered, or none."))
    if promise.amount < tier.least:
        raise BadPromise(
            "gift_thanks",
            _(
                "This is for gifts from %(least)s on. Give that much, or choose another.",
                least=speech.money(tier.least, offer.currency),
            ),
        )
