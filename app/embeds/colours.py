"""An owner's colour on our paper: pure rules that keep every word readable.

Luminance and contrast are those of WCAG 2.2 (relative luminance of sRGB; ratios from 1 to 21).
"""

from __future__ import annotations

import re

HEX = re.compile(r"[0-9a-f]{6}")
BLACK, WHITE = "000000", "ffffff"
LIGHT_PAPER, DARK_PAPER = "faf9f5", "13161e"
READABLE = 4.5
"""The least contrast of text (WCAG 1.4.3)."""
STEPS = 20


def read_colour(asked: str) -> str | None:
    """``RRGGBB`` in lower case, with or without ``#``; None for anything else."""
    found = asked.removeprefix("#").lower()
    return found if HEX.fullmatch(found) else None


def luminance(colour: str) -> float:
    """From 0, black, to 1, white."""
    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Between two colours: 1 for the same, 21 for black and white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on ``colour``: never less than 4.5."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, colour))


def readable_on(paper: str, colour: str) -> str:
    """``colour``, mixed with as much ink as words in it need on ``paper``."""
    ink = ink_on(paper)
    mixed = (mix(colour, ink, step) for step in range(STEPS + 1))
    return next(each for each in mixed if contrast(each, paper) >= READABLE)


def mix(colour: str, ink: str, step: int) -> str:
    """``step`` parts of ``ink`` in ``STEPS``."""
    pairs = ((int(colour[at : at + 2], 16), int(ink[at : at + 2], 16)) for at in (0, 2, 4))
    return "".join(f"{(mine * (STEPS - step) + its * step) // STEPS:02x}" for mine, its in pairs)


def accent_styles(colour: str) -> str:
    """The style sheet that dresses a widget in ``colour``, in light and in dark."""
    button = f"--button:#{colour};--on:#{ink_on(colour)};"
    light = f"--sign:#{readable_on(LIGHT_PAPER, colour)}"
    dark = f"--sign:#{readable_on(DARK_PAPER, colour)}"
    return (
        f":root[data-theme]{{{button}{light}}}\n"
        f':root[data-theme="dark"]{{{dark}}}\n'
        f'@media (prefers-color-scheme:dark){{:root[data-theme="auto"]{{{dark}}}}}\n'
        f"@media print{{:root[data-theme]{{{light}}}}}\n"
    )
