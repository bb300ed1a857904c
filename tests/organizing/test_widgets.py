"""/desk/<slug>/widgets: what other sites bring, who may show the widget, and signing inside it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import db, run_tx
from app.embeds.choosing import UNCHOSEN, read_choices
from app.embeds.models import WidgetChoice
from app.embeds.origins import MOST
from app.petitions.arriving import OTHERS, add, row_of, today
from app.petitions.models import Petition
from tests.fresh import get
from tests.organizing.desk import OURS, send
from tests.world import World


def path_of(petition: Petition) -> str:
    return f"/desk/{petition.slug}/widgets?lang=en"


def rules(client: FlaskClient, petition: Petition) -> list[str]:
    return get(client, f"/embed/v1/{petition.slug}").headers["Content-Security-Policy"].split("; ")


def test_the_organizer_names_the_sites_and_every_frame_obeys(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    assert "frame-ancestors *" in rules(client, petition)
    answer = send(
        client,
        path_of(petition),
        {
            "origins": "News.example.org/\nhttps://*.신문.한국, https://news.example.org",
            "restricted": "y",
            "signs_in_frame": "y",
        },
    )
    assert answer.status_code == 303
    expected = "frame-ancestors 'self' https://news.example.org https://*.xn--z92b13l.xn--3e0b707e"
    assert expected in rules(client, petition)
    assert read_choices(petition.id).signs_in_frame
    page = client.get(path_of(petition)).text
    assert "https://news.example.org\nhttps://*.xn--z92b13l.xn--3e0b707e</textarea>" in page
    assert boxes_ticked(page) == {"restricted", "signs_in_frame"}
    assert "Saved. Open widgets follow within half a minute." in page
    assert send(client, path_of(petition), {"origins": " \n"}).status_code == 303
    assert "frame-ancestors *" in rules(client, petition)
    assert not read_choices(petition.id).signs_in_frame


def boxes_ticked(page: str) -> set[str]:
    return set(re.findall(r'<input[^>]*checked[^>]*name="(\w+)"', page))


def test_sites_can_be_vouched_for_while_every_site_may_show_it(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    assert boxes_ticked(client.get(path_of(petition)).text) == set()
    assert send(client, path_of(petition), {"origins": "news.example.org"}).status_code == 303
    assert "frame-ancestors *" in rules(client, petition)
    page = client.get(path_of(petition)).text
    assert "https://news.example.org</textarea>" in page
    assert boxes_ticked(page) == set()


def test_sites_listed_before_all_could_be_let_in_still_shut_out_the_others(
    client: FlaskClient, world: World
) -> None:
    """A row as it was written then says nothing of all the others."""
    petition = world.petition()
    listed = {"origins": ["https://news.example.org"], "changed_at": clock.now()}
    run_tx(lambda: db.session.add(WidgetChoice(petition_id=petition.id, **listed)))
    world.sign_in(client, "organizer")
    assert "frame-ancestors 'self' https://news.example.org" in rules(client, petition)
    assert boxes_ticked(client.get(path_of(petition)).text) == {"restricted"}


def test_only_sites_that_are_named_can_be_the_only_ones(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    answer = send(client, path_of(petition), {"origins": "", "restricted": "y"})
    assert answer.status_code == 422
    assert "Name at least one site, or let every site show the widget." in answer.text
    assert boxes_ticked(answer.text) == {"restricted"}
    assert read_choices(petition.id) == UNCHOSEN


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("javascript:alert(1)", "javascript:alert(1): write a site as https://www.example.org, one a line."),
        ("http://news.example.org", "Start the site with https://."),
        ("https://news.example.org/article", "leave out what comes after the name of the site."),
        ("https://*.org", "a star may only stand first"),
        ("*", "A star alone is no site."),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;: write a site as"),
        ("\n".join(f"site-{number}.example.org" for number in range(MOST + 1)), "Keep at most 50 sites"),
        ("x" * 20_001, "Shorten this to 20000 characters."),
        ("a\x00.example.org", "invisible control characters"),
    ],
)
def test_what_is_no_site_is_said_beside_the_field(
    client: FlaskClient, world: World, typed: str, sentence: str
) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    answer = send(client, path_of(petition), {"origins": f"good.example.org\n{typed}", "signs_in_frame": "y"})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert sentence in answer.text
    assert "good.example.org" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<script>alert" not in answer.text
    assert read_choices(petition.id) == UNCHOSEN


def test_sites_are_listed_by_what_they_bring(client: FlaskClient, world: World) -> None:
    petition, other = world.petition(), world.petition(title="Another")
    brought = [
        row_of((petition.id, "blog.example"), today(), shown=9_000),
        row_of((petition.id, "news.example.org"), today(), shown=1_200, signed=12, pledged=3),
        row_of((petition.id, OTHERS), today(), pledged=1),
        row_of((other.id, "elsewhere.example"), today(), shown=1),
    ]
    run_tx(lambda: add(brought))
    world.sign_in(client, "organizer")
    page = client.get(path_of(petition)).text
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page)
    found = [re.split(r"<[^>]+>+", row)[0] for row in rows]
    assert found == ["news.example.org", "All further sites", "blog.example"]
    assert re.findall(r'"num">([\d,]+)<', rows[0]) == ["1,200", "12", "3"]
    assert re.findall(r'class="stat-value">([\d,]+)', page) == ["10,200", "12", "4"]
    assert "elsewhere.example" not in page
    assert "No site has shown the widget yet" in client.get(path_of(world.petition(title="Third"))).text


def test_a_made_up_site_stays_text(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    run_tx(lambda: add([row_of((petition.id, "<b>x</b>"), today(), shown=1)]))
    world.sign_in(client, "organizer")
    page = client.get(path_of(petition)).text
    assert "<b>x</b>" not in page
    assert 'href="https://' not in page.partition("<table")[2].partition("</table>")[0]


def test_the_desk_leads_there(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    assert "Widgets on other sites" in client.get(f"/desk/{petition.slug}?lang=en").text


def test_strangers_and_forgers_are_kept_out(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    path = path_of(petition)
    assert client.get(path).status_code == 302
    world.sign_in(client, "alice")
    assert client.get(path).status_code == 404
    world.sign_in(client, "organizer")
    form = {"origins": "evil.example", "signs_in_frame": "y"}
    assert client.post(path, data=form, headers=OURS).status_code == 400
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(path, data=form, headers=foreign).status_code == 403
    assert read_choices(petition.id) == UNCHOSEN
