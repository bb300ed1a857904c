"""``/me/webhooks``: a person's endpoints, what was sent to each, and what could not be."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.web.guards import person_required
from app.web.limits import limiter

from .events import EVENTS
from .forms import EndpointForm
from .keeping import add, change, remove, replay, rotate, send_test, switch_on
from .reading import EndpointView, dead_letters, endpoints_of, latest_deliveries
from .signing import OVERLAP, secret_of
from .wording import SCOPE_WORDS, failure

blueprint = Blueprint("hooks", __name__)


@blueprint.route("/me/webhooks", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def endpoints() -> Any:
    """All of them, and the form that adds one; the new one's secret is shown this once."""
    person_id = current_user.id
    if request.method == "GET":
        return list_page(EndpointForm(person_id=person_id))
    form = EndpointForm(request.form, person_id=person_id)
    if not form.validate():
        return list_page(form, 422)
    wish = form.wish
    try:
        endpoint_id = run_tx(lambda: add(person_id, wish, form_key=form.form_key))
    except Refusal as refusal:
        form.refuse(refusal)
        return list_page(form, refusal.status)
    if endpoint_id is None:
        return redirect(url_for("hooks.endpoints"), 303)
    return secret_page(own(endpoint_id), 201)


@blueprint.route("/me/webhooks/<uuid:endpoint_id>", methods=["GET", "POST"])
@person_required
@limiter.limit("60 per hour", methods=["POST"])
def endpoint(endpoint_id: object) -> Any:
    """One of them: what it is sent, and the form that changes it."""
    found = own(endpoint_id)
    if request.method == "GET":
        return one_page(found, EndpointForm.showing(found, current_user.id))
    form = EndpointForm(request.form, person_id=current_user.id)
    if not form.validate():
        return one_page(found, form, 422)
    wish = form.wish
    run_tx(lambda: change(found.id, wish))
    flash(_("Saved."), "good")
    return back_to(found)


@blueprint.post("/me/webhooks/<uuid:endpoint_id>/tests")
@person_required
@limiter.limit("60 per hour")
def test(endpoint_id: object) -> Any:
    """Send a test message; the page shows how it went."""
    found = own(endpoint_id)
    if run_tx(lambda: send_test(found.id)):
        flash(_("A test message is on its way. Below you see what comes back."), "good")
    else:
        flash(_("Switch it on first."), "warn")
    return back_to(found)


@blueprint.post("/me/webhooks/<uuid:endpoint_id>/secrets")
@person_required
@limiter.limit("20 per hour")
def secret(endpoint_id: object) -> Any:
    """Make a new secret and show it this once; the old one signs beside it for a day."""
    found = own(endpoint_id)
    rotation = request.form.get("rotation", -1, type=int)
    if not run_tx(lambda: rotate(found.id, rotation)):
        return back_to(found)
    return secret_page(own(endpoint_id), 201)


@blueprint.post("/me/webhooks/<uuid:endpoint_id>/replays")
@person_required
@limiter.limit("120 per hour")
def replays(endpoint_id: object) -> Any:
    """Send one message again, or every dead letter."""
    found = own(endpoint_id)
    delivery_id = request.form.get("delivery") or None
    known = {letter.id for letter in (*latest_deliveries(found.id), *dead_letters(found.id))}
    if delivery_id is not None and delivery_id not in known:
        abort(404)
    if found.state == "off":
        flash(_("Switch it on first."), "warn")
    elif run_tx(lambda: replay(found.id, delivery_id)):
        flash(_("On its way once more."), "good")
    return back_to(found)


@blueprint.post("/me/webhooks/<uuid:endpoint_id>/power")
@person_required
def power(endpoint_id: object) -> Any:
    """Switch an endpoint on that was given up."""
    found = own(endpoint_id)
    if run_tx(lambda: switch_on(found.id)):
        flash(_("Switched on. What was given up meanwhile waits below."), "good")
    return back_to(found)


@blueprint.route("/me/webhooks/<uuid:endpoint_id>/removal", methods=["GET", "POST"])
@person_required
def removal(endpoint_id: object) -> Any:
    """One question and one button."""
    found = own(endpoint_id)
    if request.method == "GET":
        return make_response(render_template("hooks/removal.html", endpoint=found))
    run_tx(lambda: remove(found.id))
    flash(_("Deleted. Nothing more is sent there."), "good")
    return redirect(url_for("hooks.endpoints"), 303)


def own(endpoint_id: object) -> EndpointView:
    """The endpoint, if it is theirs; 404 otherwise."""
    db.session.rollback()
    found = endpoints_of(current_user.id, str(endpoint_id))
    return found[0] if found else abort(404)


def back_to(found: EndpointView) -> Any:
    return redirect(url_for("hooks.endpoint", endpoint_id=found.id), 303)


def list_page(form: EndpointForm, status: int = 200) -> Response:
    db.session.expire_all()
    html = render_template(
        "hooks/endpoints.html",
        endpoints=endpoints_of(current_user.id),
        form=form,
        events=EVENTS,
        scopes=SCOPE_WORDS,
    )
    return make_response(html, status)


def one_page(found: EndpointView, form: EndpointForm, status: int = 200) -> Response:
    overlaps = found.rotated_at is not None and clock.now() < found.rotated_at + OVERLAP
    html = render_template(
        "hooks/endpoint.html",
        endpoint=found,
        overlap_ends=found.rotated_at + OVERLAP if found.rotated_at and overlaps else None,
        deliveries=latest_deliveries(found.id),
        dead=dead_letters(found.id),
        form=form,
        events=EVENTS,
        scopes=SCOPE_WORDS,
        failure=failure,
    )
    return make_response(html, status)


def secret_page(found: EndpointView, status: int) -> Response:
    html = render_template(
        "hooks/secret.html",
        endpoint=found,
        secret=secret_of(found.id, found.rotation),
        overlap=found.rotation > 0,
    )
    return make_response(html, status)
