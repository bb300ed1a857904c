"""The public account of an action, and the pages on which its backers vote."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, version_of
from app.web.caching import for_everybody, kept
from app.web.guards import anyone
from app.web.links import absolute

from .accounting import PublicAccount, public_account
from .history import tell
from .reading import ActionView, Plan, plan_view
from .wording import payout_title, what_now

blueprint = Blueprint("actions", __name__)
blueprint.add_app_template_global(payout_title)


@blueprint.get("/actions/<slug>")
@anyone
@for_everybody
def show(slug: str) -> Response:
    """What became of the pledges, the same for everybody."""
    petition = public_petition(slug)
    plan = plan_view(petition.id)
    action = plan.action
    if action is None:
        abort(404)
    account = public_account(petition.id)
    version = version_of(petition.version, plan.version, account.version)
    return kept(("action", slug), version, lambda: render(petition, action, plan, account))


def render(petition: PetitionView, action: ActionView, plan: Plan, account: PublicAccount) -> str:
    return render_template(
        "actions/show.html",
        petition=petition,
        action=action,
        account=account,
        figures=account.figures,
        steps=[(step, account.tranche(plan.milestones, step.position)) for step in plan.milestones],
        sentence=what_now(action, plan, account),
        told=tell(petition, action),
        address=absolute("actions.show", slug=petition.slug),
    )


from . import vote_views  # noqa: E402, F401
