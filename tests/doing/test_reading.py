"""Reading many promises asks the database as often as reading a few."""

from __future__ import annotations

from app.db import db, run_tx
from app.doing.reading import deed_views
from app.doing.saying import hear, say
from app.pledges.models import Pledge
from tests.counting import count_queries

from .conftest import Begin


def test_thirty_promises_take_as_many_queries_as_three(begin: Begin) -> None:
    names = [f"helper{number}" for number in range(30)]
    _petition, ids = begin(*((name, 2) for name in names))
    run_tx(lambda: say(ids[3], "person", True, 1))
    run_tx(lambda: say(ids[3], "organizer", False, 0))
    pledges = [db.session.get_one(Pledge, each) for each in ids]
    for pledge in pledges:
        db.session.refresh(pledge)
    few, many = (count_queries(lambda found=found: deed_views(found)) for found in (pledges[:3], pledges))
    assert few == many == 3
    views = deed_views(pledges)
    assert [view.pledge.id for view in views] == ids
    told = {view.pledge.id: sorted(view.words) for view in views if view.words}
    assert told == {ids[3]: ["organizer", "person"]}
    duty = views[3].duty
    assert duty is not None
    assert views[3].verdict == hear(pledges[3], duty).verdict(duty.due_at)
