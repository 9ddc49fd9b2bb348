"""Under each way to hide, no hidden number stands anywhere: whatever is asked for, on every screen and in every form.

The scenario's given numbers are below a thousand and whatever is worked out of them is above, so that a number on a
screen says by itself what it is.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from staged import playing
from written import HEAD, opened

from stepgrad.engine.step import Step
from stepgrad.scenarios.lesson import Lesson
from stepgrad.scenarios.narration import is_computed
from stepgrad.tui.arguments import HIDDEN
from stepgrad.tui.flat import Selection, partials, records, text
from stepgrad.tui.line import plain
from stepgrad.tui.plain import Session
from stepgrad.tui.player import Player
from stepgrad.tui.veil import Veil, veil

LARGE = HEAD + (
    "inputs.x = [[123, 457]]\ninputs.wanted = [[999, 887]]\n"
    "parameters.w = [[211, 307], [389, 101]]\nparameters.b = [17, 23]\n"
    '[[layers]]\nname = "y"\nop = "linear"\ninput = "x"\nweight = "w"\nbias = "b"\n'
    '[[layers]]\nname = "z"\nop = "mul"\ninput = ["y", "y"]\n'
    '[loss]\nop = "mse_loss"\ninput = "z"\ntarget = "wanted"\n'
    '[optimizer]\nop = "sgd"\nlr = 2.0\niterations = 2\n'
    '[[script]]\nat = "y[0,1]"\ntitle = "A note"\nsay = "It is {y[0,1]}, after {y[0,0]} and {y[0,1]@1}."\n'
    '[[script]]\nat = "loss"\nsay = "The loss is {loss}."\nnotes = "{loss}"\n'
)
NUMBER = re.compile(r"(?<![\w.#@])[-−]?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
WATCHED = ("y[0,1]", "loss", "norm(w.grad)", "w[0,0]", "z[0,0] + 1")
ASKED = (
    (), ("finer", "forward"), ("finer", "forward", "forward"), ("cell_origin",), ("cell_uses",), ("check_cell",),
    ("scatter",), ("scatter", "forward"), ("digits",), ("next_matrix",), ("next_matrix", "next_matrix", "next_matrix"),
    ("previous_matrix", "cell_origin"), ("previous_matrix", "cell_uses", "cell_uses"),
)  # fmt: skip
"""What may be asked of a step by keys."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return opened(tmp_path_factory.mktemp("hidden"), LARGE)


def large_numbers(page: str) -> set[float]:
    """Every number of a page that can not have been given: not a size, a setting or a step's number."""
    found = {float(number.replace("−", "-")) for number in NUMBER.findall(page)}
    return {number for number in found if abs(number) > 1000}


def is_one_of(number: float, hidden: list[float]) -> bool:
    """Whether it is one of them as far as its digits go, whatever its sign: a rounded number is told too."""
    return bool(np.isclose(abs(number), np.abs(hidden), rtol=1e-3).any())


def secrets(of: Lesson, step: Step, how: str) -> list[float]:
    """What a step must not tell, worked out apart from what shows it."""
    if how == "values":
        names = [name for name in step.graph.names if is_computed(step.graph, name, step.iteration)]
        return [float(v) for i in (0, 1) for name in names for v in of.history.run(i).host(name).ravel()]
    sums = [float(partial) for partial in partials(step)]
    terms = [float(step.term(k).trace.value) for k in range(step.terms)] if step.terms > 1 else []
    if how == "arithmetic":
        return [number for number in (*sums[:-1], *terms) if not np.isclose(number, float(step.value))]
    return [float(step.value), *sums]


def told(of: Lesson, step: Step, how: str) -> list[float]:
    """What may be told at a step although it is as large as something hidden: numbers that stood there before."""
    if how == "values":
        return []
    run = of.history.run(step.iteration)
    before = [of.step(k).value for k in range(step.number + (how == "arithmetic"))]
    return [*map(float, before), *(float(v) for name in run.graph.sources for v in run.host(name).ravel())]


def leaks(page: str, of: Lesson, step: Step, how: str) -> list[float]:
    hidden, known = secrets(of, step, how), told(of, step, how)
    if not hidden:
        return []
    return [
        number
        for number in large_numbers(page)
        if is_one_of(number, hidden) and not (known and is_one_of(number, known))
    ]


