"""What happened to one petition, as entries of its feed: the newest first."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.actions.history import Told, tell
from app.actions.reading import Plan
from app.petitions.showing import EventView, PetitionView
from app.web.formatting import day
from app.web.links import absolute

from .atom import Entry

MOST = 60


def happenings_of(petition: PetitionView, plan: Plan, language: str) -> list[Entry]:
    """Everything that everybody may read of it, in ``language``, which is being spoken."""
    lang = petition.locale if petition.locale != language else None
    in_order = sorted(
        [
            opening(petition, lang),
            *told_entries(petition, plan, lang),
            *update_entries(petition, lang),
            *answer_entries(petition, lang),
        ],
        key=lambda entry: entry.at,
    )
    return in_order[::-1][:MOST]


def opening(petition: PetitionView, lang: str | None) -> Entry:
    """The opening, which carries the whole petition; of an imported one nothing else was recorded here."""
    return Entry(
        key=f"{key_of(petition)}/opened",
        title=petition.title if petition.archive else _("Opened for signatures and pledges"),
        link=absolute("pages.petition", slug=petition.slug),
        at=petition.opened_at or petition.created_at,
        html=in_language(whole(petition), lang),
        topic=petition.topic,
    )


def told_entries(petition: PetitionView, plan: Plan, lang: str | None) -> Iterator[Entry]:
    """What was recorded since; a claim carries its evidence."""
    for told in tell(petition, plan.action):
        if told.event.kind == "opened":
            continue
        yield Entry(
            key=f"{key_of(petition)}/{event_key(told.event)}",
            title=told.label,
            link=page_of(petition, plan, told.event),
            at=told.at,
            html=told_html(petition, plan, told, lang),
            topic=petition.topic,
        )


def told_html(petition: PetitionView, plan: Plan, told: Told, lang: str | None) -> Markup:
    said = paragraph(told.text) if told.text else Markup("")
    position = told.event.detail.get("position")
    step = next((step for step in plan.milestones if step.position == position), None)
    if step is None or not told.event.kind.startswith("milestone_"):
        return said
    evidence = step.evidence_html if told.event.kind == "milestone_claimed" else None
    return in_language(paragraph(step.title), lang) + said + in_language(evidence or Markup(""), lang)


def whole(petition: PetitionView) -> Markup:
    """The petition as its page shows it: to whom, in short, and the text."""
    return (
        paragraph(_("To %(addressee)s", addressee=petition.addressee))
        + (paragraph(petition.summary) if petition.summary and not petition.archive else Markup(""))
        + petition.html
    )


def update_entries(petition: PetitionView, lang: str | None) -> Iterator[Entry]:
    for update in petition.updates:
        yield Entry(
            key=f"update/{update.id}",
            title=update.title,
            link=absolute("pages.petition", slug=petition.slug, _anchor=f"update-{update.id}"),
            at=update.at,
            html=in_language(update.html, lang),
            author=petition.organizer_name,
            topic=petition.topic,
        )


def answer_entries(petition: PetitionView, lang: str | None) -> Iterator[Entry]:
    """The official answer, or that none came in time."""
    link = absolute("pages.petition", slug=petition.slug, _anchor="answer")
    if petition.responded_at is not None:
        yield Entry(
            key=f"{key_of(petition)}/answer",
            title=_("The answer of %(addressee)s", addressee=petition.addressee),
            link=link,
            at=petition.responded_at,
            html=in_language(petition.response_html or Markup(""), lang),
            topic=petition.topic,
        )
    elif petition.response_track == "silent" and petition.response_due_at is not None:
        due = petition.response_due_at
        yield Entry(
            key=f"{key_of(petition)}/silence",
            title=_("The answer is overdue."),
            link=absolute("pages.petition", slug=petition.slug),
            at=due,
            html=paragraph(_("Due by %(day)s.", day=day(due))),
            topic=petition.topic,
        )


def key_of(petition: PetitionView) -> str:
    return f"petition/{petition.id}"


def event_key(event: EventView) -> str:
    """A name for an event within its petition: no two of a kind have the same moment and detail."""
    which = [str(event.detail[name]) for name in ("position", "counts", "measure") if name in event.detail]
    return "-".join([event.kind, f"{event.at:%Y%m%dT%H%M%S%f}", *which])


def page_of(petition: PetitionView, plan: Plan, event: EventView) -> str:
    """Where to read more: the action's page for what happened once there was one."""
    after = plan.action is not None and event.at >= plan.action.started_at
    return absolute("actions.show" if after else "pages.petition", slug=petition.slug)


def paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>\n").format(text)


def in_language(html: Markup, lang: str | None) -> Markup:
    """``html`` marked as being in another language than the feed; None where it is not."""
    return Markup('<div lang="{}">{}</div>').format(lang, html) if lang and html else escape(html)
