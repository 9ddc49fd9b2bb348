"""Where a user's own files live: what is remembered, what is set, what was saved.

`STEPGRAD_HOME` puts all of it in one folder: for a class room, a container, a test.
"""

from __future__ import annotations

import os
from pathlib import Path

HOME = "STEPGRAD_HOME"
NAME = "stepgrad"


def state() -> Path:
    """What is remembered from run to run: places, progress."""
    return _folder("state")


def config() -> Path:
    """What a user sets: `keys.toml`."""
    return _folder("config")


def data() -> Path:
    """What a user made: saved scenarios."""
    return _folder("data")


def _folder(kind: str) -> Path:
    home = os.environ.get(HOME)
    if home:
        return Path(home).expanduser() / kind
    import platformdirs  # not before somebody asks: the first frame does not

    found: str = getattr(platformdirs, f"user_{kind}_dir")(NAME, appauthor=False)
    return Path(found)
