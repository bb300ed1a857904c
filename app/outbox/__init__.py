"""The outbox: a low room announces in its own transaction, the worker carries it upstairs."""

from .announcing import Announcement, announce
from .draining import drain
from .sharing import Together

__all__ = ["Announcement", "Together", "announce", "drain"]
