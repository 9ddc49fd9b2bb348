"""kill -9 in the middle of an answer: whatever was acknowledged is there, and the file is whole."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from stepgrad.scenarios.drills.store import Store

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")

LEARNER = """
import sys
from pathlib import Path
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store

store = Store(Path(sys.argv[1]))
assert store.saves, store.notices
print("ready", flush=True)
sys.stdin.readline()
for k in range(int(sys.argv[3])):
    event = store.record(f"{sys.argv[2]}#{k % 7}", "topic", Rating(1 + k % 4), answer="x" * (k % 50))
    print(event, flush=True)  # acknowledged
    if k % 5 == 4:
        store.undo(event)
"""


@contextmanager
def learner(path: Path, name: str, answers: int) -> Iterator[subprocess.Popen[str]]:
    """A process that answers without end, and acknowledges each answer by its name once it is graded."""
    argv = [sys.executable, "-c", LEARNER, str(path), name, str(answers)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        try:
            yield process
        finally:
            process.kill()


def killed(path: Path, name: str, after: int) -> set[str]:
    """What was acknowledged by a process that is killed once it has acknowledged so much."""
    with learner(path, name, 100_000) as process:
        assert process.stdout is not None
        acknowledged = {process.stdout.readline().strip() for _ in range(after)}
        process.kill()
        rest = process.stdout.read()
        # A line that is cut off was on its way: nobody has seen it.
        return acknowledged | set(rest[: rest.rfind("\n") + 1].split())


def whole(path: Path) -> set[str]:
    """The names of all events, once the file was found whole and its cards to be what its log comes to."""
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with closing(Store(path)) as store:
        assert store.notices == []
        cards = {card.key: card.memory.reviews for card in store.cards()}
        assert cards == {key: len(given) for key, given in store.reviews().items() if given}
        return {event["id"] for event in store.events()}


def kills(path: Path, count: int) -> int:
    """Kill so many processes, one after another; gives how many answers were acknowledged, of which none is lost."""
    chance, acknowledged = random.Random(0), set[str]()
    for k in range(count):
        acknowledged |= killed(path, f"learner{k}", chance.randrange(1, 25))
        assert acknowledged <= whole(path)
    return len(acknowledged)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    assert kills(tmp_path / "p.db", 4) > 4


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_hundreds_of_kills(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = kills(tmp_path / "p.db", 300)
    with capsys.disabled():
        print(f"\n300 kills, {answers} answers acknowledged, none lost")


def test_a_process_that_is_killed_does_not_hold_up_another(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with learner(path, "other", 40) as other:
        for k in range(2):
            assert killed(path, f"learner{k}", 10)
        assert other.stdout is not None
        events = set(other.stdout.read().split())
    assert other.returncode == 0
    assert len(events) == 40
    assert events <= whole(path)


def test_two_processes_make_the_file_together_and_both_write_all_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "new" / "p.db"
    with learner(path, "one", 60) as one, learner(path, "two", 60) as two:
        assert one.stdout is not None
        assert two.stdout is not None
        events = {*one.stdout.read().split(), *two.stdout.read().split()}
    assert (one.returncode, two.returncode) == (0, 0)
    assert len(events) == 120
    assert events <= whole(path)


def test_many_processes_open_a_new_file_at_once(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from stepgrad.scenarios.drills.store import Store; "
    code += "store = Store(Path(sys.argv[1])); print(store.saves, store.notices)"
    argv = [sys.executable, "-c", code, str(tmp_path / "p.db")]
    started = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert [process.communicate()[0] for process in started] == ["True []\n"] * 6
