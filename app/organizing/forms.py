"""The organizer's forms for a petition: its demand, its thresholds, its plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, TimeField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app import clock
from app.actions.planning import Step, misplaced_days
from app.clock import SEOUL
from app.errors import Refusal
from app.money import CURRENCIES
from app.petitions.launching import OfferWish, PetitionWish
from app.petitions.models import Petition
from app.petitions.topics import TOPICS
from app.web.forms import DureForm, KeyedForm, options, text_field
from app.web.languages import LANGUAGES, language

from .fields import LAST_SECOND, WholeNumberField, moment_in_seoul, no_link
from .offers import GIFT, Part, fields_of, offered_kinds, part_of, read_part, target_name, values_of_offers

MOST_SIGNATURES = 50_000_000
LONGEST_DAYS = 366
FEWEST_STEPS, MOST_STEPS = 2, 6


class PetitionForm(DureForm):
    """Everything people agree to when they sign or pledge, and the words around it."""

    title = text_field(_l("What do you demand?"), most=120, required=_l("Write the demand in one sentence."))
    addressee = text_field(
        _l("Who should do it?"), most=120, required=_l("Name the institution that can decide this.")
    )
    summary = text_field(
        _l("In short"), most=300, lines=True, required=_l("Say in a sentence or two why it matters.")
    )
    text = text_field(_l("The whole story"), most=30_000, lines=True, required=_l("Write what happened."))
    locale = SelectField(
        _l("Written in"),
        choices=options([("ko", "한국어"), ("en", "English")]),
        default=language,
        validate_choice=False,
        validators=[DataRequired(_l("Choose a language."))],
    )
    topic = SelectField(
        _l("Topic"),
        choices=options([("", _l("No topic")), *TOPICS.items()]),
        filters=[lambda code: code or None],
        validate_choice=False,
    )
    signature_target = WholeNumberField(
        _l("Signatures needed"),
        least=1,
        most=MOST_SIGNATURES,
        required=_l("Write how many signatures are needed."),
    )
    kinds = SelectMultipleField(_l("What people pledge"), validate_choice=False)
    currency = SelectField(
        _l("Currency"),
        choices=options((code, code) for code in CURRENCIES),
        default="KRW",
        validate_choice=False,
        validators=[DataRequired(_l("Choose a currency from the list."))],
    )
    deadline = DateField(  # type: ignore[call-arg]
        _l("Last day"),
        validators=[InputRequired(_l("Choose the last day."))],
        invalid_value_message=_l("Write the day as year-month-day, such as 2026-11-30."),
    )
    deadline_time = TimeField(  # type: ignore[call-arg]
        _l("Time on that day"),
        validators=[Optional()],
        invalid_value_message=_l("Write the time as hours and minutes, such as 18:00."),
    )

    def validate_title(self, field: Any) -> None:
        no_link(self, field)

    def validate_addressee(self, field: Any) -> None:
        no_link(self, field)

    def validate_locale(self, field: Any) -> None:
        if field.data not in LANGUAGES:
            raise ValidationError(_("Choose a language."))

    def validate_topic(self, field: Any) -> None:
        if field.data and field.data not in TOPICS:
            raise ValidationError(_("Choose a topic from the list."))

    def validate_currency(self, field: Any) -> None:
        if field.data not in CURRENCIES:
            raise ValidationError(_("Choose a currency from the list."))

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Add the fields of every kind of pledge there is, then read; without a choice it is a gift."""
        for kind in offered_kinds():
            for name, field in fields_of(kind):
                BaseForm.__setitem__(self, name, field)
        super().process(formdata, *args, **kwargs)
        self.kinds.data = list(dict.fromkeys(self.kinds.data or [])) or [GIFT]
        self.kinds.flags.required = True
        self.offers: tuple[OfferWish, ...] = ()

    def parts(self) -> list[Part]:
        """One part for every kind of pledge."""
        chosen = self.kinds.data or ()
        return [part_of(self._fields, kind, chosen=kind.name in chosen) for kind in offered_kinds()]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        return self.read_offers() and sound

    def validate_kinds(self, field: Any) -> None:
        chosen = [part for part in self.parts() if part.chosen]
        if len(chosen) < len(field.data):
            raise ValidationError(_("Choose from the list what people pledge."))
        if closed := [part.closed for part in chosen if part.closed]:
            raise ValidationError(closed[0])
        collecting = [part.label for part in chosen if part.kind.collects]
        if len(collecting) > 1:
            raise ValidationError(
                _(
                    "A petition collects money in one way: choose one of %(kinds)s. "
                    "What collects nothing at the start may stand beside it.",
                    kinds=", ".join(collecting),
                )
            )

    def read_offers(self) -> bool:
        """Set ``offers`` from the parts that were chosen; False with sentences beside what is wrong."""
        if self.currency.errors:
            return False
        deadline = self.clear_moment()
        read = [read_part(part, self.currency.data, deadline) for part in self.parts() if part.chosen]
        self.offers = tuple(offer for offer in read if offer is not None)
        return len(self.offers) == len(read)

    def refuse(self, refusal: Refusal) -> None:
        """As every form; what is wrong with the offers stands beside the target of the first one."""
        field = refusal.field
        if field == "goal":
            chosen = [part for part in self.parts() if part.chosen]
            field = target_name(chosen[0].kind) if chosen else "kinds"
        super().refuse(Refusal(refusal.sentence, field=field, status=refusal.status))

    def validate_deadline(self, field: Any) -> None:
        if field.data is None or self.deadline_time.errors or self.keeps_deadline():
            return
        at, wanted = clock.now(), self.moment()
        demo = current_app.config["DURE"].demo
        if wanted < at + (timedelta(minutes=1) if demo else timedelta(days=1)):
            raise ValidationError(
                _("Choose a deadline that is still ahead.")
                if demo
                else _("Choose a deadline at least one day from now, so that people have time to sign.")
            )
        if wanted > at + timedelta(days=LONGEST_DAYS):
            raise ValidationError(_("Choose a deadline within one year."))

    def keeps_deadline(self) -> bool:
        """Whether the deadline is the one the petition has already."""
        return False

    def moment(self) -> datetime:
        """The deadline as typed."""
        day: Any = self.deadline.data
        return moment_in_seoul(day, self.deadline_time.data)

    def clear_moment(self) -> datetime | None:
        """The deadline, or None while what was typed is not one."""
        unclear = self.deadline.data is None or self.deadline.errors or self.deadline_time.errors
        return None if unclear else self.moment()

    def wish(self) -> PetitionWish:
        """What a valid form asks for."""
        return PetitionWish(
            title=self.title.data,
            addressee=self.addressee.data,
            summary=self.summary.data,
            text=self.text.data,
            locale=self.locale.data,
            signature_target=self.signature_target.number or 0,
            offers=self.offers,
            currency=self.currency.data,
            deadline=self.moment(),
            topic=self.topic.data,
        )


