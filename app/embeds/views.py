"""Widgets on other people's pages: no cookie, no script needed, never older than two intervals."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, abort, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from app.actions.sentences import next_sentence
from app.web.caching import Snapshots, for_everybody, tag_of
from app.web.guards import anyone
from app.web.headers import policy
from app.web.links import absolute

from .answers import good_for, open_to_other_sites, spoken
from .choosing import frame_ancestors
from .counting import shown_by
from .keeping import PREFIX, KeptAnswers
from .looks import Look, asked_look
from .polling import newest
from .reading import INTERVAL, Widget, drawn, find_widget
from .steps import MOST_STEPS, button_words, news_of, stage_of, step_words

blueprint = Blueprint("embeds", __name__)

MOST_DRAWN = 1000
LATER = 300
"""Seconds after which a widget that is not to be seen is asked for again: it may be shown once more."""


@blueprint.record_once
def keep_answers(state: BlueprintSetupState) -> None:
    """Read once an interval, and answer from memory meanwhile; not at all where nothing is kept."""
    app = cast("Flask", state.app)
    seconds = INTERVAL if app.config["DURE"].snapshot_seconds else 0
    app.extensions["widgets"] = Snapshots(seconds)
    app.extensions["drawn"] = Snapshots(seconds, most=MOST_DRAWN)
    kept = KeptAnswers(app.wsgi_app, seconds, shown_by(app).note)
    app.extensions["kept_answers"] = kept
    app.wsgi_app = kept  # type: ignore[method-assign]


@blueprint.after_request
def let_other_sites_show_it(response: Response) -> Response:
    return open_to_other_sites(response) if request.path.startswith(PREFIX) else response


@blueprint.get("/embed/v1/<slug>")
@anyone
@for_everybody
def frame(slug: str) -> Response:
    """The widget: bars, where the petition stands, and the way to its page.

    ``?since=`` the version that an open widget shows: 204 where nothing but the moment of the read is new.
    """
    look, widget = asked_look(), find_widget(slug)
    if widget is None or not widget.is_public:
        return missing_frame(look, taken_down=widget is not None)
    content = tag_of(widget.version, look, widget.left, *spoken())
    petition = widget.petition
    response = newest(
        ("frame", petition.slug),
        content,
        petition.as_of,
        lambda: draw_frame(widget, look, content),
        shows=petition.id,
    )
    response.headers["Content-Security-Policy"] = policy(
        frame_ancestors=frame_ancestors(widget.choices), form_action="'none'"
    )
    return response


@blueprint.get("/embed/<path:_rest>")
@anyone
@for_everybody
def nothing_here(_rest: str) -> Response:
    """Every other address below: said in the frame."""
    abort(404)


def draw_frame(widget: Widget, look: Look, content: str) -> str:
    petition = widget.petition
    return render_template(
        "embeds/frame.html",
        petition=petition,
        plan=widget.plan,
        most_steps=MOST_STEPS,
        shown_state=widget.state,
        sentence=next_sentence(petition, widget.plan),
        left=widget.left,
        stage=stage_of(widget),
        news=news_of(widget),
        button=button_words(widget),
        step_words=step_words,
        content=content,
        address=absolute("pages.petition", slug=petition.slug),
        sign_here=f"/embed/v1/{petition.slug}/sign{look.query}" if widget.choices.signs_in_frame else None,
        look=look,
        interval=INTERVAL,
    )


def missing_frame(look: Look, *, taken_down: bool) -> Response:
    """What a widget says where its petition is not to be seen: 410 once it was there, else 404."""
    if taken_down:
        heading = _("This petition is not available")
        sentence = _("It was taken down or is being looked into. It cannot be signed now.")
    else:
        heading = _("There is no petition at this address")
        sentence = _("The link of this widget may be mistyped.")
    again = LATER if request.method == "GET" else None
    text = drawn(
        ("frame missing", look, taken_down, again, spoken()),
        lambda: render_template(
            "embeds/missing.html", look=look, heading=heading, sentence=sentence, again=again
        ),
    )
    return good_for(Response(text, 410 if taken_down else 404, mimetype="text/html"))


from . import badge_views, files, signing_views  # noqa: E402, F401 - they hang further addresses on the blueprint
