"""The organizer's view of the subscriptions: months, patrons, a sheet, and the end of it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.actions.models import Action
from app.db import db
from app.money import to_major
from app.payments.models import Payee
from app.petitions.masking import mask_name
from app.petitions.models import Petition
from app.web.guards import person_required
from app.web.paging import asked_page
from app.web.sheets import download, sheet

from . import ending
from .reading import patrons_page, read_overview
from .standing import is_closed
from .views import blueprint
from .wording import month_name

A_PAGE = 50
MOST = 100_000


def own_subscription(slug: str) -> Petition:
    """The signed-in organizer's petition whose action takes subscriptions; for everybody else 404."""
    petition = db.session.scalar(
        sa.select(Petition)
        .join(Action, Action.petition_id == Petition.id)
        .where(
            Petition.slug == slug,
            Petition.organizer_id == current_user.id,
            Action.underway_at.is_not(None),
        )
    )
    if petition is None or petition.threshold_of("recurring") is None:
        abort(404)
    return petition


@blueprint.get("/desk/<slug>/subscription")
@person_required
def desk(slug: str) -> Response:
    """How it stands, month by month, and who takes part."""
    petition = own_subscription(slug)
    page = asked_page()
    patrons, more = patrons_page(petition.id, page, A_PAGE)
    html = render_template(
        "subscribing/desk.html",
        petition=petition,
        found=read_overview(petition.id),
        patrons=patrons,
        page=page,
        more=more,
        month_name=month_name,
        shown_name=shown_name,
        collects=not is_closed(petition.id),
        has_payee=db.session.get(Payee, current_user.id) is not None,
    )
    return make_response(html)


def shown_name(name: str, hidden: bool) -> str:
    """The masked name, or that it is hidden: what somebody hides, the organizer does not learn either."""
    return _("(name hidden)") if hidden else mask_name(name)


@blueprint.get("/desk/<slug>/subscription.csv")
@person_required
def desk_csv(slug: str) -> Response:
    """Every patron: name as shown, promise and sums in major units, state."""
    petition = own_subscription(slug)
    currency = read_overview(petition.id).currency
    patrons, _more = patrons_page(petition.id, 1, MOST)
    rows = [
        (
            shown_name(patron.name, patron.hide_name),
            "" if patron.promised is None else to_major(patron.promised, currency),
            currency,
            patron.state,
            patron.months_paid,
            to_major(patron.paid, currency),
            patron.began,
        )
        for patron in patrons
    ]
    columns = (
        _("Name"),
        _("A month, at most"),
        _("Currency"),
        _("State"),
        _("Charges paid"),
        _("Paid in all"),
        _("First month"),
    )
    return download(sheet(columns, rows), f"patrons-{petition.id[-12:]}.csv")


@blueprint.route("/desk/<slug>/subscription/end", methods=["GET", "POST"])
@person_required
def end(slug: str) -> Response:
    """What collecting no more means; POST ends every subscription."""
    petition = own_subscription(slug)
    if request.method == "POST":
        ending.collect_no_more(petition.id)
        flash(_("Nothing more is collected. Everybody who took part gets a letter."), "good")
        return make_response(redirect(url_for("subscribing.desk", slug=slug), 303))
    html = render_template("subscribing/end.html", petition=petition, found=read_overview(petition.id))
    return make_response(html)
