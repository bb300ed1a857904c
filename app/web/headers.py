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
    usual = {
        "Content-Security-Policy": STRICT,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if app.config["DURE"].production:
        usual["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    @app.after_request
    def add_headers(response: Response) -> Response:
        """Add whatever the view has not said itself."""
        said = {name.lower() for name, _value in response.headers}
        for name, value in usual.items():
            if name.lower() not in said:
                response.headers.add(name, value)
        return response
