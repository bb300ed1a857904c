"""What a browser makes of a script before it compares it with an ``integrity`` attribute."""

from __future__ import annotations

import base64
import hashlib


def integrity_of(content: bytes) -> str:
    """W3C Subresource Integrity, SHA-384."""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"
