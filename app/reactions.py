"""What follows what: read this table and you know the product.

A low room announces a topic in its own transaction; the worker calls the functions named here, in order.
Those ``together`` share a transaction with their neighbours, the others have transactions of their own. Every
one of them may run twice. Webhooks come first: a letter that fails keeps no program waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from app.actions import collecting, firing, milestones, paying, payouts, planning, rewarding, sweeping
from app.api.once import forget_old_answers
from app.cooperating import leaving, sharing
from app.cooperating import sweeping as cooperative_sweeping
from app.db import run_tx
from app.doing import seating, starting
from app.embeds.folding import fold_old_days
from app.feeds.opendata.keeping import take_back
from app.feeds.opendata.making import start_daily
from app.giving import thanking
from app.hooks import announcing as tell_program
from app.hooks import keeping as webhooks
from app.hooks import sending as webhook_sending
from app.lending import disbursing, repaying, rescheduling
from app.lending import rewarding as instalment_points
from app.lending import watching as loan_watching
from app.mail.sending import send_due_letters
from app.ordering import delivering, missing, paying_in
from app.outbox import Together
from app.payments import charging
from app.payments.clustering import cluster_by_method
from app.payments.sandbox.delivering import deliver_due_events
from app.petitions import forgetting, launching
from app.points.standing import settle_levels
from app.pools import depositing
from app.pools import ending as pool_ending
from app.proposing import counting as proposal_counting
from app.proposing import sweeping as proposal_sweeping
from app.purses import paying_out
from app.subscribing import beginning as subscriptions
from app.subscribing import billing, ending
from app.subscribing import rewarding as monthly_points
from app.subscribing import sweeping as months
from app.telling import actions as tell_action
from app.telling import cooperating as tell_member
from app.telling import doing as tell_doer
from app.telling import giving as tell_giver
from app.telling import hooks as tell_developer
from app.telling import lending as tell_lender
from app.telling import ordering as tell_buyer
from app.telling import people as tell_person
from app.telling import petitions as tell_petition
from app.telling import pledges as tell_backer
from app.telling import pools as tell_sponsor
from app.telling import proposing as tell_voter
from app.telling import purses as tell_owner
from app.telling import signatures as tell_signer
from app.telling import subscribing as tell_patron

Reaction = Callable[..., object]


def in_tx(verb: Callable[..., object], key: str) -> Reaction:
    """The verb in one transaction, called with the announced ``key``; other details are left aside."""

    def react(**payload: Any) -> object:
        return run_tx(partial(verb, payload[key]))

    return react


def together(verb: Callable[..., object], key: str | None = None) -> Reaction:
    """The verb in a transaction that it may share; it is given ``key`` alone, or all that was announced."""
    if key is None:
        return Together(verb)

    def react(**payload: Any) -> object:
        return verb(payload[key])

    return Together(react)


def by(function: Callable[[str], object], key: str) -> Reaction:
    """The function, which commits by itself, called with the announced ``key``."""

    def react(**payload: Any) -> object:
        return function(payload[key])

    return react


def by_purpose(table: Mapping[str, Callable[[str], object]]) -> Reaction:
    """The function that the table names for the charge's purpose, called with the charge's id."""

    def react(*, charge_id: str, purpose: str) -> object:
        return table[purpose](charge_id) if purpose in table else None

    return react


CHARGE_DONE: dict[str, Callable[[str], object]] = {
    "missing": paying_in.paid_in,
    "month": billing.month_paid,
    "deposit": depositing.deposit_paid,
    "instalment": repaying.repayment_paid,
    "surplus": sharing.settle,
    "exit": leaving.settle,
}
"""What follows when money was taken, by the purpose of the charge; each commits by itself."""

CHARGE_FAILED: dict[str, Callable[[str], object]] = {
    "missing": tell_buyer.pay_in_failed,
    "month": billing.month_failed,
    "deposit": depositing.deposit_refused,
    "instalment": repaying.repayment_refused,
    "surplus": tell_member.charge_failed,
    "exit": tell_member.charge_failed,
}
"""What follows when it could not be taken."""

REACTIONS: Mapping[str, Sequence[Reaction]] = {
    # people
    "sign_in_requested": [tell_person.send_sign_in_link],
    "payment_method_saved": [together(cluster_by_method)],
    # signatures
    "signature_received": [together(tell_signer.ask_to_confirm)],
    "signature_repeated": [together(tell_signer.answer_again)],
    "signature_validated": [
        together(rewarding.reward_signature, "signature_id"),
        together(launching.submit_sponsored, "signature_id"),
    ],
    "signature_lost": [together(rewarding.void_signature, "signature_id")],
    # petitions
    "petition_launched": [
        by(tell_petition.launched, "petition_id"),
        by(tell_lender.launched, "petition_id"),
    ],
    "petition_submitted": [by(tell_petition.submitted, "petition_id")],
    "petition_opened": [
        tell_program.on_petition("petition.opened"),
        by(tell_petition.opened, "petition_id"),
    ],
    "petition_rejected": [
        by(tell_petition.rejected, "petition_id"),
        in_tx(pool_ending.end_pools, "petition_id"),
    ],
    "petition_hidden": [
        by(take_back, "petition_id"),
        by(tell_petition.hidden, "petition_id"),
    ],
    "petition_removed": [
        rewarding.punish_deception,
        by(tell_petition.removed, "petition_id"),
        in_tx(pool_ending.end_pools, "petition_id"),
    ],
    "petition_shown": [tell_program.on_petition("petition.shown")],
    "petition_tipped": [tell_program.on_petition("petition.tipped"), tell_action.tipped],
    "petition_untipped": [tell_program.on_petition("petition.untipped"), tell_petition.untipped],
    "petition_expired": [
        by(tell_action.expired, "petition_id"),
        in_tx(pool_ending.end_pools, "petition_id"),
        by(rewarding.console_early_backers, "petition_id"),
    ],
    "petition_closed": [
        tell_program.on_petition("petition.closed"),
        in_tx(forgetting.forget_keys, "petition_id"),
    ],
    "answer_recorded": [
        tell_program.on_petition("petition.answered"),
        by(tell_petition.answered, "petition_id"),
    ],
    "update_published": [
        tell_program.on_update("petition.updated"),
        by(tell_petition.updated, "update_id"),
    ],
    # the turn into an action
    "window_ended": [in_tx(firing.fire, "petition_id")],
    "petition_fired": [
        tell_program.on_petition("action.fired"),
        by(tell_action.fired, "petition_id"),
        by(collecting.collect, "petition_id"),
    ],
    "gateway_event": [by(collecting.learn_from_gateway, "object_id")],
    # pledges
    "pledge_made": [together(tell_backer.ask_to_confirm)],
    "pledge_ready": [together(tell_backer.say_it_counts, "pledge_id")],
    "pledge_joined": [by(subscriptions.begin_joined, "pledge_id")],
    "pledge_withdrawn": [
        together(tell_backer.say_it_is_withdrawn, "pledge_id"),
        together(seating.free_places, "pledge_id"),
    ],
    "pledge_failing": [together(tell_backer.say_it_failed)],
    "pledge_repaired": [by(collecting.try_again, "pledge_id")],
    "pledge_captured": [
        together(rewarding.reward_capture, "pledge_id"),
        together(tell_backer.say_it_is_captured, "pledge_id"),
    ],
    "pledge_released": [together(tell_backer.say_it_is_released, "pledge_id")],
    "pledge_dropped": [together(tell_backer.say_it_is_dropped)],
    "pledge_grace_over": [together(rewarding.penalize_broken, "pledge_id")],
    "pledge_refunded": [
        together(rewarding.reward_refund, "pledge_id"),
        together(tell_backer.say_it_is_refunded, "pledge_id"),
    ],
    "refund_owed": [by(collecting.give_back, "petition_id")],
    # money after the firing
    "charge_begun": [by(charging.run_charge, "charge_id")],
    "charge_done": [by_purpose(CHARGE_DONE)],
    "charge_failed": [by_purpose(CHARGE_FAILED)],
    # purses
    "purse_payout_asked": [by(paying_out.pay, "payout_id")],
    "purse_payout_paid": [together(tell_owner.payout_paid, "payout_id")],
    "purse_payout_failed": [together(tell_owner.payout_failed, "payout_id")],
    # pools
    "pool_deposited": [together(tell_sponsor.deposited, "pool_id")],
    "pool_failed": [together(tell_sponsor.refused, "pool_id")],
    "pool_returned": [together(tell_sponsor.returned, "pool_id")],
    "bonus_paid": [by(tell_sponsor.bonus_paid, "petition_id")],
    # thanks
    "gift_thanked": [together(tell_giver.thanked, "pledge_id")],
    # duties
    "duty_due": [
        together(tell_buyer.delivery_due, "duty_id"),
        together(tell_giver.thanks_due, "duty_id"),
    ],
    "duty_kept": [in_tx(paying.deliver_after_duty, "duty_id")],
    "duty_broken": [in_tx(paying.deliver_after_duty, "duty_id")],
    # proposals
    "proposal_put": [by(tell_voter.put, "proposal_id")],
    "proposal_opened": [by(tell_voter.opened, "proposal_id")],
    "proposal_ended": [in_tx(proposal_counting.end, "proposal_id")],
    "proposal_decided": [
        in_tx(rescheduling.carry_out, "proposal_id"),
        in_tx(sharing.decide, "proposal_id"),
        by(tell_voter.decided, "proposal_id"),
    ],
    "proposal_withdrawn": [
        in_tx(sharing.decide, "proposal_id"),
        by(tell_voter.withdrawn, "proposal_id"),
    ],
    # co-operatives
    "surplus_decided": [by(tell_member.surplus_decided, "surplus_id")],
    "surplus_shared": [by(tell_member.surplus_shared, "surplus_id")],
    "exit_asked": [by(tell_member.exit_asked, "leaving_id")],
    "exit_due": [by(tell_member.exit_due, "leaving_id")],
    "exit_paid": [by(tell_member.exit_paid, "leaving_id")],
    "exit_called_off": [by(tell_member.exit_called_off, "leaving_id")],
    # subscriptions
    "subscription_began": [together(tell_patron.began, "pledge_id")],
    "month_told": [together(tell_patron.told)],
    "month_paid": [
        together(monthly_points.reward_month, "bill_id"),
        together(tell_patron.paid, "bill_id"),
    ],
    "month_failing": [together(tell_patron.failing)],
    "month_given_back": [together(monthly_points.void_month, "bill_id")],
    "subscription_ended": [together(tell_patron.ended)],
    "subscription_stuck": [tell_patron.stuck],
    # loans
    "schedule_signed": [tell_lender.signed],
    "loan_disbursed": [by(tell_lender.disbursed, "petition_id")],
    "loan_not_disbursed": [by(tell_lender.not_disbursed, "petition_id")],
    "instalment_reminder": [tell_lender.reminded],
    "loan_repayment_settled": [instalment_points.reward_instalments, tell_lender.repaid_part],
    "loan_repayment_failed": [by(tell_lender.repayment_failed, "repayment_id")],
    "loan_rescheduled": [tell_lender.rescheduled],
    "loan_delinquent": [tell_lender.delinquent],
    "loan_defaulted": [
        by(tell_lender.defaulted, "petition_id"),
        in_tx(pool_ending.return_reserve, "petition_id"),
    ],
    "loan_repaid": [
        by(tell_lender.repaid, "petition_id"),
        in_tx(pool_ending.return_reserve, "petition_id"),
    ],
    # group orders
    "order_delivered": [together(tell_buyer.order_delivered)],
    "delivery_unanswered": [together(delivering.confirm_by_silence)],
    "missing_reported": [together(tell_buyer.missing_reported, "shortage_id")],
    "missing_unanswered": [in_tx(missing.agree_by_silence, "shortage_id")],
    "missing_agreed": [together(tell_buyer.missing_agreed, "shortage_id")],
    "missing_made_good": [together(tell_buyer.missing_made_good, "shortage_id")],
    "missing_contested": [together(tell_buyer.missing_contested, "shortage_id")],
    "missing_dismissed": [together(tell_buyer.missing_dismissed, "shortage_id")],
    "missing_withdrawn": [together(tell_buyer.missing_withdrawn, "shortage_id")],
    # deeds
    "place_taken": [together(tell_doer.place_taken)],
    "place_waited_for": [together(tell_doer.place_waited_for)],
    "place_moved_up": [together(tell_doer.place_moved_up)],
    "shift_soon": [together(tell_doer.soon)],
    "shift_changed": [together(tell_doer.changed)],
    "shift_cancelled": [together(tell_doer.cancelled, "shift_id")],
    "deed_reminder": [together(tell_doer.remind)],
    "deeds_due": [by(tell_doer.due, "petition_id")],
    "deed_denied": [together(tell_doer.denied)],
    "deed_disputed": [tell_doer.disputed],
    "deed_kept": [
        together(rewarding.reward_capture, "pledge_id"),
        together(tell_doer.kept, "pledge_id"),
    ],
    "deed_broken": [together(tell_doer.broken, "pledge_id")],
    "deed_upheld": [together(tell_doer.upheld, "pledge_id")],
    "thing_brought_back": [together(tell_doer.brought_back, "pledge_id")],
    "thing_missed": [together(tell_doer.missed, "pledge_id")],
    # actions
    "action_underway": [
        tell_program.on_petition("action.underway"),
        in_tx(planning.remind_on_the_day, "petition_id"),
        by(starting.begin, "petition_id"),
        by(tell_doer.begun, "petition_id"),
        by(tell_action.underway, "petition_id"),
        in_tx(pool_ending.end_pools, "petition_id"),
        by(subscriptions.begin_all, "petition_id"),
        by(rewarding.reward_organizer_for_signatures, "petition_id"),
    ],
    "action_released": [
        tell_program.on_petition("action.released"),
        by(tell_action.released, "petition_id"),
        by(ending.close_all, "petition_id"),
        by(starting.let_go, "petition_id"),
        in_tx(pool_ending.end_pools, "petition_id"),
        by(rewarding.console_early_backers, "petition_id"),
    ],
    "action_stopped": [
        tell_program.on_petition("action.stopped"),
        in_tx(leaving.call_off_all, "petition_id"),
        by(tell_action.stopped, "petition_id"),
        in_tx(thanking.let_go, "petition_id"),
        by(ending.close_all, "petition_id"),
        by(starting.let_go, "petition_id"),
    ],
    "action_delivered": [
        tell_program.on_petition("action.delivered"),
        by(rewarding.reward_early_signers, "petition_id"),
        by(tell_action.delivered, "petition_id"),
    ],
    "milestone_due": [by(tell_action.milestone_due, "milestone_id")],
    "milestone_claimed": [
        tell_program.on_milestone("milestone.claimed"),
        by(tell_action.milestone_claimed, "milestone_id"),
    ],
    "vote_ended": [in_tx(milestones.end_vote, "milestone_id")],
    "milestone_accepted": [
        tell_program.on_milestone("milestone.accepted"),
        by(rewarding.reward_milestone, "milestone_id"),
        by(tell_action.milestone_accepted, "milestone_id"),
    ],
    "milestone_rejected": [
        tell_program.on_milestone("milestone.rejected"),
        by(rewarding.penalize_missed, "milestone_id"),
        by(tell_action.milestone_rejected, "milestone_id"),
    ],
    "payout_proposed": [by(tell_action.payout_proposed, "payout_id")],
    "payout_failed": [by(tell_action.payout_failed, "payout_id")],
    "payout_paid": [
        in_tx(disbursing.begin_loan, "payout_id"),
        by(tell_action.payout_paid, "payout_id"),
    ],
    # webhooks
    "webhook_switched_off": [together(tell_developer.switched_off)],
}

MOVING: Sequence[Callable[[], object]] = (
    sweeping.sweep,
    collecting.collect_due,
    payouts.pay_due,
    charging.run_charges,
    loan_watching.watch,
    months.sweep,
    paying_out.pay_due,
    pool_ending.end_due,
    thanking.break_overdue,
    proposal_sweeping.end_due,
    cooperative_sweeping.settle_left_over,
    starting.look_after,
    deliver_due_events,
)
"""What carries campaigns on when their time has come."""

UPKEEP: Sequence[Callable[[], object]] = (
    send_due_letters,
    webhook_sending.send_due,
    webhooks.sweep_old,
    settle_levels,
    forget_old_answers,
    fold_old_days,
    start_daily,
)
"""What is sent, counted anew, thrown away and published by the day."""

SWEEPS = (*MOVING, *UPKEEP)
"""What the worker looks after at every look, whether or not anything was announced."""
