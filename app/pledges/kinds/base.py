"""What every kind of pledge says about itself. Pure: plain values in, plain values out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Protocol

from app.money import to_major

NOTHING: Mapping[str, Any] = MappingProxyType({})

Asks = Literal["money", "whole", "nothing"]
"""What the amount field of the pledge form takes: an amount of money, a whole number, or it is not there."""

Minds = Literal["nobody", "own", "everybody"]
"""Whose pledges decide, too, whether a promise is allowed."""

Release = Literal["milestones", "disbursement", "never"]
"""How collected money goes out: tranche by tranche as steps are accepted, once and whole, or not at all."""


@dataclass(frozen=True)
class Offer:
    """What a petition offers under one pledge threshold.

    ``target`` is in the kind's measure, for money in minor units of ``currency``. ``terms`` are JSON values
    that the kind has read and checked when the petition was launched. ``deadline`` is None only where rules
    are tried out without a petition.
    """

    target: int
    currency: str
    terms: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    deadline: datetime | None = None


@dataclass(frozen=True)
class Promise:
    """What one person promises.

    ``amount`` is in the kind's measure, as it counts towards the threshold; for money in minor units of
    ``currency``. ``terms`` are JSON values that the kind itself has read and checked.
    """

    amount: int
    currency: str | None = None
    terms: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Others:
    """What counts already: ``own`` by the same person, in the measure; ``terms`` those of every pledge that
    the kind minds: the person's own, or everybody's where there are places to give away."""

    own: int = 0
    terms: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Conditions:
    """What has to hold before anything is collected: the petition's targets and its last moment.

    ``starts`` is when somebody who joins an action under way begins to pay; None before it is one.
    """

    signatures: int
    offer: Offer
    deadline: datetime
    starts: datetime | None = None

    @property
    def goal(self) -> int:
        """The target of the kind's measure, for money in minor units of ``currency``."""
        return self.offer.target

    @property
    def currency(self) -> str:
        return self.offer.currency


@dataclass(frozen=True)
class Contribution:
    """What a pledge adds to which threshold."""

    measure: str
    amount: int


@dataclass(frozen=True)
class Held:
    """A pledge that stands when the action is decided; lists of them are in the order of the pledges.

    ``person`` is whose it is, the same for two pledges of one person.
    """

    id: str
    person: str
    promise: Promise


@dataclass(frozen=True)
class Settlement:
    """What the crowd pays in the end.

    ``enough`` says whether the action may begin. ``charges`` are minor units by pledge id, never more than
    the pledge's :meth:`Kind.cost`; a pledge left out, or with 0, is let go. ``terms`` are what each pledge
    got, to be kept with it (``{"got": 3, "price": 11000}``).
    """

    enough: bool
    charges: Mapping[str, int]
    terms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Duty:
    """Something owed after the firing: who owes whom how much of what, by when.

    ``debtor`` and ``creditor`` are roles: ``pledger``, ``organizer`` or ``crowd`` (all who pledged). ``name``
    tells the duties of one pledge, or of one action, apart.
    """

    debtor: str
    creditor: str
    measure: str
    amount: int
    due: datetime
    name: str = ""


@dataclass(frozen=True)
class Question:
    """One field of the organizer's form: what a kind asks of whoever launches a petition with it.

    ``form`` is how it is written: an amount of ``money`` in major units, a ``whole`` number, one line of
    ``text``, several ``lines``, a ``day``, or a ``choice`` of ``options`` (value, words). ``start`` is what
    the field holds before anything is typed.
    """

    name: str
    label: str
    form: Literal["money", "whole", "text", "lines", "day", "choice"]
    hint: str = ""
    start: str = ""
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()


class BadPromise(ValueError):  # noqa: N818
    """The promise or the offer is not valid; ``sentence`` belongs beside the form field ``field``."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class Impossible(ValueError):  # noqa: N818
    """Terms that cannot be tried out: the sentence, in plain English, says why."""


class Speech(Protocol):
    """How values are written in the reader's language."""

    def gettext(self, msgid: str, **params: str) -> str: ...
    def money(self, minor: int, currency: str) -> str: ...
    def number(self, value: int) -> str: ...
    def day(self, at: datetime) -> str: ...


