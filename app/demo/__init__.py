"""The demo: named people to sign in as with one press, and a campaign in every state."""

from .loading import load

__all__ = ["load"]
