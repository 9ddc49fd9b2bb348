"""Shell completion: what may follow, and the scripts that ask for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stepgrad.tui.arguments import LEVELS, SHELLS, VERBS
from stepgrad.tui.cli import main
from stepgrad.tui.commands.completion import candidates

EDGE = "edge-detection-5x5"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("stepgrad pr", ["print"]),
        ("stepgrad edge-det", [EDGE]),
        ("stepgrad print edge-det", [EDGE]),
        ("stepgrad check edge-det", [EDGE]),
        ("stepgrad new x --from edge-det", [EDGE]),
        ("stepgrad new edge-det", []),
        ("stepgrad tensors x -o edge-det", []),
        ("stepgrad imp", ["import"]),
        ("stepgrad import edge-det", []),
        ("stepgrad import net.onnx --", ["--input", "--help"]),
        ("stepgrad print x --from edge-det", []),
        ("stepgrad print x --level ", list(LEVELS)),
        ("stepgrad x --level te", ["tensor", "term"]),
        ("stepgrad print x --for", ["--format"]),
        ("stepgrad --ver", ["--version"]),
        ("stepgrad completion ", list(SHELLS)),
        ("stepgrad doctor x", []),
        ("stepgrad list --", ["--course", "--json", "--help"]),
        ("stepgrad list --course computer", ["computer-vision"]),
    ],
)
def test_what_may_follow(line: str, expected: list[str]) -> None:
    assert candidates(line) == expected


def test_the_first_word_is_a_verb_or_a_name() -> None:
    assert {*VERBS, EDGE} <= set(candidates("stepgrad "))


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert main(["completion", shell]) == 0
    assert f"stepgrad completion {shell} --line" in capsys.readouterr().out


ASK = {
    "bash": "source <(stepgrad completion bash); COMP_LINE='{line}'; COMP_POINT={length}; _stepgrad; "
    "printf '%s\\n' \"${{COMPREPLY[@]}}\"",
    "fish": "stepgrad completion fish | source; complete -C '{line}'",
}


@pytest.mark.parametrize("shell", ASK)
def test_the_script_completes_in_the_shell_itself(tmp_path: Path, shell: str) -> None:
    path = shutil.which(shell)
    if path is None or sys.platform == "win32":
        pytest.skip(f"there is no {shell} here")
    command = tmp_path / "stepgrad"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stepgrad "$@"\n')
    command.chmod(0o755)
    line = "stepgrad print edge-det"
    script = f'PATH="{tmp_path}:$PATH"; ' if shell == "bash" else f'set -x PATH "{tmp_path}" $PATH; '
    script += ASK[shell].format(line=line, length=len(line))
    done = subprocess.run([path, "-c", script], capture_output=True, text=True, check=True)
    assert EDGE in done.stdout.split()
