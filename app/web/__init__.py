"""What every view shares: htmx, forms, guards, languages, caching, errors."""

from __future__ import annotations

from wsgiref.headers import Headers

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app.config import ROOT, Settings

from . import caching, cookies, errors, formatting, guards, headers, htmx, languages, limits, media


def init_app(app: Flask) -> None:
    """Install everything a request passes through before and after its view."""
    settings: Settings = app.config["DURE"]
    over_tls = settings.base_url.startswith("https://")
    app.config.update(
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-dure" if over_tls else "dure",
        SESSION_COOKIE_SECURE=over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        WTF_I18N_ENABLED=False,
    )
    for room in (cookies, languages, formatting, guards, headers, htmx, errors, limits, caching, media):
        room.init_app(app)
    static = WhiteNoise(
        app.wsgi_app,
        root=str(ROOT / "static"),
        prefix="static/",
        max_age=3600,
        allow_all_origins=False,
        add_headers_function=let_frames_load,
    )
    app.wsgi_app = static  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def let_frames_load(headers: Headers, _path: str, url: str) -> None:
    """A widget in a sandboxed frame has no origin, so its two files must be open to every site."""
    if url.startswith("/static/embed/"):
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
