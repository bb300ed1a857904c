"""What XML 1.0 can hold: https://www.w3.org/TR/xml/#charsets."""

from __future__ import annotations

import re

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit_for_xml(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return NOT_IN_XML.sub("", text)
