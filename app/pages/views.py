"""Pages that compose several concepts; everybody sees the same, so everybody may keep them."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, make_response, render_template, request

from app import clock
from app.actions.reading import Plan, plan_view, shown_state
from app.actions.sentences import next_sentence
from app.petitions.forms import SignForm
from app.petitions.reading import petition_view
from app.petitions.regions import region_name
from app.petitions.showing import PetitionView, version_of
from app.petitions.sources import source_of
from app.petitions.topics import TOPICS
from app.pools.reading import PublicPools, public_pools
from app.web.caching import for_everybody, kept
from app.web.formatting import time_left
from app.web.guards import anyone
from app.web.links import absolute

from .front import front
from .steps import steps_of

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@anyone
@for_everybody
def home() -> Response:
    shown = front()
    return kept(
        ("home",),
        shown.version,
        lambda: render_template("pages/home.html", front=shown, address=absolute("pages.home")),
    )


@blueprint.get("/petitions/<slug>")
@anyone
@for_everybody
def petition(slug: str) -> Response:
    """The petition, its numbers, its forms and its history on one page."""
    view = petition_view(slug)
    if view is None:
        abort(404)
    if view.state == "removed":
        abort(410)
    if not view.is_public:
        return make_response(render_template("pages/unavailable.html"), 404)
    plan = plan_view(view.id)
    pools = public_pools(view.id)
    version = version_of(view.version, plan.version, pools, countdown(view.deadline))
    return kept(("page", slug), version, lambda: render(view, plan, pools))


def countdown(deadline: datetime | None) -> tuple[int, int]:
    """What must be the same for :func:`time_left` to say the same: the unit in seconds, and how many."""
    seconds = int((deadline - clock.now()).total_seconds()) if deadline else 0
    unit = next((unit for unit in (86_400, 3600) if seconds >= 2 * unit), 60)
    return unit, max(seconds // unit, 0)


def render(view: PetitionView, plan: Plan, pools: PublicPools | None) -> str:
    address = absolute("pages.petition", slug=view.slug)
    return render_template(
        "pages/petition.html",
        petition=view,
        plan=plan,
        pools=pools,
        action=plan.action,
        form=SignForm(),
        address=address,
        left=time_left(view.deadline) if view.deadline else "",
        region_name=region_name,
        topics=TOPICS,
        steps=steps_of(view, plan),
        shown_state=shown_state(view, plan.action),
        source=source_of(view.archive.source) if view.archive else None,
        **progress_of(view, plan),
    )


def progress_of(view: PetitionView, plan: Plan) -> dict[str, str]:
    """The sentence beside the bars, and the name of both, by which a poll asks for what is newer."""
    sentence = next_sentence(view, plan)
    return {"sentence": sentence, "progress": version_of(view.thresholds, view.pending, sentence)}


@blueprint.get("/petitions/<slug>/progress")
@anyone
@for_everybody
def progress(slug: str) -> Response:
    """The bars alone; 204 while they are as ``?seen=`` says."""
    view = petition_view(slug)
    if view is None or not view.is_public:
        abort(404)
    words = progress_of(view, plan_view(view.id))
    if request.args.get("seen") == words["progress"]:
        response = Response(status=204)
        response.headers["Cache-Control"] = "public, no-cache"
        return response
    return kept(
        ("progress", slug),
        words["progress"],
        lambda: render_template("pages/_progress.html", petition=view, **words),
    )


@blueprint.get("/about")
@anyone
@for_everybody
def about() -> Response:
    return static_page("about")


@blueprint.get("/privacy")
@anyone
@for_everybody
def privacy() -> Response:
    return static_page("privacy")


@blueprint.get("/terms")
@anyone
@for_everybody
def terms() -> Response:
    return static_page("terms")


def static_page(name: str) -> Response:
    return kept((name,), name, lambda: render_template(f"pages/{name}.html"))


from . import books, developers, health, me, people, tokens  # noqa: E402, F401
