"""The short form on pages that everybody sees."""

from __future__ import annotations

from flask import Flask, render_template
from flask.testing import FlaskClient

from tests.world import World


def test_it_needs_no_session_and_leads_to_the_filled_in_form(
    world: World, app: Flask, client: FlaskClient
) -> None:
    petition = world.petition()
    with app.test_request_context("/?lang=en"):
        html = render_template("pledges/_ask.html", petition=petition)
    assert 'method="get"' in html
    assert 'name="amount"' in html
    assert "csrf" not in html
    assert "checked" not in html
    page = client.get(f"/petitions/{petition.slug}/pledges", query_string={"lang": "en", "amount": "10000"})
    assert "You pay ₩10,000 only if" in page.text
