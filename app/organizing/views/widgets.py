"""A petition's widgets on other sites: what they bring, who may show them, how one signs in them."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db import run_tx
from app.embeds.choosing import choose, read_choices
from app.organizing.loading import own_petition
from app.organizing.sites import sites_of
from app.organizing.widget_forms import WidgetForm
from app.petitions.models import Petition
from app.web.guards import person_required
from app.web.limits import limiter

from . import blueprint


@blueprint.route("/desk/<slug>/widgets", methods=["GET", "POST"])
@person_required
@limiter.limit("60 per hour", methods=["POST"])
def widgets(slug: str) -> Response:
    """The counts by site, and the form; open widgets follow what is saved within half a minute."""
    petition = own_petition(slug)
    if request.method == "GET":
        return widgets_page(petition, WidgetForm.showing(read_choices(petition.id)))
    form = WidgetForm.from_request()
    if not form.validate():
        return widgets_page(petition, form, 422)
    petition_id = petition.id
    restricted, signs = form.restricted.data, form.signs_in_frame.data
    run_tx(lambda: choose(petition_id, form.chosen, signs, open_to_all=not restricted))
    flash(_("Saved. Open widgets follow within half a minute."), "good")
    return redirect(url_for("organizing.widgets", slug=slug), 303)


def widgets_page(petition: Petition, form: WidgetForm, status: int = 200) -> Response:
    page = render_template(
        "organizing/widgets.html", petition=petition, form=form, sites=sites_of(petition.id)
    )
    return make_response(page, status)
