"""What a petition offers, as its form asks for it: one part for every kind of pledge, whichever there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.money import NotMoney, parse_major, to_major
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.pledges import kinds
from app.pledges.allowing import is_licensed, why_unlicensed
from app.pledges.kinds.base import BadPromise, Kind, Offer, Question
from app.pledges.wording import SPEECH
from app.web.amounts import money_problem
from app.web.forms import many_lines, one_line, options, tidy

GIFT = "gift"
LONGEST_LINE, LONGEST_LINES, MOST_DIGITS = 300, 5_000, 12


class BadAnswer(ValueError):  # noqa: N818
    """The sentence belongs beside the field that was being read."""


@dataclass(frozen=True)
class Part:
    """One kind in the form: its target and its questions, and whether it was chosen.

    ``closed`` is why nobody may offer it here, empty when everybody may.
    """

    kind: Kind
    chosen: bool
    closed: str
    target: Field
    answers: tuple[tuple[Question, Field], ...]

    @property
    def label(self) -> str:
        return self.kind.label(SPEECH)

    @property
    def about(self) -> str:
        return self.kind.about(SPEECH)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields as the kind calls them."""
        return {"target": self.target} | {question.name: field for question, field in self.answers}

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields.values())


def offered_kinds() -> list[Kind]:
    """Every kind there is: gifts first, then what else money is collected for, then the rest."""
    return sorted(kinds.all(), key=lambda kind: (kind.name != GIFT, not kind.collects))


def target_name(kind: Kind) -> str:
    """The field of a kind's target; that of a gift has been ``goal`` from the first day."""
    return "goal" if kind.name == GIFT else f"{kind.name}_target"


def fields_of(kind: Kind) -> Iterator[tuple[str, Any]]:
    """The form fields that a kind adds, by name, not yet bound to a form."""
    target = StringField(kind.target_label(SPEECH), filters=[tidy])
    yield target_name(kind), target
    for question in kind.questions(SPEECH):
        yield f"{kind.name}_{question.name}", field_of(question)


def field_of(question: Question) -> Any:
    if question.form == "choice":
        return SelectField(
            question.label,
            choices=options(question.options),
            default=question.start,
            validate_choice=False,
        )
    made = TextAreaField if question.form == "lines" else StringField
    return made(question.label, filters=[tidy], default=question.start)


def part_of(form: Mapping[str, Field], kind: Kind, *, chosen: bool) -> Part:
    """The part of a form that belongs to a kind."""
    target = form[target_name(kind)]
    target.flags.required = True
    answers = []
    for question in kind.questions(SPEECH):
        field = form[f"{kind.name}_{question.name}"]
        field.flags.required = question.required
        answers.append((question, field))
    return Part(kind, chosen, "" if is_licensed(kind) else why_unlicensed(kind), target, tuple(answers))


def read_part(part: Part, currency: str, deadline: datetime | None = None) -> OfferWish | None:
    """What a chosen part offers; None with a sentence beside every field that is wrong.

    ``deadline`` is None where it is not known what it will be.
    """
    given: dict[str, Any] = {}
    for question, field in part.answers:
        answer = read_beside(field, currency, lambda q=question, f=field: read_answer(q, f, currency))
        if answer is not None:
            given[question.name] = answer
    measure = part.kind.measure(given)
    target = read_beside(
        part.target, currency, lambda: read_target(part.target.data or "", measure, currency)
    )
    if part.has_errors:
        return None
    try:
        terms = part.kind.read_offer(target, currency, given, SPEECH)
        if deadline is not None:
            part.kind.check_deadline(terms, deadline, SPEECH)
    except BadPromise as bad:
        refuse(part.fields.get(bad.field, part.target), bad.sentence)
        return None
    return OfferWish(part.kind.name, part.kind.measure(terms), target, terms)


def read_beside(field: Field, currency: str, read: Any) -> Any:
    """What ``read`` returns; None with its sentence beside the field when it cannot."""
    try:
        return read()
    except (BadAnswer, ValidationError) as bad:
        refuse(field, str(bad))
    except NotMoney as bad:
        refuse(field, money_problem(bad, currency))
    return None


def refuse(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def read_target(text: str, measure: str, currency: str) -> int:
    if measure == "money":
        return parse_major(text, currency)
    if not text:
        raise BadAnswer(_("Write how much is needed."))
    return read_whole(text, least=1)


def read_whole(text: str, *, least: int) -> int:
    digits = text.replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        raise BadAnswer(_("Write a whole number in digits."))
    if int(digits) < least:
        raise BadAnswer(_("Write a number of at least %(least)s.", least=least))
    return int(digits)


def read_answer(question: Question, field: Field, currency: str) -> int | str | None:
    """The answer to a question; None where it was left out.

    Raises:
        BadAnswer, NotMoney, ValidationError: with what to do about it.
    """
    text: str = field.data or ""
    if not text:
        if question.required:
            raise BadAnswer(_("Fill this in."))
        return None
    if question.form == "money":
        return parse_major(text, currency)
    if question.form == "whole":
        return read_whole(text, least=0)
    if question.form == "day":
        return read_day(text)
    return read_text(question, field, text)


def read_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadAnswer(_("Write the day as year-month-day, such as 2026-11-30.")) from None


def read_text(question: Question, field: Field, text: str) -> str:
    if question.form == "choice":
        if text not in {value for value, _words in question.options}:
            raise BadAnswer(_("Choose one of these."))
        return text
    lines = question.form == "lines"
    (many_lines if lines else one_line)(None, field)  # type: ignore[arg-type]
    most = LONGEST_LINES if lines else LONGEST_LINE
    if len(text) > most:
        raise BadAnswer(_("Shorten this to %(most)d characters.", most=most))
    return text


def values_of_offers(petition: Petition) -> dict[str, Any]:
    """A petition's offers as its form shows them."""
    currency = petition.currency or "KRW"
    values: dict[str, Any] = {"kinds": [threshold.kind for threshold in petition.pledge_thresholds]}
    for threshold in petition.pledge_thresholds:
        kind = kinds.find(threshold.kind)
        if kind is None:
            continue
        offer = Offer(threshold.target, currency, threshold.terms, petition.deadline)
        money = kind.measure(threshold.terms) == "money"
        values[target_name(kind)] = (
            f"{to_major(threshold.target, currency):,f}" if money else f"{threshold.target:,}"
        )
        for name, text in kind.answers(offer, SPEECH).items():
            values[f"{kind.name}_{name}"] = text
    return values
