"""`stepgrad doctor`: versions, backends, the terminal, and where files live."""

from __future__ import annotations

import platform
from argparse import Namespace
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from stepgrad import __version__
from stepgrad.engine.backend import cupy_probes
from stepgrad.scenarios import folders
from stepgrad.scenarios.catalogue import FOLDER, entries
from stepgrad.tui import terminal

PACKAGES = ("numpy", "textual", "rich", "pydantic")

Row = tuple[str, str, str]
"""What was looked at, what was found, and `ok`, `no` or nothing."""


def run(_: Namespace) -> int:
    if terminal.wants_colour():
        _print_coloured()
    else:
        for name, found, verdict in rows():
            print(f"{name:<28}{f'{verdict}: ' if verdict else ''}{found}")
    return 0


def rows() -> Iterator[Row]:
    """Everything found, in the order in which it matters."""
    yield "stepgrad", __version__, ""
    yield "python", f"{platform.python_version()} ({platform.python_implementation()}), {platform.platform()}", ""
    for package in PACKAGES:
        yield package, _version(package), ""
    yield "backend numpy", f"{_blas()}", "ok"
    for probe in cupy_probes():
        yield f"cuda: {probe.question}", probe.answer, "ok" if probe.passed else "no"
    yield from _terminal()
    yield "catalogue", f"{FOLDER} ({len(entries())} scenarios)", ""
    yield "program", str(Path(__file__).parents[2]), ""
    for what, folder in (("remembered", folders.state()), ("settings", folders.config()), ("saved", folders.data())):
        yield what, f"{folder}{'' if folder.exists() else ' (nothing there yet)'}", ""


def _terminal() -> Iterator[Row]:
    columns, lines = terminal.size()
    player = "it can be painted on" if terminal.can_paint() else "not both keys and screen: flat text instead"
    yield "terminal", player, "ok" if terminal.can_paint() else "no"
    yield "terminal size", f"{columns}x{lines}", ""
    yield "colour", _colours(), ""
    yield "characters", terminal.encoding(), "ok" if terminal.has_unicode() else "no"


def _colours() -> str:
    from rich.console import Console

    if not terminal.wants_colour():
        return "left out (NO_COLOR, TERM=dumb or no terminal)"
    return f"{Console().color_system or 'none'}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _blas() -> str:
    """Which library multiplies NumPy's matrices."""
    import numpy as np

    found = np.show_config(mode="dicts")
    blas = found.get("Build Dependencies", {}).get("blas", {}) if isinstance(found, dict) else {}
    return f"matrix products by {blas.get('name', 'an unknown library')} {blas.get('version', '')}".strip()


def _print_coloured() -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    looks = {"ok": "green", "no": "yellow"}
    for name, found, verdict in rows():
        line = Text(f"{name:<28}", style="bold")
        line.append(f"{verdict}: " if verdict else "", style=looks.get(verdict, ""))
        console.print(line.append(found, style="not bold"), soft_wrap=True)
