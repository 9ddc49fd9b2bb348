"""The command as a process: pipes that close, Ctrl+C, `python -m`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

EDGE = "edge-detection-5x5"
COMMAND = [sys.executable, "-m", "stepgrad"]
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""What is left in a buffer at the end is part of what is tested."""

LARGE = f"""
format_version = 1
title = "A large one"
[inputs]
image = {[[1.0] * 300] * 300}
[[layers]]
name = "map"
op = "conv2d"
weight = [[1, 2], [3, 4]]
"""


@pytest.fixture
def large(tmp_path: Path) -> str:
    path = tmp_path / "large.toml"
    path.write_text(LARGE)
    return str(path)


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_a_reader_that_leaves_ends_it_quietly(large: str, form: str) -> None:
    printing = subprocess.Popen(
        [*COMMAND, "print", large, "--format", form], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=BUFFERED
    )
    assert printing.stdout is not None
    assert printing.stdout.readline()
    printing.stdout.close()
    assert printing.wait(30) == 0
    assert printing.stderr is not None
    assert printing.stderr.read() == b""
    printing.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX shell")
@pytest.mark.parametrize("verb", ["print", "tensors", "run"])
def test_an_output_that_was_closed_before_it_began_is_no_fault(verb: str) -> None:
    line = f'exec "$0" -m stepgrad {verb} {EDGE} </dev/null >&-'
    done = subprocess.run(["sh", "-c", line, sys.executable], capture_output=True, env=BUFFERED, timeout=30)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process")
def test_ctrl_c_ends_it_without_a_traceback(large: str) -> None:
    with subprocess.Popen(
        [*COMMAND, "print", large, "--format", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=BUFFERED
    ) as printing:
        assert printing.stdout is not None
        assert printing.stdout.readline()
        printing.send_signal(signal.SIGINT)
        _, err = printing.communicate(timeout=30)
    assert printing.returncode == 130
    assert err == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "print", EDGE], stdout=full, stderr=subprocess.PIPE, text=True, env=BUFFERED)
    assert done.returncode == 1
    assert done.stderr == "stepgrad: No space left on device\n"


def test_plain_mode_takes_commands_from_a_pipe() -> None:
    done = subprocess.run(
        [*COMMAND, "run", EDGE, "--plain"], input="next\nquit\nnext\n", capture_output=True, text=True, check=True
    )
    assert "\n3 is feature_map[0,0], step 1 of 9.\n" in done.stdout
    assert "step 2" not in done.stdout
    assert done.stderr == ""


def test_a_terminal_without_the_characters_still_gets_its_lines() -> None:
    done = subprocess.run(
        [*COMMAND, "print", EDGE, "--set", 'title="5×5"'],
        env={**BUFFERED, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("5?5\n")
