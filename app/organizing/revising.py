"""Revising a petition with its plan, as long as nobody has agreed to either."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.actions.planning import Step, plan_of, replan
from app.errors import Refusal
from app.petitions.editing import edit, has_been_signed
from app.petitions.launching import PetitionWish


def revise(petition_id: str, wish: PetitionWish, steps: Sequence[Step]) -> bool:
    """Change words, terms and plan together; False when nothing differs. Call inside a transaction.

    Raises:
        Refusal: as :func:`app.petitions.editing.edit`; the plan is a term like the others.
    """
    changed = edit(petition_id, wish)
    if steps_of(petition_id) == list(steps):
        return changed
    if has_been_signed(petition_id):
        raise Refusal(
            _("Somebody has signed, so the plan is locked. You can still correct the summary and the text."),
            field="step1_title",
        )
    replan(petition_id, steps)
    return True


def steps_of(petition_id: str) -> list[Step]:
    """The plan as it was promised."""
    return [Step(found.title, found.share, found.due_on) for found in plan_of(petition_id)]