class Kind(ABC):
    """The rules of one kind of pledge; a kind overrides what is different about it.

    As it stands here a pledge is an amount of money, all of it is collected, nothing is owed afterwards.
    ``name`` is what forms and rows carry. ``needs_method`` says whether a payment method has to be saved
    before the pledge counts, ``waits_for_all`` whether the action is decided only after the last try of the
    last card, and ``takes_tips`` whether a tip for the platform may be added.
    """

    name: ClassVar[str]
    asks: ClassVar[Asks] = "money"
    needs_method: ClassVar[bool] = True
    collects: ClassVar[bool] = True
    """Whether money is held at the firing; a petition has one threshold at most that does."""
    release: ClassVar[Release] = "milestones"
    waits_for_all: ClassVar[bool] = False
    takes_tips: ClassVar[bool] = False
    lasts: ClassVar[bool] = False
    """Whether the pledge goes on, ``active``, once the action is under way; people join later, too."""
    counts_by_sum: ClassVar[bool] = True
    """Whether the sum of what is held decides alone; otherwise :meth:`settle` is asked."""
    minds: ClassVar[Minds] = "nobody"
    """Whose pledges :meth:`check` is told of."""

    private_terms: ClassVar[frozenset[str]] = frozenset()
    """Names of terms of a pledge that go when its person is erased."""

    needs_signature: ClassVar[bool] = False
    """Whether the organizer signs the terms, on a page of the kind's own, before anybody can pledge."""
    licence: ClassVar[str] = ""
    """The setting in which an operator states the registration that real money needs, if it needs one."""

    @abstractmethod
    def label(self, speech: Speech) -> str:
        """Two or three words for lists and choices."""

    @abstractmethod
    def about(self, speech: Speech) -> str:
        """One sentence for an organizer who chooses among the kinds."""

    def measure(self, terms: Mapping[str, Any]) -> str:
        """The threshold it counts towards: ``money``, ``hours`` or ``units``."""
        return "money"

    def asks_for(self, terms: Mapping[str, Any]) -> Asks:
        """What the amount field takes under these terms of the offer."""
        return self.asks

    def amount_label(self, offer: Offer, speech: Speech) -> str:
        """What stands above the amount field."""
        return speech.gettext("Your own amount")

    def suggestions(self, offer: Offer) -> tuple[int, ...] | None:
        """Amounts to choose with one press; None leaves them to the currency."""
        return None if self.asks_for(offer.terms) == "money" else ()

    def target_label(self, speech: Speech) -> str:
        """What stands above the organizer's field for the target."""
        _ = speech.gettext
        if self.measure(NOTHING) == "money":
            return _("Money needed")
        return _("Hours needed") if self.measure(NOTHING) == "hours" else _("Units needed")

    def questions(self, speech: Speech) -> tuple[Question, ...]:
        """What the organizer is asked besides the target."""
        return ()

    def answers(self, offer: Offer, speech: Speech) -> dict[str, str]:
        """The organizer's form as it was when it made this offer: what :meth:`read_offer` reads again."""
        return {
            question.name: written(question, offer.terms.get(question.name), offer.currency)
            for question in self.questions(speech)
        }

    def read_offer(
        self, target: int, currency: str, given: Mapping[str, Any], speech: Speech
    ) -> dict[str, Any]:
        """The terms an organizer's form sent, as JSON values.

        ``given`` has what each question was answered with: minor units and whole numbers as int, days as ISO
        text, everything else as text; unanswered questions are left out.

        Raises:
            BadPromise: with the name of the question (or ``target``) and the sentence beside it.
        """
        return {}

    def check_deadline(  # noqa: B027 - any day fits, unless a kind says otherwise
        self, terms: Mapping[str, Any], deadline: datetime, speech: Speech
    ) -> None:
        """Refuse terms whose days do not fit the petition's deadline.

        Raises:
            BadPromise: with the name of the question and the sentence beside it.
        """

    def read(self, asked: int, given: Mapping[str, str], offer: Offer, speech: Speech) -> Promise:
        """The promise a pledge form sent: the amount field, already read, and the kind's own fields.

        Raises:
            BadPromise: with the field and the sentence beside it.
        """
        return Promise(asked, offer.currency)

    def check(  # noqa: B027 - everything is allowed, unless a kind says otherwise
        self, promise: Promise, offer: Offer, others: Others, speech: Speech
    ) -> None:
        """Refuse a promise this kind, or this offer, does not allow.

        Raises:
            BadPromise: with the field and the sentence beside it.
        """

    def contribution(self, promise: Promise, offer: Offer) -> Contribution:
        """What the promise adds to which threshold while it counts."""
        return Contribution(self.measure(offer.terms), promise.amount)

    def cost(self, promise: Promise, offer: Offer) -> int:
        """The most it may cost, in minor units: what is held at the firing; 0 holds nothing."""
        return promise.amount

    def settle(self, offer: Offer, held: Sequence[Held]) -> Settlement:
        """What everybody pays once nothing more is waited for."""
        total = sum(pledge.promise.amount for pledge in held)
        return Settlement(
            total >= offer.target, {pledge.id: self.cost(pledge.promise, offer) for pledge in held}
        )

    def duties(self, promise: Promise, offer: Offer, began: datetime) -> tuple[Duty, ...]:
        """What this pledge brings with it once the action is under way."""
        return ()

    def common_duties(self, offer: Offer, charged: int, began: datetime) -> tuple[Duty, ...]:
        """What is owed between the organizer and the crowd as a whole; ``charged`` in minor units."""
        return ()

    def minutes(self, promise: Promise, offer: Offer) -> int:
        """The work it is, in minutes, as points count it; money is worth itself."""
        return 0

    @abstractmethod
    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        """One sentence: what is promised, when it falls due, what if not; without a promise, before one."""

    def counted(self, value: int, offer: Offer, speech: Speech) -> str:
        """A total in the kind's measure, in words: what is pledged, held or asked for."""
        _ = speech.gettext
        measure = self.measure(offer.terms)
        if measure == "money":
            return speech.money(value, offer.currency)
        if measure == "hours":
            return _("1 hour") if value == 1 else _("%(count)s hours", count=speech.number(value))
        return _("1 unit") if value == 1 else _("%(count)s units", count=speech.number(value))

    def describe(self, promise: Promise, speech: Speech) -> str:
        """The promise in a few words: an amount, 3 hours, 2 units."""
        if self.measure(NOTHING) == "money" and promise.currency:
            return speech.money(promise.amount, promise.currency)
        return speech.number(promise.amount)

    def simulate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What becomes of made-up pledges: JSON values in, JSON values out.

        Raises:
            Impossible: the terms or pledges contradict themselves.
        """
        raise Impossible(f"There is nothing to try out for a {self.name}.")


def written(question: Question, value: Any, currency: str) -> str:
    """A term as the organizer's form holds it."""
    if value is None:
        return ""
    if question.form == "money":
        return f"{to_major(value, currency):,f}" if value else ""
    return "\n".join(value) if question.form == "lines" else str(value)