class StepFields(NamedTuple):
    """What the form asks about one step."""

    title: Any
    share: Any
    due: Any

    @property
    def filled(self) -> bool:
        """Whether it says enough to be a step."""
        return bool(self.title.data and self.share.number)


class PlannedForm(PetitionForm):
    """The above with a plan of two to six steps."""

    def steps(self) -> list[StepFields]:
        """The fields of every step in order."""
        names = [[f"step{n}_{name}" for name in StepFields._fields] for n in range(1, MOST_STEPS + 1)]
        return [StepFields(*(self[name] for name in step)) for step in names]

    def plan(self) -> list[Step]:
        """Every step that was filled in."""
        filled = [step for step in self.steps() if step.filled]
        return [Step(step.title.data, step.share.number, step.due.data) for step in filled]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in self.steps()[:FEWEST_STEPS]:
            step.title.flags.required = step.share.flags.required = True

    def uses_more_steps(self) -> bool:
        """Whether anything stands in a step beyond the two that every plan has."""
        return any(field.data or field.errors for step in self.steps()[FEWEST_STEPS:] for field in step)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        return self.plan_is_sound() and sound

    def plan_is_sound(self) -> bool:
        halves = False
        for title, share, due in self.steps():
            if (share.data or due.data) and not title.data:
                title.errors = [*title.errors, _("Say what this step delivers.")]
                halves = True
            elif title.data and not share.data:
                share.errors = [*share.errors, _("Write which part of the money this step gets.")]
                halves = True
        if halves or any(field.errors for step in self.steps() for field in step):
            return False
        plan = self.plan()
        first_title, first_share, _first_due = self.steps()[0]
        if len(plan) < FEWEST_STEPS:
            first_title.errors = [*first_title.errors, _("Plan at least two steps.")]
            return False
        if (total := sum(step.share for step in plan)) != 100:
            sentence = _("The parts add up to %(total)d%%. They must add up to 100%%.", total=total)
            first_share.errors = [*first_share.errors, sentence]
            return False
        return self.days_are_sound()

    def days_are_sound(self) -> bool:
        """Whether every promised day is one the plan can keep; else a sentence stands beside it."""
        filled = [step for step in self.steps() if step.filled]
        misplaced = misplaced_days([step.due.data for step in filled], self.clear_moment())
        for place, sentence in misplaced.items():
            filled[place].due.errors = [*filled[place].due.errors, sentence]
        return not misplaced


