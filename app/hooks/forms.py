"""The form of an endpoint: where to, about what, which events."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.db import db
from app.petitions.models import Petition
from app.web.forms import KeyedForm, one_line, options, text_field, tidy
from app.web.hosts import ascii_host

from .events import EVENTS
from .guarding import BadAddress, read_address
from .keeping import EndpointWish
from .models import SCOPES
from .reading import EndpointView, seen_by
from .wording import REFUSED, SCOPE_WORDS

FIRST_CHOSEN = (
    "petition.opened",
    "petition.tipped",
    "action.fired",
    "milestone.accepted",
    "action.delivered",
)
KEPT_AS_TYPED = "/%:@!$&'()*+,;=~-._?"


class EndpointForm(KeyedForm):
    """After :meth:`validate`, ``wish`` is what is asked for."""

    url = StringField(_l("Address"), filters=[tidy], validators=[DataRequired(REFUSED["form"]), one_line])
    scope = RadioField(
        _l("Petitions"),
        choices=options(SCOPE_WORDS.items()),
        default=SCOPES[0],
        validate_choice=False,
        validators=[DataRequired(_l("Choose which petitions it is about."))],
    )
    petition = text_field(_l("Which petition"), most=500)
    events = SelectMultipleField(_l("Events"), choices=options(EVENTS.items()), validate_choice=False)

    def __init__(self, formdata: Any = None, *, person_id: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.person_id = person_id
        self.petition_id: str | None = None
        if formdata is None and not kwargs:
            self.events.data = list(FIRST_CHOSEN)

    @classmethod
    def showing(cls, endpoint: EndpointView, person_id: str) -> EndpointForm:
        """The form as an endpoint is now."""
        return cls(
            person_id=person_id,
            url=endpoint.url,
            scope=endpoint.scope,
            petition=endpoint.slug or "",
            events=list(endpoint.events),
        )

    @property
    def wish(self) -> EndpointWish:
        chosen = set(self.events.data or ())
        return EndpointWish(
            url=in_ascii(self.url.data or ""),
            scope=self.scope.data,
            petition_id=self.petition_id,
            events=[event for event in EVENTS if event in chosen],
        )

    def validate_url(self, field: Any) -> None:
        try:
            read_address(in_ascii(field.data), loopback=current_app.config["DURE"].webhooks_to_loopback)
        except BadAddress as bad:
            raise ValidationError(str(REFUSED[bad.code])) from bad

    def validate_scope(self, field: Any) -> None:
        if field.data not in SCOPES:
            raise ValidationError(str(_l("Choose which petitions it is about.")))

    def validate_petition(self, field: Any) -> None:
        """A slug, or the address of its page; only asked for where one petition is meant."""
        if self.scope.data != "one":
            return
        self.petition_id = find_petition(field.data or "", self.person_id)
        if self.petition_id is None:
            raise ValidationError(str(_l("Paste the address of the petition's page.")))

    def validate_events(self, field: Any) -> None:
        if not set(field.data or ()) & EVENTS.keys():
            raise ValidationError(str(_l("Tick at least one event.")))


def find_petition(written: str, person_id: str) -> str | None:
    """The petition at an address or with a slug: a public one, or the person's own."""
    slug = unquote(written.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2])
    if not slug or not slug.isprintable():
        return None
    return db.session.scalar(sa.select(Petition.id).where(Petition.slug == slug, seen_by(person_id)))


def in_ascii(url: str) -> str:
    """A web address as it travels: an international name in its ``xn--`` form, the path percent-encoded.

    What cannot be written so is returned as it is, to be refused.
    """
    if url.isascii():
        return url
    try:
        parts = urlsplit(url)
        host = ascii_host(parts.hostname or "")
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return url
    if "@" in parts.netloc:
        return url
    quoted = [quote(part, safe=KEPT_AS_TYPED) for part in (parts.path, parts.query, parts.fragment)]
    return urlunsplit((parts.scheme, host + port, *quoted))
