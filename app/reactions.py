"""What follows what: read this table and you know the product.

A low room announces a topic in its own transaction; the worker calls the functions named here, in order,
each in transactions of its own. Every one of them may run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from app.actions import collecting, firing, milestones, payouts, rewarding, sweeping
from app.db import run_tx
from app.mail.sending import send_due_letters
from app.payments.clustering import cluster_by_method
from app.payments.sandbox.delivering import deliver_due_events
from app.petitions import launching
from app.points.standing import settle_levels
from app.telling import signatures as tell_signer

Reaction = Callable[..., object]


def in_tx(verb: Callable[..., object], key: str) -> Reaction:
    """The verb in one transaction, called with the announced ``key``; other details are left aside."""

    def react(**payload: Any) -> object:
        return run_tx(partial(verb, payload[key]))

    return react


def by(function: Callable[[str], object], key: str) -> Reaction:
    """The function, which commits by itself, called with the announced ``key``."""

    def react(**payload: Any) -> object:
        return function(payload[key])

    return react


REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "signature_received": [tell_signer.ask_to_confirm],
    "signature_repeated": [tell_signer.answer_again],
    "signature_validated": [
        by(rewarding.reward_signature, "signature_id"),
        by(launching.submit_sponsored, "signature_id"),
    ],
    "signature_lost": [by(rewarding.void_signature, "signature_id")],
    "window_ended": [in_tx(firing.fire, "petition_id")],
    "petition_fired": [by(collecting.collect, "petition_id")],
    "petition_expired": [by(rewarding.console_early_backers, "petition_id")],
    "payment_method_saved": [cluster_by_method],
    "gateway_event": [by(collecting.learn_from_gateway, "object_id")],
    "pledge_repaired": [by(collecting.try_again, "pledge_id")],
    "pledge_captured": [by(rewarding.reward_capture, "pledge_id")],
    "pledge_refunded": [by(rewarding.reward_refund, "pledge_id")],
    "pledge_grace_over": [by(rewarding.penalize_broken, "pledge_id")],
    "action_underway": [by(rewarding.reward_organizer_for_signatures, "petition_id")],
    "action_released": [by(rewarding.console_early_backers, "petition_id")],
    "vote_ended": [in_tx(milestones.end_vote, "milestone_id")],
    "milestone_accepted": [by(rewarding.reward_milestone, "milestone_id")],
    "milestone_rejected": [by(rewarding.penalize_missed, "milestone_id")],
    "action_delivered": [by(rewarding.reward_early_signers, "petition_id")],
}

SWEEPS: Sequence[Callable[[], object]] = (
    sweeping.sweep,
    collecting.collect_due,
    payouts.pay_due,
    deliver_due_events,
    send_due_letters,
    settle_levels,
)
"""What the worker looks after at every look, whether or not anything was announced."""