for position in range(1, MOST_STEPS + 1):
    setattr(PlannedForm, f"step{position}_title", text_field(_l("What it delivers"), most=120))
    setattr(
        PlannedForm,
        f"step{position}_share",
        WholeNumberField(_l("Part of the money"), least=1, most=99),
    )
    setattr(
        PlannedForm,
        f"step{position}_due",
        DateField(  # type: ignore[call-arg]
            _l("Expected by"),
            validators=[Optional()],
            invalid_value_message=_l("Write the day as year-month-day, such as 2026-11-30."),
        ),
    )


class LaunchForm(KeyedForm, PlannedForm):
    """A new petition, with a key that makes it once."""


class EditForm(PlannedForm):
    """The same fields, filled with a petition of ours."""

    petition: Petition

    @classmethod
    def of(cls, petition: Petition, steps: Sequence[Step], formdata: Any = None) -> EditForm:
        form = cls(formdata, data=values_of(petition) | values_of_plan(steps))
        form.petition = petition
        return form

    def keeps_deadline(self) -> bool:
        before = values_of(self.petition)
        return (self.deadline.data, self.deadline_time.data) == (before["deadline"], before["deadline_time"])

    def read_offers(self) -> bool:
        """As always, in the order in which the petition has its offers already."""
        sound = super().read_offers()
        before = [threshold.kind for threshold in self.petition.pledge_thresholds]
        self.offers = tuple(sorted(self.offers, key=lambda offer: [*before, offer.kind].index(offer.kind)))
        return sound

    def moment(self) -> datetime:
        if self.keeps_deadline() and self.petition.deadline is not None:
            return self.petition.deadline
        return super().moment()


def values_of(petition: Petition) -> dict[str, Any]:
    """A petition as its form shows it: major units, the deadline as day and time in Seoul."""
    deadline = (petition.deadline or clock.now()).astimezone(SEOUL)
    at = deadline.time().replace(microsecond=0)
    return {
        "title": petition.title,
        "addressee": petition.addressee,
        "summary": petition.summary,
        "text": petition.text,
        "locale": petition.locale,
        "topic": petition.topic,
        "signature_target": f"{petition.signatures.target:,}",
        "currency": petition.currency,
        "deadline": deadline.date(),
        "deadline_time": None if at == LAST_SECOND else at.replace(second=0),
    } | values_of_offers(petition)


def values_of_plan(steps: Sequence[Step]) -> dict[str, Any]:
    """A plan as its form shows it."""
    values: dict[str, Any] = {}
    for position, step in enumerate(steps, start=1):
        told = {"title": step.title, "share": str(step.share), "due": step.due_on}
        values |= {f"step{position}_{name}": value for name, value in told.items()}
    return values
