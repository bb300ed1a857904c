"""oEmbed, the frame it shows a person in, and the panel from which everything is copied."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from app.embeds.answers import open_to_other_sites, spoken
from app.embeds.failing import show_failure
from app.embeds.looks import asked_look
from app.embeds.polling import newest
from app.embeds.reading import INTERVAL, Widget, drawn, find_widget
from app.embeds.views import missing_frame
from app.errors import Refusal
from app.petitions.organizers import organizer_view
from app.petitions.reading import public_petition
from app.petitions.showing import version_of
from app.web.caching import for_everybody, public, tag_of
from app.web.formatting import asset
from app.web.guards import anyone
from app.web.headers import policy
from app.web.htmx import answer, wants_fragment
from app.web.languages import asked_language
from app.web.links import lasting

from .forms import WishForm
from .oembed import MIMETYPES, WRITERS, Picture, answer_to, question_in
from .offers import offer_of
from .people import listed_in_frame
from .unfolding import unfold
from .wishes import Wish

blueprint = Blueprint("offering", __name__)
blueprint.register_error_handler(HTTPException, show_failure)

MINUTE = 60
PREVIEWING = policy(frame_src="'self'")
"""The panel shows one frame of ours; no other page of ours shows any."""
PAGE, FRAGMENT = "embeds/panel.html", "embeds/_panel.html"


@blueprint.get("/oembed")
@anyone
@for_everybody
def oembed() -> Response:
    """What a link of ours unfolds into, for programs of any site."""
    try:
        question = question_in(request.args)
        found = unfold(question.url, question.width)
    except Refusal as refusal:
        response = make_response(f"{refusal.sentence}\n", refusal.status)
        response.mimetype = "text/plain"
        response.headers["Cache-Control"] = f"public, max-age={MINUTE}"
        response.vary.add("Accept-Language")
        return open_to_other_sites(response)
    base = current_app.config["DURE"].base_url
    picture = Picture(f"{base}{asset('img/og.png')}", 1200, 630)
    said = answer_to(question, found, base, picture)
    response = Response(WRITERS[question.form](said), mimetype=MIMETYPES[question.form])
    return open_to_other_sites(public(response, max_age=MINUTE))


@blueprint.get("/embed/v1/people/<handle>")
@anyone
@for_everybody
def person_frame(handle: str) -> Response:
    """The petitions of one person that every site may show, for other people's pages."""
    organizer, look = organizer_view(handle), asked_look()
    if organizer is None:
        return open_to_other_sites(missing_frame(look, taken_down=False))
    petitions = listed_in_frame(organizer)
    shown_ids = tuple(listed.id for listed in petitions)
    content = tag_of(organizer.version, shown_ids, look, *spoken())
    page = {"organizer": organizer, "petitions": petitions, "look": look, "interval": INTERVAL}
    return open_to_other_sites(
        newest(
            ("person frame", handle),
            content,
            organizer.as_of,
            lambda: render_template("embeds/person.html", **page, content=content),
        )
    )


@blueprint.get("/petitions/<slug>/embed")
@anyone
@for_everybody
def panel(slug: str) -> Response:
    """The Embed panel: a form whose every answer is in its address, the preview, and the code to copy."""
    widget = find_widget(public_petition(slug).slug)
    if widget is None:
        abort(404)
    form = WishForm.asked(request.args)
    if form.validate():
        response = drawn_panel(widget, form.wish())
    else:
        response = answer(PAGE, FRAGMENT, 422, **shown(widget, Wish()), form=form)
    response.headers["Content-Security-Policy"] = PREVIEWING
    return response


def drawn_panel(widget: Widget, wish: Wish) -> Response:
    template, contents = FRAGMENT if wants_fragment() else PAGE, shown(widget, wish)
    version = version_of(contents["offer"], widget.petition.locale)
    text = drawn(
        (template, widget.petition.slug, wish, version, spoken()),
        lambda: render_template(template, **contents, form=WishForm.showing(wish)),
    )
    response = public(Response(text, mimetype="text/html"))
    response.vary.add("HX-Request")
    return response


def shown(widget: Widget, wish: Wish) -> dict[str, object]:
    return {
        "petition": widget.petition,
        "offer": offer_of(widget, wish),
        "asked": asked_language(),
        "address": lasting("offering.panel", slug=widget.petition.slug),
    }
