"""Lists of petitions as feeds: what a search or a topic holds, the newest petitions first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from flask_babel import gettext as _
from markupsafe import Markup

from app.petitions.browsing import ListedPetition, Search, search_from
from app.petitions.topics import TOPICS
from app.web.formatting import day
from app.web.languages import language
from app.web.links import absolute

from .atom import About, Entry
from .happenings import paragraph


def feed_search(arguments: Mapping[str, str]) -> Search:
    """What ``?q=&state=&topic=`` asks for; a feed has one page and one order.

    Raises:
        Refusal: as :func:`app.petitions.browsing.search_from`.
    """
    return replace(search_from(arguments), sort="new", page=1)


def about_list(search: Search, own: str) -> About:
    """The feed in words; its id says what is asked for, in whatever language."""
    asked = {name: value for name, value in search.arguments().items() if name != "sort"}
    parts = [f"“{search.q}”"] if search.q else []
    parts += [str(TOPICS[search.topic])] if search.topic else []
    return About(
        key="petitions" + "".join(f"/{name}={quote(value)}" for name, value in sorted(asked.items())),
        title=" · ".join([_("Petitions"), *parts, _("Dure")]),
        subtitle=_("The newest petitions first, and what became of them."),
        link=absolute("petitions.index", **asked),
        own=own,
        language=language(),
    )


def entry_of(petition: ListedPetition) -> Entry | None:
    """A petition as an entry; None before it was opened. What it gathers is on its page, and changes."""
    at = petition.opened_at
    if at is None:
        return None
    html = paragraph(_("To %(addressee)s", addressee=petition.addressee)) + paragraph(petition.summary)
    if petition.deadline is not None:
        html += paragraph(_("until %(day)s", day=day(petition.deadline)))
    lang = petition.locale
    return Entry(
        key=f"petition/{petition.id}",
        title=petition.title,
        link=absolute("pages.petition", slug=petition.slug),
        at=at,
        html=Markup('<div lang="{}">{}</div>').format(lang, html) if lang != language() else html,
        author=petition.organizer_name,
        topic=petition.topic,
        updated=max(filter(None, (at, petition.tipped_at, petition.fired_at))),
    )
