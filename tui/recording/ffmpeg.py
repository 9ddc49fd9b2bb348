"""Where ffmpeg is."""

from __future__ import annotations

import shutil
from importlib.util import find_spec


def ffmpeg() -> str | None:
    """The program in the package imageio-ffmpeg, which is the same for everybody; else the machine's own."""
    if find_spec("imageio_ffmpeg") is None:
        return shutil.which("ffmpeg")
    from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]  # it has no types

    return str(get_ffmpeg_exe())
