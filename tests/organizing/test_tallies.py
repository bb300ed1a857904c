"""Tallies by day: a day is a day in Seoul, and the plot carries its numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.db import db, run_tx
from app.organizing.tallies import Day, by_day
from app.petitions.models import Petition, Signature
from app.pledges.models import Pledge
from app.web.plotting import draw_bars
from tests.organizing.desk import signature
from tests.world import World


def set_moment(model: type[Signature] | type[Pledge], column: str, key: str, at: datetime) -> None:
    run_tx(lambda: db.session.execute(sa.update(model).where(model.id == key).values({column: at})))


def four_days(world: World) -> Petition:
    """Signatures on 1 and 4 June, a pledge on 2 June, all told in Seoul."""
    petition = world.petition(state="open", signatures=100)
    moments = {
        "alice": datetime(2026, 5, 31, 15, 0, tzinfo=UTC),
        "bob": datetime(2026, 6, 1, 14, 59, 59, tzinfo=UTC),
        "minji": datetime(2026, 6, 3, 15, 0, tzinfo=UTC),
    }
    for name, at in moments.items():
        set_moment(Signature, "validated_at", signature(petition, name), at)
    pledged = world.pledge(petition, "junho", 5_000)
    set_moment(Pledge, "ready_at", pledged, datetime(2026, 6, 2, 3, 0, tzinfo=UTC))
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "state", "closed"))
    return world.fresh(petition)


def test_a_day_begins_and_ends_in_seoul(world: World) -> None:
    assert by_day(four_days(world)) == [
        Day(date(2026, 6, 1), 2, 0, 0),
        Day(date(2026, 6, 2), 0, 1, 5_000),
        Day(date(2026, 6, 3), 0, 0, 0),
        Day(date(2026, 6, 4), 1, 0, 0),
    ]


def test_what_does_not_count_is_left_out(world: World) -> None:
    from app.petitions.signing import withdraw

    petition = world.petition()
    made = signature(petition, "alice")
    run_tx(lambda: withdraw(made))
    assert by_day(world.fresh(petition)) == []


def test_the_plot_stands_over_its_table(client: FlaskClient, world: World) -> None:
    petition = four_days(world)
    world.sign_in(client, "organizer")
    page = client.get(f"/desk/{petition.slug}?lang=en").text
    assert page.count('<svg class="plot-svg') == 2
    assert "<title>June 1, 2026: 2</title>" in page
    assert '<th scope="row">June 1, 2026</th><td class="num">2</td>' in page
    assert "style=" not in page


def test_a_bar_is_as_tall_as_its_value() -> None:
    drawn = draw_bars([("a", "a: 1", 1), ("b", "b: 2", 2)], title="<t>", tone="plot-x", most="2")
    assert 'height="60.0"' in drawn
    assert 'height="120.0"' in drawn
    assert "&lt;t&gt;" in drawn
