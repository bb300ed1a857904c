"""Signatures and pledges that came by a widget: counted by site, and the way back is offered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import db, run_tx
from app.embeds.choosing import choose
from app.outbox import Announcement
from app.petitions.arriving import count_arrival
from app.petitions.models import Petition
from app.pledges.links import browser_token
from app.pledges.models import Pledge
from app.pledges.pledging import save_method
from tests.embeds.arrivals import NEWS, counts, load
from tests.petitions.signing_page import MINJI, link_in, signatures
from tests.pledges.promises import FILLED_IN, card
from tests.world import World


def sign_from(client: FlaskClient, petition: Petition, site: str = NEWS, **changes: Any) -> None:
    """Sign on the petition's page, where the widget's link had led."""
    page = f"http://localhost/petitions/{petition.slug}?via={site}"
    answer = client.post(
        f"/petitions/{petition.slug}/signatures?lang=en", data=MINJI | changes, headers={"Referer": page}
    )
    assert answer.status_code == 200


def test_the_page_that_says_to_look_into_the_mailbox_leads_back_too(
    app: Flask, world: World, client: FlaskClient
) -> None:
    petition = listing(world, NEWS, "*.blogs.example")
    address = f"/petitions/{petition.slug}/signatures?lang=en"
    for site in ("evil.example", "blogs.example", "evilblogs.example", f"{NEWS}:8443"):
        load(app, petition, query=f"via={site}")
    for site, leads in (
        (NEWS, True),
        ("a.blogs.example", True),
        *((site, False) for site in ("evil.example", "blogs.example", "evilblogs.example", f"{NEWS}:8443")),
    ):
        page = client.post(f"{address}&via={site}", data=MINJI).text
        assert "Check your mailbox" in page
        assert (f'href="https://{site}/"' in page) is leads


def test_a_site_that_nobody_named_is_no_link(app: Flask, world: World, client: FlaskClient) -> None:
    petition = world.petition()
    load(app, petition, referrer="https://evil.example/")
    run_tx(lambda: count_arrival(petition.id, "signed", "evil.example"))
    page = client.post(f"/petitions/{petition.slug}/signatures?lang=en&via=evil.example", data=MINJI).text
    assert "You came from evil.example. To read on, go back to it in your browser." in page
    assert "https://evil.example" not in page


def listing(world: World, *names: str) -> Petition:
    """A petition whose organizer lets these sites show its widgets."""
    petition = world.petition()
    run_tx(lambda: choose(petition.id, tuple(f"https://{name}" for name in names), signs_in_frame=False))
    return petition


def letter_link(world: World, to: str = "minji") -> str:
    world.work()
    return link_in(world.letters(to)[-1].text)


def test_a_signature_counts_for_the_site_and_the_reader_is_shown_the_way_back(
    app: Flask, world: World, client: FlaskClient
) -> None:
    petition = listing(world, NEWS)
    load(app, petition)
    sign_from(client, petition)
    link = letter_link(world)
    assert counts(petition) == {NEWS: (1, 0, 0)}
    assert "Back to" not in client.get(f"{link}?lang=en").text
    for _press in range(2):
        page = client.post(f"{link}?lang=en").text
        assert f'<a href="https://{NEWS}/" rel="noopener nofollow">Back to {NEWS}</a>' in page
    assert counts(petition) == {NEWS: (1, 1, 0)}


def test_nobody_is_led_to_a_site_that_never_showed_the_widget(
    app: Flask, world: World, client: FlaskClient
) -> None:
    petition, other = world.petition(), world.petition(title="Another")
    load(app, other, referrer="https://evil.example/")
    sign_from(client, petition, "evil.example")
    page = client.post(f"{letter_link(world)}?lang=en").text
    assert "evil.example" not in page.replace(letter_link(world), "")
    assert counts(petition) == {"evil.example": (0, 1, 0)}


@pytest.mark.parametrize("site", ["javascript:alert(1)", "localhost", "//", "a" * 300])
def test_what_names_no_site_counts_for_nobody(world: World, client: FlaskClient, site: str) -> None:
    petition = world.petition()
    sign_from(client, petition, site)
    assert client.post(letter_link(world)).status_code == 200
    assert counts(petition) == {}


def test_a_wrong_form_keeps_the_site_in_its_address(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    address = f"/petitions/{petition.slug}/signatures?via={NEWS}"
    answer = client.post(address, data=MINJI | {"email": "no address"})
    assert answer.status_code == 422
    assert f"/signatures?via={NEWS}" in answer.text
    assert client.post(address, data=MINJI).status_code == 200
    client.post(letter_link(world))
    assert counts(petition) == {NEWS: (0, 1, 0)}


def test_one_press_of_somebody_signed_in_counts_too(app: Flask, world: World, client: FlaskClient) -> None:
    petition = world.petition()
    load(app, petition)
    junho = world.sign_in(client, "junho")
    assert junho.email
    form = MINJI | {"name": "준호", "email": junho.email}
    page = client.post(
        f"/petitions/{petition.slug}/signatures?via={NEWS}&lang=en",
        data=form,
        headers={"Origin": "http://localhost"},
    ).text
    assert f"You came from {NEWS}" in page
    assert counts(petition) == {NEWS: (1, 1, 0)}


def test_signing_without_a_widget_announces_nothing_more(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    client.post(f"/petitions/{petition.slug}/signatures", data=MINJI)
    db.session.rollback()
    [payload] = db.session.scalars(
        db.select(Announcement.payload).where(Announcement.topic == "signature_received")
    ).all()
    assert json.dumps(payload) == json.dumps({"signature_id": signatures()[0].id})


@pytest.mark.parametrize("method_first", [True, False])
def test_a_pledge_counts_for_the_site_once_it_is_complete(
    world: World, client: FlaskClient, method_first: bool
) -> None:
    petition = world.petition()
    address = f"/petitions/{petition.slug}/pledges"
    page = client.get(f"{address}?lang=en", headers={"Referer": f"http://localhost/petitions/x?via={NEWS}"})
    assert f"/pledges?via={NEWS}" in page.text
    gateway_page = client.post(f"{address}?via={NEWS}", data=FILLED_IN).headers["Location"]
    letter = letter_link(world)

    def save() -> None:
        back = client.post(gateway_page, data={"card": "ok"}).headers["Location"]
        assert client.get(back, follow_redirects=True).status_code == 200

    def confirm() -> None:
        assert client.post(letter).status_code == 200

    first, second = (save, confirm) if method_first else (confirm, save)
    first()
    assert counts(petition) == {}
    second()
    confirm()
    assert counts(petition) == {NEWS: (0, 0, 1)}


def test_a_pledge_without_a_widget_counts_for_nobody(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    client.post(f"/petitions/{petition.slug}/pledges", data=FILLED_IN)
    letter, saved = letter_link(world), card()
    pledge = db.session.query(Pledge).one()
    assert client.get(f"/pledges/{browser_token(pledge)}/method").status_code == 200
    run_tx(lambda: save_method(pledge.id, saved))
    assert client.post(letter).status_code == 200
    assert counts(petition) == {}
