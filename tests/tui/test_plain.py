"""Plain mode: transcripts of commands and answers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.plain import Session, converse
from stepgrad.tui.plain_commands import COMMANDS

NETWORK = """
format_version = 1
title = "A filter, a rectifier and a pool"
[inputs]
x = [[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [2.0, 1.0, 1.0]]
[[layers]]
name = "out"
op = "conv2d"
weight = [[1, -1], [2, 0.5]]
bias = [1]
padding = 1
[[layers]]
name = "act"
op = "relu"
[[layers]]
name = "pool"
op = "max_pool2d"
kernel_size = 2
[[script]]
say = "Before it all, **nothing**."
[[script]]
at = "out[0,2]"
say = "Here it is {out[0,2]}."
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    path = tmp_path / "network.toml"
    path.write_text(NETWORK)
    return open_lesson(str(path))


@pytest.fixture
def session(lesson: Lesson) -> Session:
    made = Session(lesson)
    made.opening()
    return made


def test_the_opening_says_what_it_is_and_how_to_go_on(lesson: Lesson) -> None:
    assert Session(lesson).opening() == [
        "A filter, a rectifier and a pool. 36 steps.",
        "At the start, nothing is written.",
        "Before it all, nothing.",
        "An empty line steps forward; help lists the commands.",
    ]


def test_the_value_comes_first_and_only_what_changed_is_told(session: Session) -> None:
    assert session.answer("next") == [
        "1.5 is out[0,0], step 1 of 36.",
        "out is conv2d, forward, 1 by 1 by 4 by 4: "
        "out[n,m,i,j] = sum x[n,c,i+u-1,j+v-1] * out.weight[m,c,u,v] + out.bias[m].",
    ]
    assert session.answer("") == ["2 is [0,1], step 2."]
    # -2*2 + 0.5*0.5 + 1
    assert session.answer("n") == ["minus 2.75 is [0,2], step 3.", "Here it is minus 2.75."]
    assert session.answer("next")[0].endswith("is [0,3], step 4.")


def test_back_says_what_is_unwritten(session: Session) -> None:
    session.answer("go 4")
    assert session.answer("back 2") == ["2 is [0,1], step 2. 2 cells unwritten.", "Before it all, nothing."]
    assert session.answer("b") == ["1.5 is [0,0], step 1. 1 cell unwritten."]
    assert session.answer("back")[0] == "At the start, nothing is written."
    assert session.answer("back") == ["This is the start."]


@pytest.mark.parametrize("line", ["next 5", "n 5", "5n", "5 next", "NEXT 5", "go 5", "go out[1,0]", "g 5"])
def test_counts_and_letters(session: Session, line: str) -> None:
    assert "is out[1,0], step 5 of 36." in session.answer(line)[0]


def test_the_end_is_the_end(session: Session) -> None:
    assert "step 36 of 36" in session.answer("next 1000000")[0]
    assert session.answer("next") == ["This is the end."]
    assert session.answer("go :end") == ["Here already."]


def test_levels_change_what_a_step_is(session: Session) -> None:
    assert session.answer("out") == ["Level tensor."]
    assert session.answer("next")[0] == "2 is out[3,3], step 16 of 36. 15 cells before it written."
    assert session.answer("next")[0].endswith("is act[3,3], step 32 of 36. 15 cells before it written.")
    assert session.answer("back")[0] == "2 is out[3,3], step 16 of 36. 16 cells unwritten."
    assert session.answer("in") == ["Level cell."]
    assert session.answer("in") == ["Level term."]
    assert session.answer("in") == ["term is the finest level."]


def test_terms_are_gone_through_one_by_one(session: Session) -> None:
    session.answer("next")
    session.answer("in")
    told = session.answer("next")
    assert told == ["0, term 1 of 5: padding times 1, from padding and out.weight[0,0]. So far 0."]
    assert session.answer("3n") == ["0.5, term 4 of 5: 1 times 0.5, from x[0,0] and out.weight[1,1]. So far 0.5."]
    assert session.answer("n") == ["1, term 5 of 5: 1, from out.bias[0]. So far 1.5."]
    assert session.answer("n")[0] == "2 is [0,1], step 2."
    told = session.answer("b")
    assert told[0] == "1.5 is [0,0], step 1. 1 cell unwritten."
    assert told[1].startswith("1, term 5 of 5: ")
    assert session.answer("5b")[0] == "At the start, nothing is written."


def test_why_is_the_arithmetic_in_rows(session: Session) -> None:
    session.answer("go out[0,2]")
    assert session.answer("why") == [
        "minus 2.75 is the sum of 5 terms.",
        "padding and out.weight[0,0]: padding times 1, padding times minus 1, minus 2 times 2, 0.5 times 0.5. "
        "So far minus 3.75.",
        "out.bias[0]: 1. So far minus 2.75.",
    ]
    session.answer("go act[0,2]")
    assert session.answer("w") == ["0 is max(minus 2.75, 0), from out[0,2]."]
    session.answer("go pool[0,0]")
    assert session.answer("why")[0].endswith("is the largest of 4 terms.")


def test_long_sums_come_a_page_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    row = list(range(200))
    path.write_text(
        f"format_version = 1\ntitle = 'Long'\n[inputs]\nx = {row}\n"
        f"[[layers]]\nname = 'y'\nop = 'conv1d'\nweight = {[1] * 200}\n"
    )
    session = Session(open_lesson(str(path)), at="y")
    told = session.answer("why")
    assert told[0] == "19900 is the sum of 200 terms."
    assert told[1].endswith(f"So far {sum(range(8))}.")
    assert told[-1] == "Terms 97 to 200 are left: why 97."
    assert len(told) == 14
    assert session.answer("why 97")[1].startswith("x[96] and y.weight[96]: 96 times 1, 97 times 1")
    assert session.answer("why 193")[-1].endswith("So far 19900.")
    assert session.answer("why 201") == ["there is no term 201; terms run from 1 to 200."]


def test_tensors_are_read_as_far_as_they_are_written(session: Session) -> None:
    session.answer("go 6")
    assert session.answer("read x") == [
        "x, 3 by 3.",
        "row 0: 1, minus 2, 0.5.",
        "row 1: 0, 3, minus 1.",
        "row 2: 2, 1, 1.",
    ]
    assert session.answer("read out")[2].startswith("row 1: ")
    assert session.answer("read out")[2].endswith(", blank, blank.")
    assert session.answer("r x[1]") == ["x[1], 3.", "0, 3, minus 1."]
    assert session.answer("read x[1,2]") == ["minus 1 is x[1,2]."]
    assert session.answer("read x[0,0,1,2]") == ["minus 1 is x[0,0,1,2]."]
    assert session.answer("read pool")[1] == "row 0: blank, blank."
    assert session.answer("read")[0] == "x, 1 by 1 by 3 by 3."


def test_where_repeat_and_say(session: Session) -> None:
    assert session.answer("where") == ["At the start, before step 1 of 36. Level cell."]
    session.answer("go 3")
    assert session.answer("where") == ["out[0,2], step 3 of 36. forward, layer out. Level cell."]
    assert session.answer("repeat") == ["out[0,2], step 3 of 36. forward, layer out. Level cell."]
    assert session.answer("say") == ["Here it is minus 2.75."]
    session.answer("go 20")
    assert session.answer("s") == ["Here it is minus 2.75."]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("nxt", "there is no command 'nxt'; did you mean 'next'?"),
        ("xyzzy", "there is no command 'xyzzy'; help lists them."),
        ("go", "go where? Give an address or a step number, as in: go 5."),
        ("go nowhere", "there is no tensor 'nowhere'"),
        ("go 37", "there is no step 37; steps run from 1 to 36."),
        ("go out[0,0]#5", "out[0,0]#5: the cell has terms 0 to 4."),
        ("go 1#", "'1#' is no address"),
        ("next many", "'many' is no count; give a whole number from 1 to 1000000."),
        ("next 0", "'0' is no count"),
        ("next -1", "'-1' is no count"),
        ("next 99999999999999999999", "is no count"),
        ("why", "nothing is written yet; next writes the first cell."),
        ("read y", "there is no tensor 'y'"),
        ("read x[5]", "x[5] does not fit x, which is [1, 1, 3, 3]."),
        ("read x[0,0,0,0,0]", "does not fit x"),
        ("read x[", "'x[' is no address"),
        ("read :forward", "read what?"),
        ("read x@3", "no iteration 3"),
        ("☃" * 100, "there is no command"),
    ],
)
def test_what_can_not_be_done_is_one_line(session: Session, line: str, answer: str) -> None:
    told = session.answer(line)
    assert len(told) == 1
    assert answer in told[0]
    assert session.answer("where") == ["At the start, before step 1 of 36. Level cell."]


