"""People who share a payment method count as one household where points are dampened, nowhere else."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db
from app.people.models import Person

from .models import PaymentMethod


def cluster_by_method(*, method_id: str, person_id: str) -> None:
    """Give everybody behind the same card or account the smallest of their clusters; in a transaction."""

    method = db.session.get_one(PaymentMethod, method_id)
    owners = sa.select(PaymentMethod.person_id).where(
        PaymentMethod.fingerprint == method.fingerprint, PaymentMethod.person_id.is_not(None)
    )
    clusters = sa.select(Person.cluster).where(Person.id.in_(owners))
    joined = sorted(db.session.scalars(clusters.distinct()))
    if len(joined) > 1:
        db.session.execute(sa.update(Person).where(Person.cluster.in_(joined)).values(cluster=joined[0]))
