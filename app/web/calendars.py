"""Calendars (RFC 5545) for people's own calendar programs.

The library is loaded when somebody asks: it would cost every process 8 MiB.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response

from app import clock

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Dure//Dure//EN"
LOOK_AGAIN = timedelta(hours=1)
"""After how long a program that subscribed asks again."""


def calendar_of(name: str, events: Iterable[Event], *, url: str | None = None) -> bytes:
    """A calendar to keep or to subscribe to; ``url`` is the page it speaks of."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", clock.SEOUL.key)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if url is not None:
        calendar.add("url", url)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def moment_event(
    uid: str, at: datetime, summary: str, *, until: datetime | None = None, changes: int = 0, stamp: datetime
) -> Event:
    """Something at a minute in Korea, or ``until`` another; ``stamp`` is when it was last told otherwise.

    An event told anew under the same ``uid`` replaces what a calendar has of it, if ``changes`` has grown.
    """
    from icalendar import Event

    event = Event()
    event.add("uid", f"{uid}@dure")
    event.add("sequence", changes)
    event.add("dtstamp", stamp)
    event.add("dtstart", at.astimezone(clock.SEOUL))
    if until is not None:
        event.add("dtend", until.astimezone(clock.SEOUL))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event


def day_event(
    uid: str, at: datetime, summary: str, *, changes: int = 0, stamp: datetime | None = None
) -> Event:
    """A whole day in Korea; the rest as in :func:`moment_event`."""
    from icalendar import Event

    event, day = Event(), at.astimezone(clock.SEOUL).date()
    event.add("uid", f"{uid}@dure")
    event.add("sequence", changes)
    event.add("dtstamp", stamp or at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event


def send(calendar: bytes, name: str) -> Response:
    """The calendar as a file; ``name`` is ASCII."""
    response = Response(calendar, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
