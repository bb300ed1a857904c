"""Over-subscription: the published figures, and what must hold for any."""

from __future__ import annotations

from math import comb

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app.organizing.oversubscription import chance_of_enough, pledges_for
from tests.world import World


def exactly(pledges: int, needed: int) -> float:
    """The same by whole numbers: 8 of 100 cards fail."""
    ways = sum(comb(pledges, f) * 8**f * 92 ** (pledges - f) for f in range(pledges - needed + 1))
    return ways / 100**pledges


@pytest.mark.parametrize(("chance", "pledges"), [(0.5, 326), (0.95, 335), (0.99, 339)])
def test_three_hundred_needed(chance: float, pledges: int) -> None:
    assert pledges_for(300, chance) == pledges


@pytest.mark.parametrize(("pledges", "per_cent"), [(335, 95.6), (339, 99.1)])
def test_the_chances_of_three_hundred(pledges: int, per_cent: float) -> None:
    assert round(chance_of_enough(pledges, 300) * 100, 1) == per_cent


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 400), st.integers(0, 60))
def test_it_is_the_binomial_distribution(needed: int, spare: int) -> None:
    assert chance_of_enough(needed + spare, needed) == pytest.approx(
        exactly(needed + spare, needed), abs=1e-9
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 100_000), st.sampled_from([0.5, 0.95, 0.99]))
def test_one_pledge_fewer_is_not_enough(needed: int, chance: float) -> None:
    pledges = pledges_for(needed, chance)
    assert chance_of_enough(pledges, needed) >= chance
    assert chance_of_enough(pledges - 1, needed) < chance


@pytest.mark.parametrize(("needed", "chance"), [(0, 0.5), (-1, 0.5), (1, 0), (1, 1)])
def test_nonsense_is_refused(needed: int, chance: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        pledges_for(needed, chance)


def test_the_desk_says_it_for_this_goal(client: FlaskClient, world: World) -> None:
    petition = world.petition(goal=3_000_000)
    world.sign_in(client, "organizer")
    page = client.get(f"/desk/{petition.slug}?lang=en").text
    assert "If pledges are about ₩10,000 each, 300 of them make the goal" in page
    assert "326 pledges give even odds, 335 give 95.6%, 339 give 99.1%." in page
