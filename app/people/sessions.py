"""Who is signed in: a session names a person and their session key."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g, request
from flask_login import LoginManager, current_user

from app.db import db
from app.web.caching import is_for_everybody
from app.web.cookies import has_session

from .models import Person

manager = LoginManager()


def init_app(app: Flask) -> None:
    manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    manager.session_protection = None
    manager.user_loader(load)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=30)

    @app.before_request
    def speak_their_language() -> None:
        if is_for_everybody(request.endpoint):
            return
        if has_session() and current_user.is_authenticated:
            g.own_language = current_user.locale


def signed_in() -> Person | None:
    """The person whose session came along; a request without one never opens a session."""
    if not has_session():
        return None
    return current_user._get_current_object() if current_user.is_authenticated else None


def load(identity: str) -> Person | None:
    person_id, _, session_key = identity.partition(":")
    person = db.session.get(Person, person_id)
    if person is None or person.session_key != session_key or person.erased_at is not None:
        return None
    return person
