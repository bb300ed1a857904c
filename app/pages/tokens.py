"""``/me/tokens``: access tokens for partner sites, made here, shown once, revoked here."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, SelectField
from wtforms.validators import AnyOf, DataRequired

from app.api.tokens import DAYS, make_token, revoke, tokens_of
from app.db import db, run_tx
from app.errors import Refusal
from app.web.forms import KeyedForm, options, text_field
from app.web.guards import person_required
from app.web.limits import limiter

from .views import blueprint

SCOPE_NAMES = {"sign": _l("signatures"), "pledge": _l("pledges")}
NO_LIFETIME = _l("Choose how long the token works.")
LIFETIMES = [(str(days), _l("%(days)s days", days=days)) for days in DAYS]


class TokenForm(KeyedForm):
    """What a token is for, what it may do, and for how many days."""

    name = text_field(
        _l("What is it for?"), most=60, required=_l("Write what the token is for, such as the site's name.")
    )
    sign = BooleanField(_l("Pass on signatures (sign)"))
    pledge = BooleanField(_l("Pass on pledges (pledge)"))
    days = SelectField(
        _l("It works for"),
        choices=options(LIFETIMES),
        default=str(DAYS[1]),
        validate_choice=False,
        validators=[DataRequired(NO_LIFETIME), AnyOf([value for value, _label in LIFETIMES], NO_LIFETIME)],
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that were ticked."""
        return tuple(field.name for field in (self.sign, self.pledge) if field.data)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine: bool = super().validate(*args, **kwargs)
        if self.scopes:
            return fine
        self.sign.errors = [*self.sign.errors, _("Choose at least one thing that the token may do.")]
        return False


@blueprint.route("/me/tokens", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def tokens() -> Response:
    """The list, and the form that makes one; the new token stands on the answer alone."""
    if request.method != "POST":
        return show_tokens(TokenForm())
    form = TokenForm(request.form)
    if not form.validate():
        return show_tokens(form, 422)
    person_id = current_user.id
    try:
        made = run_tx(
            lambda: make_token(
                person_id,
                name=form.name.data or "",
                scopes=form.scopes,
                days=int(form.days.data),
                form_key=form.form_key,
            )
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return show_tokens(form, refusal.status)
    if made is None:
        flash(_("This token was made already, and is shown only once. Revoke it if you did not copy it."))
        return make_response(redirect(url_for("pages.tokens"), 303))
    return show_tokens(TokenForm(), made=made)


def show_tokens(form: TokenForm, status: int = 200, *, made: str | None = None) -> Response:
    db.session.expire_all()
    listed = tokens_of(current_user.id)
    page = render_template("pages/tokens.html", form=form, tokens=listed, made=made, scope_names=SCOPE_NAMES)
    return make_response(page, status)


@blueprint.post("/me/tokens/<uuid:token_id>/revocation")
@person_required
def token_revocation(token_id: Any) -> Any:
    """From now on the token opens nothing."""
    person_id = current_user.id
    if not run_tx(lambda: revoke(person_id, str(token_id))):
        abort(404)
    flash(_("Revoked. Whoever still holds the token can do nothing with it."), "good")
    return redirect(url_for("pages.tokens"), 303)
