"""Signing: three fields, counted once, whatever the spelling."""

from __future__ import annotations

from app.db import db, run_tx
from app.petitions.models import Petition, Signature
from app.petitions.signing import SignatureWish, sign, validate, withdraw
from tests.world import World

SPELLINGS = ("minji@example.org", "MinJi@Example.ORG", "minji+news@example.org", " minji@example.org ")


def wish(email: str) -> SignatureWish:
    return SignatureWish(name="민지", email=email, region="KR-11", locale="ko")


def test_one_address_counts_once_under_every_spelling(world: World) -> None:
    petition = world.petition()
    for spelling in SPELLINGS:
        run_tx(lambda spelling=spelling: sign(petition.id, wish(spelling)))
    signatures = db.session.query(Signature).all()
    assert len(signatures) == 1
    assert run_tx(lambda: validate(signatures[0].id)) is True
    assert run_tx(lambda: validate(signatures[0].id)) is False
    assert reload(petition).signatures.tally == 1


def test_withdrawing_takes_the_tally_back_and_signing_again_counts_again(world: World) -> None:
    petition = world.petition()
    run_tx(lambda: sign(petition.id, wish("minji@example.org")))
    signature_id = db.session.query(Signature).one().id
    run_tx(lambda: validate(signature_id))
    assert run_tx(lambda: withdraw(signature_id)) is True
    assert run_tx(lambda: withdraw(signature_id)) is False
    assert reload(petition).signatures.tally == 0
    run_tx(lambda: sign(petition.id, wish("minji@example.org")))
    run_tx(lambda: validate(signature_id))
    assert reload(petition).signatures.tally == 1


def reload(petition: Petition) -> Petition:
    db.session.expire_all()
    found = db.session.get(Petition, petition.id)
    assert found is not None
    return found