def test_the_numbers_tell_what_they_are(large: Lesson) -> None:
    """Without anything hidden each of these pages is found to tell all of it."""
    for how in HIDDEN:
        told_by = [leaks("\n".join(text(large, Selection(range(k, k + 1), "term"))), large, large.step(k), how)
                   for k in range(4)]  # fmt: skip
        assert any(told_by), how


@pytest.mark.parametrize("how", HIDDEN)
@pytest.mark.parametrize(
    ("size", "every"), [((80, 24), 10), *(pytest.param(at, 1, marks=pytest.mark.slow) for at in ((80, 24), (140, 50)))]
)
def test_no_page_of_the_player_tells(large: Lesson, how: str, size: tuple[int, int], every: int) -> None:
    for position in range(1, large.timeline.steps + 1, every):
        step = large.step(position - 1)
        for keys in ASKED:
            player = Player(large, hidden=veil([how]))
            player.cursor.to(position)
            player.page(*size)
            for watch in WATCHED:
                player.answer("watch", watch)
            for key in keys:
                player.perform(key, 1, 0.0)
                page = player.page(*size)
            page = player.page(*size)
            if player.cursor.position != position:
                continue
            shown = "\n".join([*map(plain, page.lines), player.notice, player.pointing.caption])
            assert not leaks(shown, large, step, how), (position, keys, shown)


@pytest.mark.parametrize("how", HIDDEN)
def test_flat_text_and_plain_lines_do_not_tell(large: Lesson, how: str) -> None:
    hidden: Veil = veil([how])
    for k in range(large.timeline.steps):
        step, span = large.step(k), range(k, k + 1)
        lines = [*text(large, Selection(span, "cell", veil=hidden)), *text(large, Selection(span, "term", veil=hidden))]
        lines += [str(record) for record in records(large, Selection(span, "term", veil=hidden))]
        session = Session(large, at=str(k + 1), hidden=hidden)
        lines += session.opening()
        for command in (
            "why",
            "feeds",
            "scatter",
            "check",
            "where",
            "say",
            "meaning",
            "repeat",
            "in",
            "next",
            "read y",
        ):
            lines += session.answer(command)
            session.answer(f"go {k + 1}")
        shown = "\n".join(lines).replace("minus ", "-")
        assert not leaks(shown, large, step, how), (k, shown)


@pytest.mark.parametrize("how", HIDDEN)
@pytest.mark.parametrize(
    "at", ["w.grad[1,0]", *(pytest.param(at, marks=pytest.mark.slow) for at in ("y[0,1]@1", "loss", "w.new[0,1]"))]
)
async def test_no_other_screen_tells(large: Lesson, how: str, at: str) -> None:
    """The tree, maps, what is looked at, the list of stops, words, help, the palette, and what is copied."""
    step = large.step(large.timeline.locate(at))
    async with playing(large, at=at, hidden=veil([how])) as (screen, pilot):
        player = screen.player
        assert player is not None
        for watch in WATCHED:
            player.answer("watch", watch)
        for keys in ("B", "T", "m", "o", "G", "y", "question_mark", "tab T", "w T", "W", "v", "t ctrl+u", "e", "d"):
            await pilot.press(*keys.split())
            await pilot.pause()
            app = pilot.app
            shown = "\n".join(
                "".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()
            )
            if player.cursor.step == step.number:
                assert not leaks(f"{shown}\n{app.clipboard}", large, step, how), (keys, shown, app.clipboard)
            for _ in range(3):
                if app.screen is not screen or screen.query("Field"):
                    await pilot.press("escape")
            player.go(at)


def test_the_scenario_is_what_it_says(large: Lesson) -> None:
    """But the slope of the loss by itself, which is 1."""
    given = np.concatenate([large.history.run(0).host(name).ravel() for name in ("x", "wanted", "w", "b")])
    assert np.abs(given).max() < 1000
    worked_out = [abs(float(large.step(k).value)) for k in range(large.timeline.steps)]
    assert min(value for value in worked_out if value > 1) > 1000
