"""Points for what people did: the table of the points rules, as small functions that run once per cause."""

from .consolations import console_early_backers
from .deceptions import punish_deception
from .milestones import penalize_missed, reward_milestone
from .pledges import penalize_broken, reward_capture, reward_refund
from .signatures import (
    reward_early_signers,
    reward_organizer_for_signatures,
    reward_signature,
    void_signature,
)

__all__ = [
    "console_early_backers",
    "penalize_broken",
    "penalize_missed",
    "punish_deception",
    "reward_capture",
    "reward_early_signers",
    "reward_milestone",
    "reward_organizer_for_signatures",
    "reward_refund",
    "reward_signature",
    "void_signature",
]
