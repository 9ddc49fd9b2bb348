"""The files that come with the package for pictures and pages: the font, the player of the page, the page itself."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
FONT, BOLD_FONT = "DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"
FAMILY = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
"""The font as a style sheet asks for it, with others that will do."""


@cache
def text(name: str) -> str:
    """A text file."""
    return (ASSETS / name).read_text("utf-8")


@cache
def font_faces() -> str:
    """The rules by which a page carries the font with it."""
    return "\n".join(
        f"@font-face {{ font-family: 'DejaVu Sans Mono'; font-weight: {weight}; "
        f"src: url(data:font/woff2;base64,{_encoded(name.replace('ttf', 'woff2'))}) format('woff2') }}"
        for weight, name in (("normal", FONT), ("bold", BOLD_FONT))
    )


def _encoded(name: str) -> str:
    return b64encode((ASSETS / name).read_bytes()).decode("ascii")
