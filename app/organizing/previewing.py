"""What people would be offered, in plain words, while the form is still being written."""

from __future__ import annotations

from dataclasses import dataclass

from app.money import parse_major
from app.pledges.kinds.base import Conditions, Offer, Question
from app.pledges.wording import SPEECH
from app.web.formatting import format_money

from .forms import PetitionForm
from .offers import Part, read_part


@dataclass(frozen=True)
class OfferInWords:
    """One offer as readers would see it; ``problems`` are what still keeps it from being one."""

    label: str
    target: str
    sentence: str
    answers: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def offers_in_words(form: PetitionForm) -> list[OfferInWords]:
    """The chosen offers of a form that may be half empty; its errors stay as they are."""
    form.signature_target.validate(form)
    form.signature_target.errors = ()
    return [in_words(form, part) for part in form.parts() if part.chosen]


def in_words(form: PetitionForm, part: Part) -> OfferInWords:
    errors = {name: field.errors for name, field in part.fields.items()}
    wish = read_part(part, form.currency.data or "")
    problems = tuple(
        f"“{field.label.text}” {sentence}" for field in part.fields.values() for sentence in field.errors
    )
    for name, field in part.fields.items():
        field.errors = errors[name]
    if wish is None:
        return OfferInWords(part.label, "", "", (), problems)
    deadline = form.moment() if form.deadline.data else None
    offer = Offer(wish.target, form.currency.data or "", wish.terms, deadline)
    signatures = form.signature_target.number
    sentence = (
        part.kind.explain(None, Conditions(signatures, offer, deadline), SPEECH)
        if deadline is not None and signatures
        else ""
    )
    answers = tuple(
        (question.label, answer_in_words(question, field.data, offer))
        for question, field in part.answers
        if field.data
    )
    return OfferInWords(part.label, part.kind.counted(wish.target, offer, SPEECH), sentence, answers, ())


def answer_in_words(question: Question, answer: str, offer: Offer) -> str:
    """An answer as a reader would see it: the words of a choice, an amount with its currency."""
    if question.form == "money":
        return format_money(parse_major(answer, offer.currency), offer.currency)
    return dict(question.options).get(answer, answer)
