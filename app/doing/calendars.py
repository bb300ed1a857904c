"""Shifts as calendars (RFC 5545): one shift, all of an action, or one person's own with the days they owe.

The library is loaded when somebody asks: it would cost every process 8 MiB.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response
from flask_babel import gettext as _

from app import clock
from app.web.links import absolute

from .models import Shift
from .reading import DeedView

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Dure//Shifts//EN"


def calendar_of(name: str, events: Iterable[Event]) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def shift_event(shift: Shift, slug: str, title: str, *, waiting: bool = False) -> Event:
    """A shift as an event; a changed or called off one replaces what a calendar has of it."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"shift-{shift.id}@dure")
    event.add("sequence", shift.changes)
    event.add("dtstamp", shift.created_at)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("summary", f"{shift.title} · {title}")
    event.add("location", shift.address)
    if shift.note:
        event.add("description", shift.note)
    event.add("url", absolute("doing.shifts", slug=slug))
    cancelled = shift.cancelled_at is not None
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if waiting else "CONFIRMED")
    return event


def day_event(uid: str, at: datetime, summary: str) -> Event:
    """A whole day in Korea."""
    from icalendar import Event

    event, day = Event(), at.astimezone(clock.SEOUL).date()
    event.add("uid", f"{uid}@dure")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event


def days_owed(deed: DeedView, title: str) -> list[Event]:
    """The day a promise is due, and the day a lent thing comes back."""
    found = []
    if deed.duty is not None:
        words = _("Due: %(promise)s · %(title)s", promise=deed.promise, title=title)
        found.append(day_event(f"duty-{deed.duty.id}", deed.duty.due_at, str(words)))
    if deed.back is not None:
        words = _("Comes back: %(promise)s · %(title)s", promise=deed.promise, title=title)
        found.append(day_event(f"duty-{deed.back.id}", deed.back.due_at, str(words)))
    return found


def send(calendar: bytes, name: str) -> Response:
    """The calendar as a file; ``name`` is ASCII."""
    response = Response(calendar, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
