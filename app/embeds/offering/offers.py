"""Everything the panel offers for one petition and one wish."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup

from app.embeds.choosing import Choices
from app.embeds.loader import loader_release
from app.embeds.reading import Widget
from app.petitions.organizers import OrganizerView
from app.web.links import lasting

from .people import list_title, listed_in_frame
from .sizing import COLUMN, fitting_height, fitting_list_height
from .snippets import (
    SANDBOX,
    SIGNING,
    Subject,
    addresses_of,
    badge_code,
    badge_markdown,
    element_code,
    frame_code,
    frame_title,
    moving_script,
    pinned_script,
    shield_markdown,
)
from .wishes import Wish


@dataclass(frozen=True)
class Offer:
    """The code of every way in.

    ``element`` loads the script that moves with us, ``pinned`` one that never changes. ``frame_path`` and
    ``badge_path`` are for our own page; ``width`` and ``height`` are the frame's, in pixels.
    """

    frame: Markup
    frame_src: str
    frame_path: str
    frame_title: str
    sandbox: str
    width: int | None
    height: int
    element: Markup
    pinned: Markup
    badge: Markup
    badge_path: str
    badge_markdown: str
    shield_src: str
    shield_markdown: str
    link: str
    choices: Choices


def offer_of(widget: Widget, wish: Wish) -> Offer:
    """What the panel shows of a petition's widget to somebody with this wish."""
    petition, base = widget.petition, current_app.config["DURE"].base_url
    wish = replace(wish, signing=wish.signing and widget.choices.signs_in_frame)
    subject = Subject(petition.slug, petition.title, petition.locale)
    addresses, title = addresses_of(petition.slug, wish).readable(), frame_title(subject, wish)
    height = wish.height or fitting_height(widget, wish.width, wish.lang)
    element = element_code(subject, wish, addresses)
    return Offer(
        frame=frame_code(addresses.frame, title, wish.width, height, SIGNING if wish.signing else SANDBOX),
        frame_src=addresses.frame,
        frame_path=path_of(addresses.frame),
        frame_title=title,
        sandbox=SANDBOX,
        width=wish.width,
        height=height,
        element=element + moving_script(base),
        pinned=element + pinned_script(base, loader_release()),
        badge=badge_code(addresses, petition.title),
        badge_path=path_of(addresses.badge),
        badge_markdown=badge_markdown(addresses, petition.title),
        shield_src=addresses.shield,
        shield_markdown=shield_markdown(addresses, petition.title),
        link=addresses.page,
        choices=widget.choices,
    )


def person_code(organizer: OrganizerView) -> Markup:
    """The frame that lists a person's petitions."""
    height = fitting_list_height(listed_in_frame(organizer), COLUMN)
    address = lasting("offering.person_frame", handle=organizer.handle)
    return frame_code(address, list_title(organizer, Wish()), None, height)


def path_of(address: str) -> str:
    """An address of ours as our own pages write it, whatever host they were asked for by."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
