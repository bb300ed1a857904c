"""Who may do what: one guard for every unsafe request, and one named guard on every view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from .cookies import has_session

P = ParamSpec("P")
R = TypeVar("R")

SAFE = {"GET", "HEAD", "OPTIONS"}
COOKIELESS = {"webhook", "bearer"}
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    csrf.init_app(app)

    @app.before_request
    def refuse_impossible_addresses() -> None:
        """No address of ours holds a NUL, and PostgreSQL takes none in a question."""
        if "\0" in request.path:
            abort(404)

    @app.before_request
    def refuse_foreign_writes() -> None:
        """An unsafe request must come from our own pages; a script without a session may also write.

        Where no cookie says who is asking, no page elsewhere can ask in another's name.
        """
        if request.method in SAFE or guard_of(request.endpoint) in COOKIELESS:
            return
        if not comes_from_us():
            abort(403)


def comes_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if origin is not None:
        return origin in own_origins()
    if site is not None:
        return True
    return not has_session()


def own_origins() -> set[str]:
    """The configured origin; outside production also the address the request was made to."""
    settings = current_app.config["DURE"]
    base = urlsplit(settings.base_url)
    ours = {f"{base.scheme}://{base.netloc}"}
    if not settings.production:
        ours.add(request.host_url.rstrip("/"))
    return ours


def guard_of(endpoint: str | None) -> str | None:
    """The name of the guard an endpoint wears: public, token, bearer, person, moderator or webhook."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "guard", None)


def wear(view: Callable[P, R], name: str) -> Callable[P, R]:
    view.guard = name  # type: ignore[attr-defined]
    return view


def anyone(view: Callable[P, R]) -> Callable[P, R]:
    """Everybody may, signed in or not."""
    return wear(view, "public")


def token_holder(view: Callable[P, R]) -> Callable[P, R]:
    """Whoever holds the link in the letter may; the view itself reads the token."""
    return wear(view, "token")


def bearer_only(view: Callable[P, R]) -> Callable[P, R]:
    """A program with an access token in its Authorization header, which the view reads; no cookie counts."""
    return wear(view, "bearer")


def gateway_only(view: Callable[P, R]) -> Callable[P, R]:
    """A gateway's signed message; the view checks the signature."""
    return wear(view, "webhook")


def person_required(view: Callable[P, R]) -> Callable[P, R]:
    """Somebody signed in; their unsafe forms carry the CSRF token. Others are sent to sign in."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        if not current_user.is_authenticated:
            if request.method not in SAFE:
                abort(403)
            return redirect(url_for("people.session", next=request.full_path.rstrip("?")))
        if request.method not in SAFE:
            csrf.protect()
        return view(*args, **kwargs)

    return wear(guarded, "person")


def moderator_required(view: Callable[P, R]) -> Callable[P, R]:
    """A moderator; for anybody else the page does not exist."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if current_user.is_authenticated and current_user.moderator_since is None:
            abort(404)
        return view(*args, **kwargs)

    return wear(person_required(guarded), "moderator")


def own_path(target: str | None) -> str:
    """``target`` when it is a path of ours, else the front page; never another host."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target:
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and target.isprintable():
            return target
    return "/"
