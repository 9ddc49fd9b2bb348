"""How it stands with the drills of each scenario."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from progress import DAY, Clock

from stepgrad.scenarios.drills.due import Standing, standings
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.cli import main

EDGE = "edge-detection-5x5"


def test_a_scenario_and_its_variants_are_counted_together(store: Store, path: Path, clock: Clock) -> None:
    store.record(f"{EDGE}#cell", "t", Rating.GOOD)
    store.record(f"{EDGE}:flipped#cell", "t", Rating.AGAIN)
    store.record("relu-mask#row", "t", Rating.EASY)
    assert standings(path, clock.at) == {EDGE: Standing(2, 1, 0), "relu-mask": Standing(1, 1, 0)}
    assert standings(path, clock.at + DAY)[EDGE].due == 2


def test_where_there_is_nothing_to_read_nothing_is_known(tmp_path: Path) -> None:
    assert standings(tmp_path / "none.db") == {}
    (tmp_path / "damaged.db").write_text("damaged " * 1000)
    assert standings(tmp_path / "damaged.db") == {}
    assert sorted(found.name for found in tmp_path.iterdir()) == ["damaged.db"]


def test_it_needs_neither_numpy_nor_the_model() -> None:
    code = "import sys, stepgrad.scenarios.drills.due; print(*({'numpy', 'fsrs', 'pydantic'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_the_list_says_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = Store()
    kept.record(f"{EDGE}#cell", "t", Rating.GOOD)
    kept.close()
    assert main(["list"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if "(drills:" in line] == [line for line in told if line.startswith(f"{EDGE} ")]
    assert any(line.endswith("  (drills: 1 of 1 right)") for line in told)
    assert main(["list", "--json"]) == 0
    listed = {entry["name"]: entry["drill"] for entry in json.loads(capsys.readouterr().out)}
    assert listed[EDGE] == {"asked": 1, "right": 1, "due": 0}
    assert listed["relu-mask"] == {"asked": 0, "right": 0, "due": 0}
    assert (home / "data" / "progress.db").exists()
