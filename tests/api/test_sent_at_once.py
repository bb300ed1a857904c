"""The same request twice at the same moment: one of them works, both are told the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import time_machine
from flask import Flask

from app import clock
from app.api.models import KeptAnswer
from app.api.once import forget_old_answers
from app.db import db
from app.pledges.models import Pledge
from tests.world import World

from .conftest import Post, pledge, signature
from .tokens import token_for

TOGETHER = 6


def test_one_pledge_and_one_answer(app: Flask, world: World) -> None:
    token = token_for(world)
    path = f"/api/v1/petitions/{world.petition().slug}/pledges"
    db.session.remove()
    start = Barrier(TOGETHER)

    def send(_number: int) -> tuple[int, bytes]:
        client = app.test_client()
        start.wait()
        answer = client.post(
            path,
            json=pledge(),
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"},
        )
        return answer.status_code, answer.data

    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = set(pool.map(send, range(TOGETHER)))
    assert {status for status, _said in answers} == {202}
    assert len(answers) == 1
    with app.app_context():
        assert db.session.query(Pledge).count() == 1


def test_an_answer_is_kept_for_a_day(world: World, post: Post) -> None:
    petition = world.petition()
    assert post(f"/petitions/{petition.slug}/signatures", signature(), key="k1").status_code == 202
    for hours, left in ((23, 1), (25, 0)):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
            forget_old_answers()
        db.session.expire_all()
        assert db.session.query(KeptAnswer).count() == left
