"""Which of our pages a link means, and what there is to show of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.db import db
from app.embeds.reading import Widget, find_widget
from app.errors import Refusal
from app.petitions.models import Petition
from app.petitions.organizers import organizer_view
from app.petitions.reading import LONGEST_SLUG
from app.web.caching import snapshot
from app.web.languages import speaking
from app.web.links import lasting

from .oembed import Unfolded
from .people import list_title, listed_in_frame
from .sizing import fitting_height, fitting_list_height
from .snippets import Subject, addresses_of, frame_title, one_line
from .wishes import Wish, wish_in

LONGEST_LINK = 2000


def unfold(link: str, width: int) -> Unfolded:
    """What one of our links shows in a frame ``width`` pixels wide.

    Raises:
        Refusal: the link is not ours or leads nowhere (404), is not public (401), or was removed (410).
    """
    parts = own_parts(link)
    if parts is None:
        raise unknown()
    endpoint, values = page_behind(parts.path)
    wish = wish_in(dict(parse_qsl(parts.query[:LONGEST_LINK])))
    if endpoint in ("pages.petition", "embeds.frame"):
        return unfold_petition(values["slug"], wish, width)
    if endpoint == "actions.show":
        return unfold_action(values["slug"], wish, width)
    if endpoint == "pages.person":
        return unfold_person(values["handle"], wish, width)
    raise unknown()


def unknown() -> Refusal:
    return Refusal(_("There is no page of ours behind this link that can be embedded."), status=404)


def own_parts(link: str) -> SplitResult | None:
    """A link's parts when it is one of ours, its path without what the base address holds; else None."""
    base = urlsplit(current_app.config["DURE"].base_url)
    if len(link) > LONGEST_LINK:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    ours = parts.scheme in ("http", "https") and parts.netloc.lower() == base.netloc.lower()
    if not ours or not parts.path.startswith(f"{base.path}/"):
        return None
    return parts._replace(path=unquote(parts.path.removeprefix(base.path)))


def page_behind(path: str) -> tuple[str, Mapping[str, Any]]:
    """The endpoint a path leads to and what it says there; an empty endpoint where it leads nowhere."""
    try:
        return current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return "", {}


def widget_behind(slug: str) -> Widget:
    """The widget of the public petition of this slug.

    Raises:
        Refusal: 404, 401 or 410, as :func:`unfold` says.
    """
    widget = find_widget(slug)
    if widget is None and not is_private(slug):
        raise unknown()
    if widget is None or widget.petition.state == "hidden":
        raise Refusal(_("This petition is not public."), status=401)
    if widget.petition.state == "removed":
        raise Refusal(_("This petition was removed."), status=410)
    return widget


def is_private(slug: str) -> bool:
    """Whether a petition lies here that strangers may not see yet, or never."""
    there = sa.select(sa.exists().where(Petition.slug == slug))
    possible = len(slug) <= LONGEST_SLUG and slug.isprintable()
    return possible and snapshot(("private", slug), lambda: bool(db.session.scalar(there)))


def unfold_petition(slug: str, wish: Wish, width: int) -> Unfolded:
    widget = widget_behind(slug)
    return unfolded(widget, addresses_of(slug, wish).page, widget.petition.title, wish, width)


def unfold_action(slug: str, wish: Wish, width: int) -> Unfolded:
    widget = widget_behind(slug)
    if widget.plan.action is None:
        raise unknown()
    with speaking(wish.lang or widget.petition.locale):
        title = _("Action: %(title)s", title=widget.petition.title)
    return unfolded(widget, lasting("actions.show", slug=slug, **wish.spoken), title, wish, width)


def unfolded(widget: Widget, address: str, title: str, wish: Wish, width: int) -> Unfolded:
    petition = widget.petition
    subject = Subject(petition.slug, petition.title, petition.locale)
    return Unfolded(
        title=one_line(title),
        address=address,
        frame=None if widget.choices.restricted else addresses_of(petition.slug, wish).frame,
        frame_title=frame_title(subject, wish),
        height=fitting_height(widget, width, wish.lang),
        author_name=petition.organizer_name,
        author_url=organizer_address(petition.organizer_handle),
    )


def organizer_address(handle: str | None) -> str | None:
    """Where the public page of a petition's organizer lies."""
    return lasting("pages.person", handle=handle) if handle else None


def unfold_person(handle: str, wish: Wish, width: int) -> Unfolded:
    organizer = organizer_view(handle)
    if organizer is None:
        raise unknown()
    return Unfolded(
        title=organizer.name,
        address=lasting("pages.person", handle=handle, **wish.spoken),
        frame=lasting("offering.person_frame", handle=handle, **wish.arguments),
        frame_title=list_title(organizer, wish),
        height=fitting_list_height(listed_in_frame(organizer), width),
        author_name=organizer.name,
        author_url=organizer_address(handle),
    )
