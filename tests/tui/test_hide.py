"""What a teacher hides: on the page, in lines of text, as JSON, and the key that shows it."""

from __future__ import annotations

import json
import re

import pytest
from staged import playing, shown

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.arguments import HIDDEN, UsageError, parse
from stepgrad.tui.cli import main
from stepgrad.tui.flat import Selection, records, text
from stepgrad.tui.line import plain
from stepgrad.tui.page import Pages
from stepgrad.tui.plain import Session
from stepgrad.tui.sight import State
from stepgrad.tui.veil import OPEN, Veil, veil

ANSWERS, ARITHMETIC, VALUES = (veil([word]) for word in HIDDEN)
LECTURE = "cs231n-two-filters"


@pytest.fixture(scope="module")
def lecture() -> Lesson:
    return open_lesson(LECTURE)


@pytest.fixture(scope="module")
def network() -> Lesson:
    return open_lesson("cnn-flow")


def page(of: Lesson, at: str, hidden: Veil = OPEN) -> list[str]:
    position = of.timeline.locate(at) + 1
    return [plain(line) for line in Pages(of).page(State(position, veil=hidden), 80, 24).lines]


def test_the_words_of_the_command_line_are_those_of_the_veil() -> None:
    assert Veil._fields == HIDDEN
    assert veil(("answers", "values")) == Veil(answers=True, values=True)
    assert veil(()) == OPEN


def test_answers_leave_all_there_is_to_work_them_out_by(lecture: Lesson) -> None:
    """By hand: the third cell is (-1) + (-4) + (-1) + 1 = -5; the first two were -6 and -7."""
    open_, hidden = page(lecture, "out[0,0,2]"), page(lecture, "out[0,0,2]", ANSWERS)
    assert "[-5]" in open_[2]
    assert open_[2].replace("[-5]", "[ ?]") == hidden[2]
    assert [line for line in hidden if line.startswith(" out[0,0,2] = ?")]
    assert hidden[13:17] == open_[13:17]  # the formula, and the terms
    assert re.findall(r"= (\S+)", open_[17]) == ["-1", "-4", "-1"]
    assert re.findall(r"= (\S+)", hidden[17]) == ["?", "?", "?"]
    assert "at once. ?. The stride is two" in " ".join(map(str.strip, hidden))
    assert not any(re.search(r"-5\b", line) for line in hidden)


def test_the_next_step_shows_the_answer_before(lecture: Lesson) -> None:
    assert "-6 -7 -5 " in page(lecture, "out[0,1,0]", ANSWERS)[2]


def test_arithmetic_hides_the_working_and_nothing_else(lecture: Lesson) -> None:
    open_, hidden = page(lecture, "out[0,0,2]"), page(lecture, "out[0,0,2]", ARITHMETIC)
    assert hidden[:14] == open_[:14]
    assert not any(line.strip() for line in hidden[14:18])
    assert hidden[18].startswith(" out[0,0,2] = -5   ")
    assert hidden[19:] == open_[19:]


def test_values_hide_whatever_is_worked_out_and_leave_what_is_given(network: Lesson) -> None:
    open_, hidden = page(network, "logits[0,1]"), page(network, "logits[0,1]", VALUES)
    flat, logits = "2.6282", "2.3523"
    assert any(flat in line for line in open_)
    body = "\n".join(hidden)
    assert flat not in body
    assert logits not in body
    assert "-0.3" in body  # a weight
    assert "_      ×-0.1" in body
    assert "logits[0,1] = ?" in body


def test_after_an_update_the_parameters_are_worked_out_too(network: Lesson) -> None:
    first, second = ("\n".join(page(network, f"logits[0,1]@{i}", VALUES)) for i in (0, 1))
    assert "-0.3" in first
    assert not re.search(r"\d\.\d", "\n".join(second.split("\n")[1:-2]))


@pytest.mark.parametrize("hidden", [ANSWERS, ARITHMETIC, VALUES, Veil(*(True,) * 3)], ids=str)
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40), (30, 9)])
def test_nothing_moves_where_something_is_hidden(network: Lesson, hidden: Veil, columns: int, lines: int) -> None:
    pages = Pages(network)
    for position in range(0, network.timeline.steps, 97):
        whole = pages.page(State(position), columns, lines)
        veiled = pages.page(State(position, veil=hidden), columns, lines)
        assert len(veiled.lines) == lines
        assert veiled.cursor == whole.cursor
        assert veiled.pages == whole.pages
        where = [plain(line).strip()[:12] for line in whole.lines if "=" in plain(line)]
        assert len(where) >= len([line for line in veiled.lines if "=" in plain(line)]) - 1


def test_before_the_first_step_nothing_is_hidden_but_what_is_said(lecture: Lesson) -> None:
    pages = Pages(lecture)
    one, other = (pages.page(State(0, veil=hidden), 80, 24).lines[:20] for hidden in (OPEN, ANSWERS))
    assert one == other


async def test_a_key_shows_this_step_and_the_next_is_hidden_again() -> None:
    async with playing(open_lesson(LECTURE), at="out[0,0,2]", hidden=ANSWERS) as (screen, pilot):
        assert "out[0,0,2] = ?" in shown(screen)
        await pilot.press("H")
        assert "= -5" in shown(screen)
        await pilot.press("H")
        assert "out[0,0,2] = ?" in shown(screen)
        await pilot.press("H", "right")
        assert "out[0,1,0] = ?" in shown(screen)


async def test_without_the_option_the_key_hides_answers_and_shows_them() -> None:
    async with playing(open_lesson(LECTURE), at="out[0,0,2]") as (screen, pilot):
        await pilot.press("H", "right")
        assert "out[0,1,0] = ?" in shown(screen)
        await pilot.press("H")
        assert "answers are shown" in shown(screen)
        assert "out[0,1,0] = ?" not in shown(screen)


