"""Signing inside the widget, where the organizer allows it: a guest's form that only a letter makes count.

No cookie is read and none is set, so nobody is known here and no press of somebody signed in can be stolen.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.errors import Refusal
from app.people.names import masked_address
from app.petitions.forms import SignForm
from app.petitions.sign_views import read_wish
from app.petitions.signing import sign_now
from app.web.caching import for_everybody
from app.web.errors import words_for
from app.web.guards import anyone, own_origins
from app.web.headers import policy
from app.web.hosts import arrived_by
from app.web.links import absolute

from .choosing import frame_ancestors
from .failing import show_failure
from .frame_tokens import Verdict, frame_token, judge_token
from .looks import Look, asked_look
from .reading import Widget, find_widget
from .views import blueprint, missing_frame


@blueprint.route("/embed/v1/<slug>/sign", methods=["GET", "POST"])
@anyone
@for_everybody
def sign(slug: str) -> Response:
    """The form inside the frame; sent, it asks for a letter and counts nothing yet."""
    look, widget = own_look(), find_widget(slug)
    if widget is None or not widget.is_public:
        return missing_frame(look, taken_down=widget is not None)
    return for_this_frame(widget, answer(widget, look))


def own_look() -> Look:
    """The look of one reader's page, with the site whose widget led here."""
    return replace(asked_look(), via=arrived_by() or None)


def for_this_frame(widget: Widget, response: Response) -> Response:
    """Shown where the widget may be shown, sent to nobody but us, kept by nobody."""
    response.headers["Content-Security-Policy"] = policy(frame_ancestors=frame_ancestors(widget.choices))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def answer(widget: Widget, look: Look) -> Response:
    sending = request.method == "POST"
    if not widget.choices.signs_in_frame:
        return elsewhere(widget, look, _("The organizer lets people sign on our own page."), 404)
    if not widget.petition.signing:
        return elsewhere(widget, look, no_longer(), 409 if sending else 200)
    if not sending:
        return show_form(widget, look, SignForm())
    if not sent_by_our_page():
        abort(403)
    return take(widget, look)


def no_longer() -> str:
    return str(_("This petition is no longer taking signatures."))


def not_from_here() -> str:
    return str(_("The page around this widget does not let forms be sent from here. Nothing was sent."))


def sent_by_our_page() -> bool:
    """Whether the browser says that our own page sent this: fetch metadata, else the origin.

    Unlike elsewhere, saying neither is not enough: no script without a browser fills in frames.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if origin is not None and origin not in own_origins():
        return False
    return site == "same-origin" if site is not None else origin is not None


def take(widget: Widget, look: Look) -> Response:
    """Record the signature and send its letter on the way, or show the form again with everything typed."""
    token = request.form.get("token", "")
    verdict = judge_token(token, widget.petition.id)
    if verdict != "good":
        return ask_again(widget, look, verdict, token)
    wish = read_wish()
    if isinstance(wish, SignForm):
        return show_form(widget, look, wish, token=token, status=422)
    try:
        sign_now(widget.petition.id, wish)
    except Refusal as refusal:
        return elsewhere(widget, look, str(refusal.sentence), refusal.status)
    return show("embeds/signed.html", widget, look, mailbox=masked_address(wish.email))


def ask_again(widget: Widget, look: Look, verdict: Verdict, token: str) -> Response:
    """The form with everything typed: a young one only ripens, any other gets a token of today."""
    form = SignForm(request.form)
    form.validate()
    form.form_errors.append(
        {
            "young": _("That was very quick. Look the form over and press once more."),
            "old": _("This form had been open for long. All you wrote is still here: press once more."),
        }.get(verdict, _("This form was not made for this petition. Look it over and press once more."))
    )
    return show_form(widget, look, form, token=token if verdict == "young" else None, status=422)


def show_form(
    widget: Widget, look: Look, form: SignForm, *, token: str | None = None, status: int = 200
) -> Response:
    token = token or frame_token(widget.petition.id)
    form.region.widget = form.region.short_widget
    return show("embeds/sign.html", widget, look, status, form=form, token=token)


def elsewhere(widget: Widget, look: Look, sentence: str, status: int) -> Response:
    """Why one cannot sign here, and the way to our own page."""
    return show("embeds/sign_there.html", widget, look, status, sentence=sentence)


def show(template: str, widget: Widget, look: Look, status: int = 200, **page: object) -> Response:
    petition = widget.petition
    html = render_template(
        template,
        petition=petition,
        look=look,
        frame=f"/embed/v1/{petition.slug}{look.query}",
        there=absolute("pages.petition", slug=petition.slug, via=look.via, _anchor="sign"),
        **page,
    )
    return make_response(html, status)


@blueprint.errorhandler(HTTPException)
def stay_in_the_frame(error: HTTPException) -> Response:
    """What is wrong with what was sent is said beside the way to our own page."""
    status, slug = error.code or 500, (request.view_args or {}).get("slug", "")
    widget = find_widget(slug) if request.endpoint == "embeds.sign" and status < 500 else None
    if widget is None or not widget.is_public:
        return show_failure(error)
    sentence = not_from_here() if status == 403 else words_for(status)[1]
    return for_this_frame(widget, elsewhere(widget, own_look(), sentence, status))
