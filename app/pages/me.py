"""``/me``: what a person has done here, what they may change, take along, and have erased."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from flask import Response, flash, jsonify, make_response, redirect, render_template, request
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.actions.forgetting import backed_from_purse, forget_payee, running_actions
from app.api.tokens import forget_tokens, tokens_of
from app.db import db, run_tx
from app.hooks.keeping import forget_endpoints
from app.hooks.reading import exported_endpoints
from app.mail.forgetting import forget_letters
from app.people.erasing import erase, forget_sign_ins
from app.people.forms import ErasureForm, ProfileForm
from app.people.models import Person
from app.petitions.forgetting import forget_signatures
from app.petitions.models import Signature
from app.pledges.forgetting import forget_pledges
from app.pledges.models import Pledge
from app.points.lines import lines_of
from app.purses.balances import balances_of
from app.purses.statement import read_statement
from app.subscribing.ending import forget as end_subscriptions
from app.web.guards import person_required

from .coming_back import coming_back_to
from .mine import everything_of
from .views import blueprint


@blueprint.route("/me", methods=["GET", "POST"])
@person_required
def me() -> Any:
    person = db.session.get_one(Person, current_user.id)
    if request.method != "POST":
        return show(person, ProfileForm(name=person.name, locale=person.locale))
    form = ProfileForm(request.form)
    if not form.validate():
        return show(person, form, 422)
    run_tx(lambda: rename(person.id, form))
    flash(_("Saved."), "good")
    return redirect("/me", 303)


def show(person: Person, form: ProfileForm, status: int = 200) -> Response:
    return make_response(render_template("pages/me.html", mine=everything_of(person), form=form), status)


def rename(person_id: str, form: ProfileForm) -> None:
    person = db.session.get_one(Person, person_id)
    person.name, person.locale = form.name.data or person.name, form.locale.data or person.locale


@blueprint.get("/me/export")
@person_required
def export() -> Response:
    """Everything kept about the person, as JSON to take along."""
    person = db.session.get_one(Person, current_user.id)
    response = jsonify(exported(person))
    response.headers["Content-Disposition"] = 'attachment; filename="dure.json"'
    return response


def exported(person: Person) -> dict[str, Any]:
    """Amounts are in minor units, points in thousandths; links that act for the person are left out."""
    mine = everything_of(person)
    return {
        "exported_at": clock.now().isoformat(),
        "person": {
            "name": person.name,
            "email": person.email,
            "language": person.locale,
            "region": person.region,
            "since": person.created_at.isoformat(),
        },
        "signatures": [without_keys(asdict(signature)) for signature in mine.signatures],
        "pledges": [without_keys(asdict(pledge)) for pledge in mine.pledges],
        "petitions": [
            {"slug": petition.slug, "title": petition.title, "state": petition.state}
            for petition in mine.petitions
        ],
        "purses": [
            {
                "currency": purse.currency,
                "total": purse.total,
                "movements": [
                    without_keys(asdict(line)) for line in read_statement(person.id, purse.currency)
                ],
            }
            for purse in mine.purses
        ],
        "webhooks": exported_endpoints(person.id),
        "partner_sites": [without_keys(asdict(token)) for token in tokens_of(person.id)],
        "letters_about": [slug for _title, slug, _token in mine.follows],
        "points": {
            "level": mine.standing.level,
            "events": [
                {
                    "reason": line.reason,
                    "thousandths": line.mp,
                    "at": line.at.isoformat(),
                    "voided": line.voided,
                }
                for line in lines_of(person.id)
            ],
        },
    }


def without_keys(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if name != "token"}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in kept.items()}


@blueprint.route("/me/erasure", methods=["GET", "POST"])
@person_required
def erasure() -> Any:
    """One page that says what goes and what stays, and one button.

    A purse has to be empty first, and an action that others rely on has to be over. What may still come back
    into the purse later has to be settled or given up: without the person nobody could reach it there.
    """
    person_id = current_user.id
    form = ErasureForm(request.form)
    in_the_way = {
        "full": [purse for purse in balances_of(person_id) if purse.total],
        "running": running_actions(person_id),
        "paid": backed_from_purse(person_id),
    }
    coming = coming_back_to(person_id)
    status = 200
    if request.method == "POST":
        if any(in_the_way.values()):
            status = 409
        elif coming and not form.give_up.data:
            form.give_up.errors = [_("Settle what is listed above first, or say here that you give it up.")]
            status = 422
        else:
            run_tx(lambda: erase_everywhere(person_id))
            cookie.clear()
            return make_response(render_template("pages/erased.html"))
    return make_response(
        render_template("pages/erasure.html", coming=coming, form=form, **in_the_way), status
    )


def erase_everywhere(person_id: str) -> None:
    """Erase a person in every room, all or nothing; counts, books and points stay as they are."""
    person = db.session.get_one(Person, person_id)
    email_key = person.email_key
    spellings = spellings_of(person)
    end_subscriptions(person_id)
    forget_pledges(person_id, email_key)
    forget_signatures(person_id, email_key)
    forget_payee(person_id)
    forget_tokens(person_id)
    forget_endpoints(person_id)
    erase(person_id)
    for spelling in spellings:
        forget_letters(spelling)
        forget_sign_ins(spelling)


def spellings_of(person: Person) -> set[str]:
    """Their address in every spelling that they signed, pledged or signed in with."""
    written = sa.union(
        *(
            sa.select(model.email).where(model.email_key == person.email_key, model.email.is_not(None))
            for model in (Person, Signature, Pledge)
        )
    )
    return set(db.session.scalars(written))