async def test_what_is_watched_is_seen_as_far_as_it_may_be() -> None:
    async with playing(open_lesson(LECTURE), at="out[0,0,2]", hidden=ANSWERS) as (screen, pilot):
        assert screen.player is not None
        screen.player.answer("watch", "out[0,0,2]")
        await pilot.press("x", "x")
        assert "-5" not in "\n".join(shown(screen).split("\n")[18:])
        await pilot.press("right")
        assert re.search(r"out\[0,0,2\] +-5", shown(screen))


async def test_hidden_values_are_not_drawn_either() -> None:
    async with playing(open_lesson(LECTURE), at="out[0,0,2]", hidden=VALUES) as (screen, pilot):
        for key in ("m", "o"):
            await pilot.press(key)
            assert pilot.app.screen is screen
            assert "this would tell what is hidden; H shows it" in shown(screen)


def printed(of: Lesson, hidden: Veil, at: int, level: str = "cell") -> list[str]:
    return list(text(of, Selection(range(at, at + 1), level, veil=hidden)))  # type: ignore[arg-type]


def test_text_without_what_is_hidden(network: Lesson) -> None:
    """By hand from the network's first cells: ReLU of 3.5."""
    at = network.timeline.locate("relu[0,0,0,0]")
    lines = [printed(network, hidden, at)[-1] for hidden in (OPEN, ANSWERS, ARITHMETIC, VALUES)]
    assert lines == [
        "65  relu[0,0,0,0] = max(3.5, 0) = 3.5",
        "65  relu[0,0,0,0] = max(3.5, 0) = ?",
        "65  relu[0,0,0,0] = 3.5",
        "65  relu[0,0,0,0] = max(_, 0) = ?",
    ]


def test_terms_without_what_they_come_to(lecture: Lesson) -> None:
    assert printed(lecture, ANSWERS, 2, "term")[-1].endswith("1  so far ?")
    assert not [line for line in printed(lecture, ARITHMETIC, 2, "term") if "so far" in line]


def test_narration_keeps_what_is_given() -> None:
    of = open_lesson("neuron-forward-loss-update")
    first = of.stops[0]
    assert of.say(first, hidden=True) == of.say(first)  # it names the target, which is given
    assert "0.38" in of.say(of.stops[1])
    assert "0.38" not in of.say(of.stops[1], hidden=True)


@pytest.mark.parametrize(
    ("hidden", "value", "arithmetic", "read"),
    [(ANSWERS, None, "max(3.5, 0) = ?", 3.5), (ARITHMETIC, 3.5, None, 3.5), (VALUES, None, None, None)],
    ids=str,
)
def test_json_without_what_is_hidden(
    network: Lesson, hidden: Veil, value: float | None, arithmetic: str | None, read: float | None
) -> None:
    at = network.timeline.locate("relu[0,0,0,0]")
    (line,) = map(json.loads, records(network, Selection(range(at, at + 1), veil=hidden)))
    assert (line["value"], line["arithmetic"]) == (value, arithmetic)
    assert line["reads"][0] == ["conv", [0, 0, 0, 0], read]
    given = [found for name, _, found in line["reads"] if name == "constant"]
    assert given == [0.0]


def test_plain_lines_without_what_is_hidden(lecture: Lesson) -> None:
    session = Session(lecture, at="2", hidden=ANSWERS)
    session.opening()
    assert session.answer("next")[0] == "Hidden is [0,0,2], step 3."
    assert session.answer("why")[0] == "It is the sum of 28 terms."
    assert not any("So far" in line for line in session.answer("why"))
    assert session.answer("read out[0,0]")[1] == "minus 6, minus 7, blank."
    assert session.answer("check") == ["this would tell what is hidden; show tells it."]
    assert session.answer("show") == ["minus 5 is out[0,0,2]."]
    assert session.answer("why")[0].startswith("minus 5 is the sum")
    assert session.answer("next")[0].startswith("Hidden is")


def test_plain_values_and_arithmetic(network: Lesson) -> None:
    session = Session(network, at="relu[0,0,0,0]", hidden=VALUES)
    assert session.answer("why") == ["It is max(hidden, 0), from conv[0,0,0,0]."]
    assert session.answer("read conv") == ["the numbers of conv are hidden; show tells them."]
    assert session.answer("read x[0,0,0]")[1].startswith("1, 2, 0")
    session = Session(network, at="relu[0,0,0,0]", hidden=ARITHMETIC)
    assert session.answer("why") == ["The arithmetic is hidden. It reads conv[0,0,0,0]."]
    session.answer("in")
    assert "Term 1 of 1, from conv[0,0,0,0]." in session.answer("next")


def test_the_option_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["print", LECTURE, "--seed", "7", "--set", "layers.out.stride=1", "--hide", "answers", "--to", "2"]
    assert main(line) == 0
    out = capsys.readouterr().out
    assert out.count(" = ?") == 2
    with pytest.raises(UsageError, match=r"'answrs'.*did you mean 'answers'"):
        parse(["run", LECTURE, "--hide", "answrs"])
    assert parse(["run", LECTURE, "--hide", "answers, values"]).hide == ("answers", "values")
    assert main(["print", LECTURE, "--hide", "answers", "--format", "md"]) == 2
    assert "--hide goes with text and jsonl" in capsys.readouterr().err


def test_what_is_no_sum_is_left_to_be_worked_out(network: Lesson) -> None:
    """By hand from the network's first cells: ReLU of 3.5."""
    (line,) = [line for line in page(network, "relu[0,0,0,0]", ANSWERS) if "max(3.5" in line]
    assert line.strip().startswith("relu[0,0,0,0] = max(3.5, 0) = ?")
