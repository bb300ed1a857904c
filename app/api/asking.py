"""Who is asking: an access token in the Authorization header, with the scope that the address needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from flask import Response, abort, g, request
from flask_babel import gettext as _

from app.web.errors import problem, words_for
from app.web.guards import bearer_only

from .limiting import SIGNATURES, WRITES, Allowance, mark, refuse_too_many, standing
from .tokens import Bearer, bearer_of

REALM = 'Bearer realm="dure"'


def needs(scope: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Only with a token that has ``scope``, which the view finds by :func:`bearer`; cookies do not count."""

    def wrap(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Response:
            found = read_bearer()
            g.allowances = allowances_of(found.person_id, scope)
            refuse_too_many(g.allowances[0], g.allowances)
            if scope not in found.scopes:
                forbid(scope)
            g.bearer = found
            return view(*args, **kwargs)

        return bearer_only(guarded)

    return wrap


def bearer() -> Bearer:
    """The token that came with this request."""
    found: Bearer = g.bearer
    return found


def allowances_of(person_id: str, scope: str) -> tuple[Allowance, ...]:
    """What a person may write at all, and whatever bounds the writes of this scope besides.

    They go by the person, so that more access tokens do not make more.
    """
    everything = Allowance(WRITES, ("api-write", person_id))
    if scope != "sign":
        return (everything,)
    return everything, Allowance(SIGNATURES, ("sign-partner", person_id))


def refuse_excess() -> None:
    """Count what this request is about to record; beyond its scope's own bounds the answer is 429."""
    for allowance in g.allowances[1:]:
        refuse_too_many(allowance, g.allowances)


def mark_writing(response: Response) -> None:
    """Say what is left to whoever wrote, whether or not it worked; to nobody else."""
    allowances = g.pop("allowances", None)
    if allowances is not None:
        mark(response, standing(allowances))


def read_bearer() -> Bearer:
    """The token's owner and scopes; without a token that works, the answer is 401."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        refuse(401, words_for(401)[1], REALM)
    found = bearer_of(given.token)
    if found is None:
        refuse(
            401,
            _("This access token is unknown, has expired or was revoked. Make a new one."),
            f'{REALM}, error="invalid_token"',
        )
    return found


def forbid(scope: str) -> NoReturn:
    refuse(
        403,
        _("This access token may not do that: it lacks the scope %(scope)s.", scope=scope),
        f'{REALM}, error="insufficient_scope", scope="{scope}"',
    )


def refuse(status: int, sentence: str, challenge: str) -> NoReturn:
    title = words_for(401)[0] if status == 401 else _("This token does not reach that far")
    response = problem(status, title, sentence)
    response.headers["WWW-Authenticate"] = challenge
    abort(response)
