"""Shifts as events of a calendar: one shift, all of an action, or one person's own with the days they owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.web.calendars import day_event
from app.web.links import absolute

from .models import Shift
from .reading import DeedView

if TYPE_CHECKING:
    from icalendar import Event


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


def days_owed(deed: DeedView, title: str) -> list[Event]:
    """The day a promise is due, and the day a lent thing comes back.

    A promise only ever moves to a later day, so the day itself tells a calendar which word is the newer.
    """
    found = []
    if deed.duty is not None:
        words = _("Due: %(promise)s · %(title)s", promise=deed.promise, title=title)
        due = deed.duty.due_at
        found.append(day_event(f"duty-{deed.duty.id}", due, str(words), changes=due.toordinal()))
    if deed.back is not None:
        words = _("Comes back: %(promise)s · %(title)s", promise=deed.promise, title=title)
        found.append(day_event(f"duty-{deed.back.id}", deed.back.due_at, str(words)))
    return found
