"""Saving a payment method: off to the gateway's page, and back with what was saved there."""

from __future__ import annotations

from flask_babel import gettext as _

from app.db import db, run_tx
from app.errors import Refusal, Trouble

from .door import SavedMethod, gateway
from .methods import remember


def no_answer() -> Refusal:
    """What somebody is told when the gateway is silent."""
    return Refusal(
        _("The payment service did not answer. Nothing was charged; try again in a minute."), status=503
    )


def saving_page(subject_id: str, *, description: str, amount: int, currency: str, return_path: str) -> str:
    """Where a method is saved for a pledge, or whatever ``subject_id`` names; ``amount`` in minor units.

    Raises:
        Refusal: the gateway did not answer.
    """
    try:
        return gateway().saving_page(
            pledge_id=subject_id,
            description=description,
            amount=amount,
            currency=currency,
            return_path=return_path,
        )
    except Trouble as trouble:
        raise no_answer() from trouble


def claim(setup: str, subject_id: str) -> SavedMethod:
    """What was saved on the gateway's page for this subject.

    Raises:
        Refusal: the gateway did not answer, or knows no such setup.
    """
    db.session.rollback()
    try:
        return gateway().claim_setup(setup, pledge_id=subject_id)
    except Trouble as trouble:
        raise no_answer() from trouble


def save_script_token(token: str | None) -> SavedMethod | None:
    """The method a script names by a token; None without one: people use the gateway's page.

    Raises:
        Refusal: the token is not known, or the gateway did not answer.
    """
    if not token:
        return None
    try:
        return gateway().save_token(token)
    except Trouble as trouble:
        raise no_answer() from trouble


def keep(setup: str, subject_id: str, person_id: str) -> None:
    """Give the person what they saved on the gateway's page. Commits by itself.

    Raises:
        Refusal: as by :func:`claim`.
    """
    saved = claim(setup, subject_id)
    run_tx(lambda: remember(saved, person_id))
