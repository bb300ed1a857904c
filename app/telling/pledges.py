"""Letters to one backer about one pledge; each is written inside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from app.actions import letters as action_letters
from app.actions.models import Action
from app.db import db
from app.mail.posting import Draft, post
from app.petitions.models import Petition
from app.pledges import letters
from app.pledges.models import Pledge

Write = Callable[[Pledge, Petition], Draft]


def write_to_backer(pledge_id: str, cause: str, write: Write) -> None:
    pledge = db.session.get_one(Pledge, pledge_id)
    petition = db.session.get_one(Petition, pledge.petition_id)
    post(pledge.email, pledge.locale, lambda: write(pledge, petition), cause=f"{cause}-{pledge_id}")


def ask_to_confirm(*, pledge_id: str, via: str = "") -> None:
    """The link that proves the address; ``via`` is the site whose widget led to the pledge."""
    write_to_backer(pledge_id, "confirm-pledge", partial(letters.confirm_pledge, via=via))


def say_it_counts(pledge_id: str) -> None:
    """It counts, and nothing has been charged."""
    write_to_backer(pledge_id, "pledge-ready", letters.pledge_ready)


def say_it_is_withdrawn(pledge_id: str) -> None:
    """It is gone, and nothing will be charged."""
    write_to_backer(pledge_id, "pledge-withdrawn", letters.pledge_withdrawn)


def say_it_failed(*, pledge_id: str, failure: str, tries: int) -> None:
    """A hold failed: how to mend it, and when we try again.

    Once for each card and reason; the next letter about the same card says that no try is left.
    """

    def write(pledge: Pledge, petition: Petition) -> Draft:
        if failure == "needs_auth":
            return action_letters.pledge_needs_auth(petition=petition, pledge=pledge)
        return action_letters.pledge_failing(petition=petition, pledge=pledge)

    card = db.session.get_one(Pledge, pledge_id).payment_method_id
    nth = tries if failure == "needs_auth" else card
    write_to_backer(pledge_id, f"failing-{nth}-{failure}", write)


def about_collecting(name: str) -> Callable[[str], None]:
    """A reaction that sends the letter of this name from ``actions.letters``."""

    def react(pledge_id: str) -> None:
        draft: Any = getattr(action_letters, name)
        write_to_backer(pledge_id, name, lambda pledge, petition: draft(petition=petition, pledge=pledge))

    return react


say_it_is_captured = about_collecting("pledge_captured")
say_it_is_released = about_collecting("pledge_released")


def say_it_is_dropped(*, pledge_id: str, until: str) -> None:
    """No try is left; until when it can still be mended."""
    moment = datetime.fromisoformat(until)
    write_to_backer(
        pledge_id,
        "pledge_dropped",
        lambda pledge, petition: action_letters.pledge_dropped(
            petition=petition, pledge=pledge, until=moment
        ),
    )


def say_it_is_refunded(pledge_id: str) -> None:
    """Money came back; every further part has a letter of its own.

    What goes back for missing units while the work goes on was told when it was decided.
    """
    pledge = db.session.get_one(Pledge, pledge_id)
    state = db.session.scalar(sa.select(Action.state).where(Action.petition_id == pledge.petition_id))
    if pledge.kind == "order" and state == "underway":
        return
    back = pledge.came_back
    write_to_backer(
        pledge_id,
        f"pledge_refunded-{back}",
        lambda pledge, petition: action_letters.pledge_refunded(petition=petition, pledge=pledge),
    )
