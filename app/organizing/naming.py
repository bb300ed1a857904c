"""Names as an organizer sees them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.petitions.masking import mask_name


def shown_name(name: str, hidden: bool) -> str:
    """The masked name, or that it is hidden: what somebody hides, the organizer does not learn either."""
    return _("(name hidden)") if hidden else mask_name(name)
