"""Pictures people upload: decoded, shrunk and written anew, so that nothing but the picture remains."""

from __future__ import annotations

import io
from pathlib import Path
from secrets import token_hex

from flask_babel import gettext as _
from PIL import Image, ImageOps

from app.errors import Refusal

LARGEST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG can be decoded small; the others stand in memory at full size, more than once."""
LONGEST_SIDE = 2000
FORMATS = ("PNG", "JPEG", "WEBP")
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def re_encode(uploaded: bytes) -> bytes:
    """A WebP of at most 2000 px a side, upright, without EXIF, colour profile or anything appended.

    Raises:
        Refusal: larger than 5 MB or than ``MOST_PIXELS``, or no PNG, JPEG or WebP at all.
    """
    if len(uploaded) > LARGEST_BYTES:
        raise Refusal(_("Choose a photo of at most 5 MB."), field="image")
    try:
        with Image.open(io.BytesIO(uploaded), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS[picture.format or "PNG"]:
                raise Refusal(_("Choose a smaller photo: this one has too many pixels."), field="image")
            return write_webp(picture)
    except UNREADABLE as error:
        raise Refusal(_("Choose a photo in PNG, JPEG or WebP format."), field="image") from error


def write_webp(picture: Image.Image) -> bytes:
    shrink(picture)
    upright = ImageOps.exif_transpose(picture)
    clean = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    clean.info.clear()
    written = io.BytesIO()
    clean.save(written, "WEBP", quality=82, exif=b"", xmp=b"", icc_profile=b"")
    return written.getvalue()


def shrink(picture: Image.Image) -> None:
    """Make a picture small before anything copies it; a JPEG is decoded at a half or less where it can be."""
    smooth = picture.mode not in {"1", "P"}
    method = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), method, reducing_gap=1.5)


def keep(encoded: bytes, folder: Path) -> str:
    """Write an encoded picture under a name nobody can guess; return the name."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{token_hex(16)}.webp"
    (folder / name).write_bytes(encoded)
    return name
