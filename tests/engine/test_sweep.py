"""Rules run for many indices at once: counted on a rule that says how often it is run."""

from __future__ import annotations

import numpy as np
import pytest

from stepgrad.engine.fold import total
from stepgrad.engine.graph import Graph
from stepgrad.engine.lookup import feeds, origins, uses
from stepgrad.engine.number import Number
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.conv import Conv2d
from stepgrad.engine.ops.conv_gradient import ConvWeightGrad
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.reads import read
from stepgrad.engine.region import Region, together
from stepgrad.engine.run import Run
from stepgrad.engine.sweep import ROOM, Sweep, SweptCells


def test_what_a_weight_feeds_is_found_in_one_run_of_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 3x3 weight over 8 images of 30x30 feeds 8*28*28 cells; its gradient rule is asked for a term once."""
    graph = Graph()
    graph.source("x", Spec((8, 1, 30, 30)), "input")
    graph.source("k", Spec((1, 1, 3, 3)), "parameter")
    graph.add("y", Conv2d(), "x", "k")
    run = Run(graph.check(), {"x": np.ones((8, 1, 30, 30)), "k": np.ones((1, 1, 3, 3))})
    terms = []
    cell = ConvWeightGrad.cell

    def counted(self: ConvWeightGrad, *given: object) -> Number:
        fold = cell(self, *given)  # type: ignore[arg-type]
        return total(lambda *at: terms.append(at) or fold.at(*at), *fold.ranges)  # type: ignore[attr-defined, func-returns-value]

    monkeypatch.setattr(ConvWeightGrad, "cell", counted)
    assert len(feeds(run, "k", (0, 0, 1, 1))) == 8 * 28 * 28
    assert len(terms) == 1


def test_a_level_of_many_cells_costs_as_many_runs_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = Graph()
    graph.source("x", Spec((50, 40)), "input")
    graph.add("y", ReLU(), "x")
    run = Run(graph.check(), {"x": np.ones((50, 40))})
    runs = []
    cell = ReLU.cell
    monkeypatch.setattr(ReLU, "cell", lambda self, *given: runs.append(given) or cell(self, *given))
    everything = Region((50, 40), np.arange(2000))
    assert together(origins(run, {"y": everything})) == {"x": everything}
    assert len(runs) == 1
    assert together(uses(run, {"x": everything})) == {"y": everything}


def test_a_sum_larger_than_the_room_is_run_in_pieces() -> None:
    cells = SweptCells("x", (3, 2 * ROOM))
    shapes = []

    def term(i: Sweep, j: Sweep) -> Number:
        shapes.append(1)
        return cells[i, j]

    [(name, region)] = read(total(term, 3, range(0, 2 * ROOM, 2))).items()
    assert (name, len(region), len(shapes)) == ("x", 3 * ROOM, 3)
    assert (2, 2 * ROOM - 2) in region
    assert (2, 2 * ROOM - 1) not in region


def test_a_term_that_branches_on_its_index_is_run_index_by_index() -> None:
    cells = SweptCells("x", (1000,))
    rule = total(lambda i: cells[i] if i % 3 == 0 else cells[0], 1000)
    assert list(read(rule)["x"]) == [(i,) for i in range(0, 1000, 3)]


@pytest.mark.parametrize(
    "refused",
    [
        lambda i: range(i),
        lambda i: i == 3,
        lambda i: 0 if i else 1,
        lambda i: max(0, i),
        lambda i: [1, 2, 3][i],
        lambda i: {i: 1},
        lambda i: i * (1 << 40),
        lambda i: i in range(5),
    ],
)
def test_what_depends_on_the_value_of_an_index_is_refused(refused: object) -> None:
    with pytest.raises(TypeError):
        refused(Sweep(np.arange(3)))  # type: ignore[operator]


def test_indices_do_pythons_integer_arithmetic() -> None:
    i = Sweep(np.arange(-7, 8))
    for rule in (
        lambda i: i * 3 + 1,
        lambda i: 5 - i // 2,
        lambda i: i % 4,
        lambda i: -i - i,
        lambda i: divmod(i, 3)[0] + divmod(i, 3)[1],
        lambda i: 2 * i - 3 + i * i,
    ):
        assert rule(i).values.tolist() == [rule(k) for k in range(-7, 8)]


def test_a_tensor_is_kept_in_row_order_so_that_parts_of_it_are_no_copies() -> None:
    graph = Graph()
    graph.source("x", Spec((30, 40)), "input")
    graph.source("one", Spec(()), "input")
    graph.add("y", ReLU(), "x")
    run = Run(graph.check(), {"x": np.ones((40, 30)).T, "one": np.array(1.0)})
    assert not np.shares_memory(run.tensors["x"].reshape(-1), run.tensors["x"])
    assert np.shares_memory(run.host("x").reshape(-1), run.host("x"))
    assert run.host("one").shape == ()
