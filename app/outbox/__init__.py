"""The outbox: a low room announces in its own transaction, the worker carries it upstairs."""

from .announcing import Announcement, announce
from .draining import drain

__all__ = ["Announcement", "announce", "drain"]
