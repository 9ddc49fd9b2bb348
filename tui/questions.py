"""What the player asks a line of text for: the hint, what stands in the field already, what it completes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from stepgrad.engine.expression import FUNCTIONS
from stepgrad.engine.timeline import Address, short
from stepgrad.scenarios.saving import written
from stepgrad.tui.numbers import significant

if TYPE_CHECKING:
    from stepgrad.scenarios.optables import OpTable
    from stepgrad.tui.player import Player


def _nothing(_: Player) -> str:
    return ""


class Question(NamedTuple):
    """A question; the player's `answer_<name>` takes the answer."""

    name: str
    hint: str
    placeholder: str
    words: Callable[[Player], Iterator[str]]
    start: Callable[[Player], str] = _nothing


def tensors(player: Player) -> Iterator[str]:
    """Every tensor by its name, and the phases."""
    yield from dict.fromkeys(name for graph in player.lesson.timeline.distinct for name in graph.names)


def _places(player: Player) -> Iterator[str]:
    for graph in player.lesson.timeline.distinct:
        yield from dict.fromkeys(node.name for node in graph.nodes)
        yield from dict.fromkeys(f":{node.phase}" for node in graph.nodes)
    yield ":end"


def _stops(player: Player) -> Iterator[str]:
    yield from _places(player)
    yield from ("nan", "inf", "nan or inf")
    yield from (f"{name} changes" for name in tensors(player))


def _here(player: Player) -> str:
    """The cell in question, as people write it."""
    timeline = player.lesson.timeline
    if not timeline.steps:
        return ""
    address = player.cell
    graph = timeline.graph(player.cursor.iteration)
    # A number that a training changes is watched in every iteration.
    return str(short(address, graph.spec(address.tensor or "").shape)).partition("@")[0]


def _changed(player: Player) -> str:
    """The cell in question with an equals sign, where it is one that may be changed."""
    here, timeline = _here(player), player.lesson.timeline
    given = timeline.graph(player.cursor.iteration).sources if timeline.steps else {}
    return f"{here} = " if here.partition("[")[0] in given else ""


def settings(player: Player) -> Iterator[str]:
    """`conv.stride = 1`: what a layer, the optimizer and the scenario are set to."""
    scenario = player.lesson.scenario
    tables: list[tuple[str, OpTable]] = [(f"{layer.name}.", layer) for layer in scenario.layers]
    tables += [("", scenario.optimizer)] if scenario.optimizer is not None else []
    for before, table in tables:
        for name, found in table:
            if isinstance(found, (bool, int, float, list)):
                yield f"{before}{name} = {written(found)}"
    yield f"seed = {scenario.seed}"


def cells(player: Player) -> Iterator[str]:
    """`image[0,0] = 1`: every tensor that is given, by its first cell."""
    if not player.lesson.timeline.steps:
        return
    run = player.lesson.history.run(0)
    for name, source in run.graph.sources.items():
        if source.spec.size and source.role in ("input", "parameter"):
            address = short(Address(name, (0,) * len(source.spec.shape)), source.spec.shape)
            yield f"{address} = {significant(float(run.host(name).flat[0]), 6)}"


def _changes(player: Player) -> Iterator[str]:
    yield from cells(player)
    yield from settings(player)


def _watched(player: Player) -> Iterator[str]:
    yield from tensors(player)
    yield from (f"{name}(" for name in FUNCTIONS)


def _none(_: Player) -> Iterator[str]:
    return iter(())


QUESTIONS = {
    question.name: question
    for question in (
        Question(
            "go",
            "an address (out[0,1]), a layer, :backward, @7 or a step number; Enter goes there, Esc leaves",
            "go to",
            _places,
        ),
        Question(
            "stop",
            "an address, a phase (:backward), @7, `X changes`, nan, inf, or a condition: loss < 0.1, abs(w.grad) > 10",
            "stop at",
            _stops,
        ),
        Question(
            "watch",
            "a cell or an expression: loss, norm(w.grad), out[0] - out[1]; once more ends the watching",
            "watch",
            _watched,
            _here,
        ),
        Question(
            "edit",
            "a cell or a setting and its new value: image[0,0] = 5, conv.stride = 2, lr = 0.5, seed = 3",
            "what if",
            _changes,
            _changed,
        ),
        Question("predict", "the number that is hidden; an empty line ends the predicting", "prediction", _none),
        Question("save", "a name, or a path that ends in .toml; the file as it was is not touched", "save as", _none),
    )
}
"""By name."""
