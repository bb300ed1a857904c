"""What signing answers with: the form, "check your mailbox", and the page of one signature."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request
from markupsafe import escape

from app import clock
from app.db import db
from app.errors import Refusal
from app.people.names import masked_address
from app.web.caching import written
from app.web.hosts import arrived_by
from app.web.htmx import answer, wants_fragment
from app.web.languages import asked_language, language
from app.web.tokens import make_token

from .addresses import petition_url
from .confirming import number_of, signature_token
from .forms import SignForm
from .leading_back import way_back
from .masking import mask_name
from .models import Petition, Signature
from .regions import region_name
from .signing import takes_signatures, while_hidden

MAILBOX = "\ue000mailbox\ue000"
"""Where the masked address goes in the kept answer; no form lets these characters in."""


def ask(
    petition: Any, form: Any, status: int = 200, *, template: str = "petitions/sign.html", **page: Any
) -> Response:
    """The form: alone for htmx, else on a page of its own."""
    fragment = "petitions/_sign_form.html" if isinstance(form, SignForm) else template
    return answer(
        template,
        fragment,
        status,
        form=form,
        petition=petition,
        known={"from": request.args.get("from", "")[:40] or None, "via": arrived_by() or None},
        **page,
    )


def refuse(petition: Any, form: Any, refusal: Refusal, **page: Any) -> Response:
    """The form again with the refusal; htmx shows it only with the status of a form error."""
    form.refuse(refusal)
    return ask(petition, form, 422 if wants_fragment() else refusal.status, **page)


def show_letter_sent(petition: Any, email: str, via: str = "", again: str | None = None) -> Response:
    """ "Check your mailbox", which differs between signers of one site in nothing but the masked address.

    ``via`` is the site whose widget led here; ``again`` is the address of the form, where it is not the
    petition's own.
    """
    back = way_back(petition.id, via)
    fragment = wants_fragment()
    template = "petitions/_letter_sent.html" if fragment else "petitions/letter_sent.html"

    def render() -> tuple[bytes, bytes]:
        page = render_template(template, petition=petition, mailbox=MAILBOX, again=again, back=back)
        before, _mailbox, after = page.partition(MAILBOX)
        return before.encode(), after.encode()

    shown = (petition.slug, petition.title, again, back, fragment)
    before, after = written(("letter sent", *shown, language(), asked_language()), render)
    return Response(before + str(escape(masked_address(email))).encode() + after)


def show_signature(
    own: Signature,
    *,
    token: str | None = None,
    via: str = "",
    number: int | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The page of one signature, in whatever state it is.

    ``token`` is the link's, where the reader came by one; ``via`` is the site whose widget led here, and
    the way back goes nowhere else; ``number`` is given when it has just counted.
    """
    petition = db.session.get_one(Petition, own.petition_id)
    page = render_template(
        "petitions/signature.html",
        signature=own,
        petition=petition,
        token=token or signature_token(own.id, via),
        shown_name=mask_name(own.name),
        region=region_name(own.region, language()),
        fresh=number is not None,
        number=number_of(own) if number is None and own.state == "validated" else number,
        closed=not takes_signatures(petition, clock.now()),
        hidden=while_hidden() if petition.state == "hidden" and petition.closed_at is None else None,
        prefill=make_token("prefill", own.email),
        back=way_back(petition.id, via),
        share_url=petition_url(petition.slug) if petition.is_public else None,
    )
    return make_response(page, refusal.status if refusal else 200)
