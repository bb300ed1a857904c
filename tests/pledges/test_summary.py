"""Pledges as /me lists them."""

from __future__ import annotations

from app.db import run_tx
from app.pages.mine import everything_of
from app.petitions.launching import close
from app.pledges.links import open_letter
from app.pledges.pledging import confirm
from app.pledges.summary import my_pledges
from tests.pledges.promises import drafted, stored
from tests.world import World


def test_my_pledges_are_mine_newest_first_and_open_with_their_token(world: World) -> None:
    petition, minji = world.petition(), world.person("minji")
    first = world.pledge(petition, "minji", 10_000)
    world.pledge(petition, "bob", 20_000)
    second = world.pledge(petition, "minji", 30_000)
    mine = my_pledges(minji.id)
    assert [pledge.pledge_id for pledge in mine] == [second, first]
    assert open_letter(mine[0].token)[0].id == second
    assert (mine[0].slug, mine[0].badge, mine[0].can_withdraw) == (petition.slug, "ready", True)


def test_a_fired_pledge_cannot_be_withdrawn_from_the_list(world: World) -> None:
    world.pledge(world.petition(), "minji", 10_000)
    run_tx(lambda: setattr(stored()[0], "state", "frozen"))
    mine = my_pledges(world.person("minji").id)[0]
    assert (mine.badge, mine.can_withdraw) == ("holding", False)


def test_a_draft_says_what_it_lacks_and_after_the_end_that_it_came_to_nothing(world: World) -> None:
    petition = world.petition()
    pledge = drafted(petition)
    run_tx(lambda: confirm(pledge.id))
    minji = world.person("minji")
    assert [mine.badge for mine in my_pledges(minji.id)] == ["unsaved"]
    run_tx(lambda: close(petition.id))
    assert [mine.badge for mine in my_pledges(minji.id)] == ["unfinished"]
    assert everything_of(minji).next_step.label != "Finish my pledge"
