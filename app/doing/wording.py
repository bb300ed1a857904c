"""How deeds are put into words on pages, in letters and on sheets."""

from __future__ import annotations

from flask_babel import gettext as _

from app.petitions.masking import mask_name
from app.pledges.kinds.base import Promise
from app.pledges.kinds.deed import KIND
from app.pledges.models import Pledge
from app.pledges.wording import SPEECH


def done_words(pledge: Pledge) -> str:
    """What was done of a kept promise: 3 hours, in person, a ladder."""
    return promise_words(pledge, int(pledge.terms.get("done", pledge.amount)))


def promise_words(pledge: Pledge, amount: int) -> str:
    return KIND.describe(Promise(amount, None, pledge.terms), SPEECH)


def short_number(pledge_id: str) -> str:
    """Four characters by which the organizer finds somebody on a list; the person's own page shows them."""
    return pledge_id.replace("-", "")[-4:].upper()


def name_for_organizer(name: str, hide_name: bool, pledge_id: str) -> str:
    """The name as the list at the door needs it; whoever hides it is a number there."""
    return str(_("No. %(number)s", number=short_number(pledge_id))) if hide_name else name


def name_for_public(name: str) -> str:
    """The name as strangers see it."""
    return mask_name(name)
