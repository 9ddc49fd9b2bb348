"""What the README says is so."""

from __future__ import annotations

import os
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from stepgrad.tui import keymap

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def made() -> ModuleType:
    """The script that makes parts of the README."""
    spec = spec_from_file_location("readme", ROOT / ".ci" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_verbs_keys_commands_and_example_are_current(made: ModuleType) -> None:
    assert made.readme(TEXT) == TEXT, "run python .ci/readme.py"


def test_every_row_of_a_table_has_the_cells_of_its_head(made: ModuleType) -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", TEXT, re.MULTILINE)
    assert len(tables) >= 4
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1, table
    assert [made.usage(verb) for verb in ("list", "drill")] == ["stepgrad list", "stepgrad drill [TOPIC|NAME]"]


def test_the_pictures_are_current(made: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())  # `record` sets what Textual reads from it
    stale = [path.name for path in made.pictures(tmp_path) if not made.same(made.SHOWN / path.name, path)]
    assert not stale, "run python .ci/readme.py"


def test_both_commands_are_what_the_checks_run() -> None:
    first, second, *_ = re.findall(r"```sh\n(.*?)\n```", TEXT, re.DOTALL)
    checks = (ROOT / ".ci" / "run").read_text("utf-8")
    assert first == "python -m pip install . && stepgrad run edge-detection-5x5"
    assert second == 'python -m pip install -e ".[dev]" && pytest'
    assert first in checks
    assert second in checks


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT)
    assert links
    assert all((ROOT / link).is_file() for link in links)


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    [code] = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out.endswith(" = 3\n")


def test_keys_of_ones_own_are_written_as_told(tmp_path: Path) -> None:
    section = TEXT.partition("### Keys")[2].partition("<!--")[0]
    lines = re.findall(r"`(\w+ = [^`]+)`", section)
    assert len(lines) == 2
    (tmp_path / keymap.FILE).write_text("\n".join(lines))
    actions, fault = keymap.table(path=tmp_path / keymap.FILE)
    keys = {action.name: action.keys for action in actions}
    assert (fault, keys["play"], keys["forward"]) == ("", ("P",), ("right", "j"))
