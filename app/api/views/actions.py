"""Actions: what became of the pledges, step by step."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _

from app.actions.accounting import PublicAccount, public_account
from app.actions.listing import ListedAction, list_actions
from app.actions.models import ACTION_STATES
from app.actions.reading import ActionView, Plan, plan_view
from app.actions.summing_up import iso
from app.api.paging import ON_A_PAGE, asked_page, listed, next_link, on_page
from app.api.writing import figures_json, full_milestone, payout_json, public_answer
from app.errors import Refusal
from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, version_of
from app.web.caching import for_everybody
from app.web.guards import anyone

from . import blueprint

STATES = ("all", *ACTION_STATES)


@blueprint.get("/actions")
@anyone
@for_everybody
def actions() -> Response:
    """Actions of public petitions, the latest first: ``?state=&page=``."""
    state, page = asked_state(), asked_page()
    found = list_actions(state, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)

    def content() -> dict[str, Any]:
        asked: dict[str, Any] = {} if state == STATES[0] else {"state": state}
        following = next_link("api.actions", page, found.total, **asked)
        return listed([listed_action(each) for each in found.items], found.total, following)

    return public_answer(("api.actions", state, page), found.version, content)


def asked_state() -> str:
    state = request.args.get("state") or STATES[0]
    if state not in STATES:
        raise Refusal(
            _("Choose a state from this list: %(states)s.", states=", ".join(STATES)), field="state"
        )
    return state


@blueprint.get("/actions/<slug>")
@anyone
@for_everybody
def action(slug: str) -> Response:
    """One action with its figures and payouts, at the address of its petition."""
    view = public_petition(slug)
    plan = plan_view(view.id)
    found = plan.action
    if found is None:
        abort(404)
    account = public_account(view.id)
    version = version_of(view.version, plan.version, account.version)
    name = ("api.action", slug, view.as_of)
    return public_answer(name, version, lambda: whole_action(view, found, account))


@blueprint.get("/petitions/<slug>/milestones")
@anyone
@for_everybody
def milestones(slug: str) -> Response:
    """The steps of the plan, with what was shown for each and how the backers voted."""
    plan, page = plan_view(public_petition(slug).id), asked_page()
    return public_answer(("api.milestones", slug, page), plan.version, lambda: steps(slug, plan, page))


def steps(slug: str, plan: Plan, page: int) -> dict[str, Any]:
    total = len(plan.milestones)
    following = next_link("api.milestones", page, total, slug=slug)
    return listed([full_milestone(each) for each in on_page(plan.milestones, page)], total, following)


def listed_action(found: ListedAction) -> dict[str, Any]:
    return {
        "slug": found.slug,
        "title": found.title,
        "state": found.state,
        "kind": found.kind,
        "goal": found.goal,
        "started_at": iso(found.started_at),
        "figures": figures_json(found.figures),
    }


def whole_action(view: PetitionView, found: ActionView, account: PublicAccount) -> dict[str, Any]:
    return {
        "slug": view.slug,
        "title": view.title,
        "state": found.state,
        "kind": found.kind,
        "goal": found.goal,
        "started_at": iso(found.started_at),
        "figures": figures_json(account.figures),
        "collect_until": iso(found.collect_until),
        "decided_at": iso(found.decided_at),
        "underway_at": iso(found.underway_at),
        "released_at": iso(found.released_at),
        "delivered_at": iso(found.delivered_at),
        "stopped_at": iso(found.stopped_at),
        "voters": account.voters,
        "payouts": [payout_json(payout) for payout in account.payouts],
        "as_of": iso(view.as_of),
    }
