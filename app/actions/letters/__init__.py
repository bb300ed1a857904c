"""The letters of an action: each function says what one letter says, in the language being spoken."""

from __future__ import annotations

from .collecting import (
    petition_fired,
    pledge_captured,
    pledge_dropped,
    pledge_failing,
    pledge_needs_auth,
    pledge_refunded,
    pledge_released,
)
from .delivered import (
    action_delivered_for_backer,
    action_delivered_for_organizer,
    action_delivered_for_signer,
)
from .outcomes import (
    action_released_for_organizer,
    action_released_for_signer,
    action_stopped_for_signer,
    action_underway_for_organizer,
    action_underway_for_signer,
    petition_expired_for_backer,
    petition_expired_for_organizer,
    petition_expired_for_signer,
    petition_tipped_for_organizer,
)
from .steps import (
    milestone_accepted_for_backer,
    milestone_accepted_for_organizer,
    milestone_claimed,
    milestone_due,
    milestone_rejected_for_backer,
    milestone_rejected_for_organizer,
    payout_failed,
    payout_paid,
    payout_proposed,
)

__all__ = [
    "action_delivered_for_backer",
    "action_delivered_for_organizer",
    "action_delivered_for_signer",
    "action_released_for_organizer",
    "action_released_for_signer",
    "action_stopped_for_signer",
    "action_underway_for_organizer",
    "action_underway_for_signer",
    "milestone_accepted_for_backer",
    "milestone_accepted_for_organizer",
    "milestone_claimed",
    "milestone_due",
    "milestone_rejected_for_backer",
    "milestone_rejected_for_organizer",
    "payout_failed",
    "payout_paid",
    "payout_proposed",
    "petition_expired_for_backer",
    "petition_expired_for_organizer",
    "petition_expired_for_signer",
    "petition_fired",
    "petition_tipped_for_organizer",
    "pledge_captured",
    "pledge_dropped",
    "pledge_failing",
    "pledge_needs_auth",
    "pledge_refunded",
    "pledge_released",
]