def test_go_to_a_term(session: Session) -> None:
    assert session.answer("go out[0,2]#3")[-1].endswith("Here it is minus 2.75.")
    assert session.answer("where")[0].endswith("Level term.")
    assert session.answer("next")[0].startswith("1, term 5 of 5")


def test_help_lists_every_command_once_with_its_letter(session: Session) -> None:
    told = session.answer("help")
    assert told == session.answer("?") == session.answer("h")
    assert len({command.letter for command in COMMANDS}) == len(COMMANDS) == len(told)
    assert told[0].startswith("next [COUNT] (n): ")


def test_a_pipe_is_answered_until_it_ends_without_a_prompt(lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    converse(Session(lesson), io.StringIO("next\nwhere\n"))
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "out[0,0], step 1 of 36. forward, layer out. Level cell."
    assert ">" not in out
    converse(Session(lesson), io.StringIO("quit\nnext\n"))
    assert "step 1" not in capsys.readouterr().out.split("36 steps.")[1]
    converse(Session(lesson), None)


def test_what_a_cell_goes_into_what_is_scattered_and_whether_it_is_right() -> None:
    """The slopes of the neuron are worked out by hand in the lesson: -3.144 and -4.192."""
    told = Session(open_lesson("neuron-forward-loss-update"))
    names = [node.name for node in told.lesson.timeline.graph(0).nodes]
    gradient = next(name for name in names if name.endswith("weight.grad"))
    told.answer(f"go {gradient}[0,0]")
    checked = told.answer("check")
    assert checked[0].startswith(f"{gradient}[0] adds up") or checked[0].startswith(f"{gradient}[0,0] adds up")
    assert checked[2] == "The slope between is minus 3.144, the gradient is minus 3.144: they agree."
    assert told.answer("scatter")[-1].endswith("So far minus 4.192.")
    assert "upstream" in told.answer("scatter 2")[0]
    assert told.answer("feeds")[0].endswith("goes into 1 cell.")
    weight = gradient.removesuffix(".grad")
    assert told.answer(f"feeds {weight}[0,1]")[0].startswith(f"{weight}")
    assert "names no tensor" in told.answer("feeds nothing")[0]
    assert "is no cell of" in told.answer(f"feeds {weight}[7,7]")[0]


def test_everything_said_is_plain_ascii_without_drawing(session: Session) -> None:
    told: list[str] = []
    for line in ("next", "why", "in", "next", "out", "read x", "read", "where", "help", "go pool", "why"):
        told += session.answer(line)
    text = "\n".join(told)
    assert text.isascii()
    assert "\x1b" not in text
    assert not any(mark in text for mark in ("|", "*-", "--"))


def test_a_card_without_steps_is_said_and_left(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_text("format_version = 1\ntitle = 'Card'\n[[script]]\nsay = 'Hello.'\n")
    session = Session(open_lesson(str(path)))
    assert session.opening()[:3] == ["Card. 0 steps.", "At the start, nothing is written.", "Hello."]
    assert session.answer("next") == ["This is the end."]
    assert session.answer("read") == ["There is nothing to read."]
    assert session.answer("where") == ["At the start, and there are no steps. Level cell."]
    assert session.answer("go 1") == ["there is no step 1; this scenario has none."]
    assert session.answer("go :end") == ["Here already."]
