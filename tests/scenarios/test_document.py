"""Files that cannot be read: one clear line, and never more."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from written import EDGE, write

from stepgrad.scenarios import limits
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import read
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import open_lesson


def fault(path: Path) -> str:
    with pytest.raises(ScenarioError) as error:
        read(path)
    (only,) = error.value.faults
    return str(only).replace(str(path), "FILE")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.toml") == "FILE: there is no such file"
    assert fault(tmp_path) == "FILE: is a folder, not a scenario file"


def test_what_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b"a = 1\nb = '\xff'\n")
    assert fault(path) == "FILE:2:6: not UTF-8 text"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SCENARIO_BYTES", 10)
    path = write(tmp_path, "a = 1\nb = 2\n")
    assert fault(path) == "FILE: 12 bytes; a scenario may have 10 (put large tensors in a .npy file)"


def test_arrays_nested_too_deep(tmp_path: Path) -> None:
    message = "FILE: arrays and tables are nested too deep; 64 levels are read"
    for text in (f"a = {'[' * 5000}{']' * 5000}", f"a = {'{a=' * 100}1{'}' * 100}", f"{'.'.join('a' * 3000)} = 1"):
        assert fault(write(tmp_path, text)) == message
    assert read(write(tmp_path, f"a = {'[' * 63}{']' * 63}")).tables


def test_a_number_with_too_many_digits(tmp_path: Path) -> None:
    assert fault(write(tmp_path, f"a = {'9' * 10000}")).startswith("FILE: not readable as TOML: ")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a file that this user may not read")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path, EDGE)
    path.chmod(0)
    assert fault(path) == "FILE: cannot be read: Permission denied"


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b"\xef\xbb\xbf" + EDGE.replace("\n", "\r\n").encode())
    assert open_lesson(str(path)).tensors()["map"].tolist() == [[[[6, 8], [12, 14]]]]


def test_a_file_that_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text("")
    with pytest.raises(ScenarioError, match=r"mien\.toml: there is no such file; did you mean 'mine\.toml'\?"):
        read(tmp_path / "mien.toml")
    with pytest.raises(ScenarioError, match=r"other\.toml: there is no such file$"):
        read(tmp_path / "nowhere" / "other.toml")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match=r"there is no scenario 'mine', .*; did you mean 'mine\.toml'\?"):
        locate("mine")


def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes with names")
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ScenarioError, match="is no plain file"):
        read(tmp_path / "pipe.toml")
