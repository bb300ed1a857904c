"""One mailbox counts once: twenty spellings at once, one after another, and look-alikes that are others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from tests.fresh import FreshClient
from tests.petitions.signing_page import link_of, path_of, signatures, tally
from tests.world import World

SPELLINGS = (
    "hong.gildong@gmail.com",
    "honggildong@gmail.com",
    "HongGildong@gmail.com",
    "HONGGILDONG@GMAIL.COM",
    "h.o.n.g.gildong@gmail.com",
    "hong.gil.dong@gmail.com",
    "honggildong@googlemail.com",
    "hong.gildong@GoogleMail.com",
    "honggildong+a@gmail.com",
    "honggildong+petition@gmail.com",
    "hong.gildong+x+y@gmail.com",
    "Hong.Gildong+1@googlemail.com",
    " honggildong@gmail.com",
    "honggildong@gmail.com ",
    "ｈonggildong@gmail.com",
    "honggildong＠gmail.com",
    "hong\u200bgildong@gmail.com",
    "\ufeffhonggildong@gmail.com",
    "hong\u00adgildong@gmail.com",
    "honggildong@ｇmail.com",
)


def test_twenty_spellings_sent_at_once_are_one_signature(world: World, app: Flask) -> None:
    petition = world.petition(signatures=1000)
    path = path_of(petition)
    start = Barrier(len(SPELLINGS))

    def send(spelling: str) -> int:
        start.wait()
        data = {"name": "홍길동", "email": spelling, "region": "KR-11"}
        return FreshClient(app, app.response_class).post(path, data=data).status_code

    with ThreadPoolExecutor(len(SPELLINGS)) as pool:
        assert set(pool.map(send, SPELLINGS)) == {200}
    (signature,) = signatures()
    client = FreshClient(app, app.response_class)
    link = link_of(signature)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _n: client.post(link).status_code, range(8))) == {200}
    assert tally(petition) == 1


@pytest.mark.parametrize(
    "other",
    [
        "hong-gildong@gmail.com",
        "honggildong@example.org",
        "hоnggildong@gmail.com",
        "honggildong@gmаil.com",
        "honggildong@mail.gmail.com",
        "hong.gildong@example.org",
    ],
)
def test_look_alikes_and_other_mailboxes_are_other_people(
    world: World, client: FreshClient, other: str
) -> None:
    path = path_of(world.petition())
    for email in ("honggildong@gmail.com", "honggildong@googlemail.com", other):
        assert (
            client.post(path, data={"name": "홍길동", "email": email, "region": "KR-11"}).status_code == 200
        )
    assert len(signatures()) == 2
