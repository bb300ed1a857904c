"""The session cookie, which most requests come without: they cost nothing then."""

from __future__ import annotations

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from .caching import is_for_everybody


def has_session() -> bool:
    """Whether a session cookie came along; most requests have no cookie at all."""
    return "HTTP_COOKIE" in request.environ and current_app.config["SESSION_COOKIE_NAME"] in request.cookies


class QuietSessions(SecureCookieSessionInterface):
    """Flask's signed sessions; without a cookie no signer is made to read none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave no trace, neither cookie nor ``Vary``, where nothing is to keep or everybody may keep it."""
        if not session.modified and (not session or is_for_everybody(request.endpoint)):
            return
        if not response.headers.get("Cache-Control", "").startswith("public"):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = QuietSessions()
