"""`stepgrad drill` by lines: questions out, answers in, and an exit status."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from pathlib import Path

import pytest

from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.cli import main
from stepgrad.tui.drilling.commands import COMMANDS
from stepgrad.tui.drilling.words import lasting

Output = pytest.CaptureFixture[str]
EDGE = "edge-detection-5x5"


class Drilled:
    """What a drill printed, and its exit code."""

    def __init__(self, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def __call__(self, answers: str, *argv: str) -> tuple[int, str, str]:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        code = main(["drill", *argv])
        return code, *self.capsys.readouterr()


@pytest.fixture
def drill(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> Drilled:
    return Drilled(capsys, monkeypatch)


def test_answers_from_a_pipe(drill: Drilled) -> None:
    # The drills of the lesson in the order of its file: D04, D05a, D05b, D08.
    code, out, err = drill("3\n2\n3x3\n1 1 0; 0 0 0; 0 0 0\n", EDGE, "--plain")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:4] == [
        "Type an answer; help lists what else.",
        "1. The filter lies on the top-left window of the image. What is feature_map[0,0]? (a whole number)",
        "image = 1 1 1 1 0; 1 0 0 0 0; 1 0 0 0 0; 1 0 0 0 0; 0 0 0 0 0",
        "kernel = 1 0 0; 1 0 0; 1 0 0",
    ]
    assert lines[4] == "Right. It comes back in 10 minutes."
    assert lines[-1] == "4 of 4 right at once."


def test_a_wrong_answer_is_told_with_what_it_comes_from_and_the_status_is_1(drill: Drilled) -> None:
    code, out, _ = drill("1\n2\n", EDGE, "--plain")
    assert code == 1
    assert "Wrong. That is what comes out with the kernel flipped; here it is not.\nThe answer is 3.\n2. " in out
    assert out.endswith("1 of 2 right at once.\n")


@pytest.mark.parametrize("more", [[], ["--exam", "3"], ["--sheet", "never.md"]])
def test_where_there_is_nothing_to_ask_it_is_said(drill: Drilled, more: list[str]) -> None:
    code, out, err = drill("", "glossary", "--plain", *more)
    assert (code, out) == (2, "")
    assert "there is nothing to ask about 'glossary'; `stepgrad list` names all there is" in err


def test_nonsense_is_no_mark(drill: Drilled) -> None:
    code, out, _ = drill("three\n\n3\n", EDGE, "--plain")
    assert code == 0
    assert "'three' is not a number; try 0.25 or 1/4. That is no mark against you.\n" in out
    assert "1 of 1 right at once." in out


def test_cells_are_told_one_by_one(drill: Drilled) -> None:
    _, out, _ = drill("skip\nskip\nskip\n1 1 0; 0 ? 0; 0 0 9\n", EDGE, "--plain")
    assert "Cell by cell: RIGHT, RIGHT, RIGHT, RIGHT, NOT DONE, RIGHT, RIGHT, RIGHT, WRONG." in out


def test_help_in_three_stages_and_the_solution(drill: Drilled) -> None:
    code, out, _ = drill("hint\nhint\nhint\nhint\nwhy\n", EDGE, "--plain")
    assert code == 1
    assert [line for line in out.splitlines() if "hints" in line] == [
        "There are no more hints; why shows the solution."
    ]
    order = [
        "It reads 9 cells of image",
        "feature_map[n,m,i,j] = sum",
        "so far 1.",
        "The answer is 3.",
        "(0*0) = 3",
    ]
    places = [out.index(text) for text in order]
    assert places == sorted(places)


def test_where_there_are_no_hints_none_are_said_to_be_spent(drill: Drilled) -> None:
    _, out, _ = drill("hint\n", "inductive-deductive", "--plain")
    assert "There are no hints for this one; why shows the solution." in out


def test_commands(drill: Drilled) -> None:
    code, out, _ = drill("help\nagain\nundo\neasy\n9\nundo\n3\neasy\nquit\n", EDGE, "--plain")
    assert code == 0
    for command in COMMANDS:
        assert f"{command.word}: {command.summary}." in out
    assert out.count("The filter lies on the top-left window") == 3
    assert "There is nothing to take back." in out
    assert "Nothing is answered yet." in out
    assert "Taken back." in out
    assert "Noted as easy: it comes back in " in out


def test_progress_is_kept_and_what_is_known_is_not_asked_again(drill: Drilled, home: Path) -> None:
    drill("3\n", EDGE, "--plain")
    assert (home / "data" / "progress.db").exists()
    _, out, _ = drill("", EDGE, "--plain")
    assert "1. The filter lies on the bottom-left window" in out


def test_that_nothing_is_saved_is_told_before_the_first_question(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    told = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n"))
    with redirect_stdout(told), redirect_stderr(told):
        assert main(["drill", EDGE, "--plain", "--data-dir", str(tmp_path / "file" / "in")]) == 0
    lines = told.getvalue().splitlines()
    assert "nothing is saved" in lines[0]
    assert sum("nothing is saved" in line for line in lines) == 1


def test_an_export_that_cannot_be_written_is_named(drill: Drilled, tmp_path: Path) -> None:
    path = tmp_path / "gone" / "kept.jsonl"
    code, _, err = drill("", "--export", str(path))
    assert (code, err) == (1, f"stepgrad: {path}: No such file or directory\n")


def test_the_same_seed_for_a_whole_class(drill: Drilled, tmp_path: Path) -> None:
    asked = [drill("", EDGE, "--plain", "--seed", "1", "--data-dir", str(tmp_path / name)) for name in "ab"]
    assert asked[0] == asked[1]
    assert asked[0] != drill("", EDGE, "--plain", "--seed", "2")


def test_the_report_of_an_exam_has_a_line_for_each_mistake(drill: Drilled) -> None:
    _, out, _ = drill("12345\n3x9\nb\n[0,0]\n" * 5, EDGE, "--plain", "--exam", "8", "--seed", "1")
    report = [line for line in out.splitlines() if re.match(r"\d+: ", line)]
    assert any(": 12345. " in line for line in report)
    assert all(". The answer is " in line for line in report)


def test_an_exam_has_a_report_and_no_help(drill: Drilled) -> None:
    code, out, _ = drill("hint\nwhy\n", EDGE, "--plain", "--exam", "3", "--seed", "1")
    assert code == 1
    assert out.startswith("An exam: 3 questions, one answer each.\n1. ")
    assert "It reads" not in out
    assert "0 of 3 right." in out
    assert "convolution: 0 of 1." in out
    assert re.search(r"^1: no answer\. The answer is .*\.$", out, re.MULTILINE)


def test_an_exam_that_is_all_right(drill: Drilled, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.md"
    drill("", EDGE, "--seed", "7", "--exam", "4", "--sheet", str(sheet))
    key = re.findall(r"^\d+\. \*\*(.*)\*\*$", sheet.read_text("utf-8"), re.MULTILINE)
    answers = "\n".join(answer.replace("\\", "") for answer in key) + "\n"
    code, out, _ = drill(answers, EDGE, "--plain", "--seed", "7", "--exam", "4")
    assert (code, out.count("Noted.")) == (0, 4)
    assert "4 of 4 right." in out


def test_a_sheet_says_how_to_ask_the_same(drill: Drilled, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.md"
    code, out, err = drill("", "pooling", "--sheet", str(sheet))
    assert (code, out) == (0, "")
    found = re.search(r"stepgrad drill pooling --seed (\d+) --exam 10 asks the same", err)
    assert found is not None
    assert sheet.read_text("utf-8").count("\n## ") == 10
    assert "# Answer key" in sheet.read_text("utf-8")


def test_statistics(drill: Drilled) -> None:
    assert drill("", "--stats")[1] == "0 answers. 0 due now, 0 by tomorrow, 0 in a week.\n"
    drill("3\n9\n", EDGE, "--plain")
    # What was wrong a moment ago is not known now.
    code, out, _ = drill("", "--stats")
    assert code == 0
    assert out.splitlines()[0] == "2 answers. 0 due now, 2 by tomorrow, 2 in a week."
    assert out.splitlines()[3].split() == ["convolution", "2", "2", "50%", "50%"]


def test_export_reset_and_import(drill: Drilled, tmp_path: Path) -> None:
    drill("3\n2\n", EDGE, "--plain")
    kept = str(tmp_path / "kept.jsonl")
    assert drill("", "--export", kept)[0] == 0
    code, out, err = drill("no\n", "--reset", "all")
    assert (code, out) == (1, "")
    assert "This forgets 2 of 2 cards. Type yes to go on: Nothing is forgotten." in err
    assert drill("yes\n", "--reset", f"{EDGE}#D04")[0] == 0
    assert "1 card forgotten." in drill("yes\n", "--reset", EDGE)[2]
    assert drill("", "--stats")[1].startswith("0 answers")
    assert drill("", "--import", kept)[0] == 0
    assert drill("", "--stats")[1].startswith("2 answers")
    code, _, err = drill("yes\n", "--reset", "nothing")
    assert (code, err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (["convolutoin"], 2, "did you mean 'convolution'?"),
        (["nonsense-at-all"], 2, "there is no topic and no scenario"),
        (["--exam", "0"], 2, "give 1 question or more"),
        (["--exam", "x"], 2, "is no whole number"),
        (["--import", "/nowhere/at/all"], 1, "No such file"),
        (["--sheet", "/nowhere/at/all.md"], 1, "No such file"),
    ],
)
def test_what_cannot_be_done_is_one_line(drill: Drilled, argv: list[str], code: int, says: str) -> None:
    found, _, err = drill("", *argv)
    assert found == code
    assert says in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_an_import_of_something_else_changes_nothing(drill: Drilled, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    (tmp_path / "y").write_text("hello\n")
    assert drill("", "--import", str(tmp_path / "x"))[::2] == (1, f"stepgrad: {tmp_path / 'x'}: not UTF-8 text\n")
    assert drill("", "--import", str(tmp_path / "y"))[0] == 1


def test_a_damaged_progress_file_is_said_and_the_drill_goes_on(drill: Drilled, tmp_path: Path) -> None:
    (tmp_path / "progress.db").write_text("damaged " * 100)
    code, out, err = drill("3\n", EDGE, "--plain", "--data-dir", str(tmp_path))
    assert code == 0
    assert "Right." in out
    assert err.count("\n") == 1
    assert "it is kept as progress-damaged-" in err


def test_without_a_place_to_save_the_drill_goes_on(drill: Drilled, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, out, err = drill("3\n2\n", EDGE, "--plain", "--data-dir", str(tmp_path / "file"))
    assert code == 0
    assert "2 of 2 right at once." in out
    assert err.count("\n") == 1
    assert "the drill goes on, but nothing is saved" in err


def test_what_is_due_is_said_at_the_start(drill: Drilled, monkeypatch: pytest.MonkeyPatch) -> None:
    drill("3\n", EDGE, "--plain")
    from stepgrad.scenarios.drills import store

    now = store.clock()
    monkeypatch.setattr(Store.__init__, "__defaults__", (None, lambda: now + timedelta(days=5)))
    _, out, _ = drill("3\n", "--plain")
    assert out.startswith(
        "1 question is due. Type an answer; help lists what else.\n1. The filter lies on the top-left"
    )


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(seconds=-5), "a moment"),
        (timedelta(minutes=10), "10 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=4), "4 days"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_times_in_their_largest_unit(time: timedelta, text: str) -> None:
    assert lasting(time) == text
