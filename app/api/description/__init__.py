"""The OpenAPI description of the JSON, for programs that read it."""

from __future__ import annotations

from typing import Any

from .bodies import BODIES
from .paths import PATHS
from .schemas import SCHEMAS

ABOUT = """Public petitions, their tallies, their actions and the public books; signing and pledging for
partner sites. Money is in minor units of its currency, moments are in ISO 8601, days are days in Seoul.
Reading needs no token and no cookie. A list has a `next`: follow it as it is, until it is null."""


def describe(server: str) -> dict[str, Any]:
    """The whole description; ``server`` is the public address of ``/api/v1``."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dure", "version": "1", "description": " ".join(ABOUT.split())},
        "servers": [{"url": server}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS | BODIES,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "made under “My activity”, with the scopes sign and pledge",
                }
            },
        },
    }
