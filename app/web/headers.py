"""Security headers of every answer."""

from __future__ import annotations

from flask import Flask, Response

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}


def policy(**changes: str) -> str:
    """The content security policy, with directives changed or added (``frame_ancestors="*"``)."""
    parts = POLICY | {"frame-ancestors": "'none'"} | {k.replace("_", "-"): v for k, v in changes.items()}
    return "; ".join(f"{directive} {value}" for directive, value in parts.items())


STRICT = policy()


def init_app(app: Flask) -> None:
    secure = app.config["DURE"].production

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", STRICT)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        return response
