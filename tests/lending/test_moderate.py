"""A loan opens only once its schedule is signed."""

from __future__ import annotations

from app.db import lock, run_tx
from app.moderation.deciding import carry_out
from app.petitions.models import Petition
from tests.lending.borrowing import Borrowing
from tests.world import World


def test_a_moderator_publishes_a_loan_only_once_it_is_signed(borrowing: Borrowing, world: World) -> None:
    petition = borrowing.ask(signed=False)
    moderator_id = world.person("moderator").id

    def publish() -> bool:
        return run_tx(lambda: carry_out(moderator_id, petition.id, "publish"))

    run_tx(lambda: setattr(lock(Petition, petition.id), "state", "moderation"))
    assert not publish()
    borrowing.sign()
    assert publish()
    assert world.fresh(petition).state == "open"
