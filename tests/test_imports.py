"""Imports run one way, and what is slow to import is imported only where it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("engine", "scenarios", "tui", "stepgrad")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))

ALLOWED = {
    "engine": {"engine"},
    "scenarios": {"engine", "scenarios"},
    "tui": {"engine", "scenarios", "tui"},
    "stepgrad": {"scenarios", "tui"},
}
"""Which of our packages each may import."""

TERMINAL = {"textual", "rich", "curses", "readline"}
FILE_FORMATS = {"tomllib", "json", "csv", "pydantic", "onnx", "tree_sitter", "tree_sitter_toml"}
FORBIDDEN = {"engine": TERMINAL | FILE_FORMATS, "scenarios": TERMINAL, "tui": set[str](), "stepgrad": TERMINAL}

POSIX_ONLY = {"curses", "fcntl", "grp", "pty", "pwd", "readline", "resource", "termios", "tty"}


def imported(path: Path) -> Iterator[str]:
    """The full names of all modules that a source names in an import, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import; write stepgrad. in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "stepgrad" and len(parts) > 1 and parts[1] in FOLDERS else None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    folder = path.relative_to(ROOT).parts[0]
    modules = set(imported(path))
    assert {name for name in map(ours, modules) if name} <= ALLOWED[folder]
    assert not {module.split(".")[0] for module in modules} & (FORBIDDEN[folder] | POSIX_ONLY)


def test_there_are_sources_to_look_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} == set(FOLDERS)


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh Python has imported after running the code."""
    shown = "; import sys; print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + shown], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


HEAVY = {"numpy", "textual", "rich", "pydantic"}


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import stepgrad", HEAVY),
        ("from stepgrad.tui.cli import main; main(['--help'])", HEAVY),
        ("from stepgrad.tui.cli import main; main(['print', '--help'])", HEAVY),
        ("from stepgrad.tui.cli import main; main(['import', '--help'])", HEAVY | {"onnx"}),
        ("from stepgrad.tui.cli import main; main(['import', 'no-such-file.onnx'])", {"textual", "rich", "onnx"}),
        ("from stepgrad.tui.cli import main; main(['completion', 'bash', '--line', 'stepgrad print '])", HEAVY),
        ("import stepgrad.scenarios.preview, stepgrad.scenarios.catalogue", HEAVY),
        ("from stepgrad.tui.cli import main; main(['list', '--course'])", HEAVY),
        ("import stepgrad.tui.app, stepgrad.tui.screens.drill", {"numpy", "pydantic", "fsrs", "sqlite3"}),
        ("import stepgrad.engine.ops, stepgrad.engine.history", HEAVY - {"numpy"} | {"cupy", "tomllib"}),
        ("import stepgrad; stepgrad.open('edge-detection-5x5')", {"textual", "rich"}),
        ("from stepgrad.tui.cli import main; main(['print', 'edge-detection-5x5'])", {"textual", "rich"}),
        ("from stepgrad.tui.cli import main; main(['run', 'edge-detection-5x5', '--plain'])", {"textual", "rich"}),
    ],
    ids=[
        "stepgrad",
        "help",
        "verb-help",
        "import-help",
        "import",
        "completion",
        "preview",
        "courses",
        "drill",
        "engine",
        "open",
        "print",
        "plain",
    ],
)
def test_heavy_modules_wait_until_they_are_needed(code: str, absent: set[str]) -> None:
    assert not loaded_by(code) & absent


def test_help_takes_little_more_than_python_itself() -> None:
    bare, helped = [], []
    for _ in range(7):
        bare.append(seconds("pass"))
        helped.append(seconds("from stepgrad.tui.cli import main; main(['--help'])"))
    # 50 ms on a machine where Python itself takes 20; on a busier one, as much as that grows.
    assert min(helped) - min(bare) < max(0.05, 2.5 * min(bare))


def seconds(code: str) -> float:
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - start
