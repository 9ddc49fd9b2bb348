"""A step: reads, terms, arithmetic, formula and its line of JSON; and one iteration, executed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from small_network import small_history

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.fold import largest, total
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.number import Cells, Constant, Index, Number, exp, maximum, sqrt
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.ops.conv import Conv2d
from stepgrad.engine.ops.log_softmax import LogSoftmax
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step, leaves, plain
from stepgrad.engine.timeline import Timeline

IMAGE = np.array([[[[1.0, 2, 0], [0, 1, 3], [2, 2, 1]]]])
KERNEL = np.array([[[[1.0, 0], [-1, 2]]]])


def of(op: Op, *inputs: np.ndarray[Any, Any] | None, dtype: str = "float64") -> History:
    """A history of one node `y` that reads x, weight, bias."""
    graph = Graph()
    sources = {}
    names: list[str | None] = []
    for name, array in zip(("x", "weight", "bias"), inputs, strict=False):
        names.append(None if array is None else name)
        if array is not None:
            sources[name] = np.asarray(array, dtype)
            graph.source(name, Spec(np.shape(array), dtype), "input")
    graph.add("y", op, *names)
    return History(Timeline(graph.check()), sources)


@dataclass(frozen=True)
class Softmax(Op):
    """y = exp(x - max x) / sum exp(x - max x). Not in the registry."""

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Any) -> Any:
        e = xp.exp(x - xp.max(x))
        return e / xp.sum(e)

    def cell(self, index: Index, x: Cells) -> Number:
        top = largest(lambda k: x[k], *x.shape)
        return exp(x[index] - top) / total(lambda k: exp(x[k] - top), *x.shape)


def test_a_step_of_a_convolution_by_hand() -> None:
    history = of(Conv2d(padding=1), IMAGE, KERNEL, np.array([0.5]))
    record = history.step(5).record()
    assert record == {
        "step": 5,
        "address": "y[0,0,1,1]",
        "iteration": 0,
        "phase": "forward",
        "layer": "y",
        "op": "conv2d",
        "tensor": "y",
        "index": [0, 0, 1, 1],
        "value": 3.5,
        "reads": [
            ["x", [0, 0, 0, 0], 1.0],
            ["weight", [0, 0, 0, 0], 1.0],
            ["x", [0, 0, 0, 1], 2.0],
            ["weight", [0, 0, 0, 1], 0.0],
            ["x", [0, 0, 1, 0], 0.0],
            ["weight", [0, 0, 1, 0], -1.0],
            ["x", [0, 0, 1, 1], 1.0],
            ["weight", [0, 0, 1, 1], 2.0],
            ["bias", [0], 0.5],
        ],
        "formula": record["formula"],
        "arithmetic": "(1*1) + (2*0) + (0*-1) + (1*2) + 0.5 = 3.5",
        "terms": 5,
    }
    assert record["formula"].startswith("y[n,m,i,j] = sum x[n,c,")
    assert json.loads(json.dumps(record)) == record


def test_padding_is_read_as_one_marked_zero() -> None:
    record = of(Conv2d(padding=1), IMAGE, KERNEL, None).step(0).record()
    assert record["reads"][0] == ["padding", [], 0.0]
    assert [read[0] for read in record["reads"]].count("padding") == 1
    assert record["terms"] == 4
    assert record["arithmetic"] == "(0*1) + (0*0) + (0*-1) + (1*2) = 2"
    assert "bias" not in record["formula"]


def test_terms_are_paged_in_any_order_and_computed_once() -> None:
    step = of(Conv2d(padding=1), IMAGE, KERNEL, np.array([0.5])).step(5)
    partials = [1.0, 1.0, 1.0, 3.0, 3.5]
    assert [step.term(k).partial for k in (4, 0, 2, 4, 1, 3)] == [partials[k] for k in (4, 0, 2, 4, 1, 3)]
    assert step.term(4).trace.value == 0.5
    assert step.term(3).number == 3
    for k in (-1, 5, 10**9):
        with pytest.raises(IndexError, match=rf"y\[0,0,1,1\] has 5 terms, no term {k}"):
            step.term(k)


def test_paging_through_a_long_sum_is_linear() -> None:
    made = []

    @dataclass(frozen=True)
    class Long(Op):
        def infer(self, x: Spec) -> Spec:
            return Spec(())

        def compute(self, xp: Any, x: Any) -> Any:
            return xp.sum(x)

        def cell(self, index: Index, x: Cells) -> Number:
            def term(k: int) -> Number:
                made.append(k)
                return x[k]

            return total(term, *x.shape)

    step = of(Long(), np.ones(500)).step(0)
    assert [step.term(k).partial for k in range(500)] == list(range(1, 501))
    assert len(made) <= 2 * 500


def test_a_cell_without_a_sum_has_one_term() -> None:
    step = small_history().step(2)
    assert (step.node.op.name, step.terms, step.fold) == ("relu", 1, None)
    assert step.term(0).partial == step.value == 5.0
    with pytest.raises(IndexError, match="has 1 terms, no term 1"):
        step.term(1)


def test_a_fold_used_often_is_walked_once() -> None:
    step = of(Softmax(), np.linspace(-1, 1, 400)).step(7)
    assert step.trace.value == pytest.approx(step.value, rel=1e-12)
    assert len(step.leaves) == 400
    assert step.reads[0].index == (7,)


def test_what_chooses_the_largest_class_is_walked_once() -> None:
    """Each of 400 terms takes the largest class off, which all 400 choose: that is no reason to go through 160,000."""
    step = of(LogSoftmax(), np.linspace(-1, 1, 400)).step(7)
    assert len(list(leaves(step.trace))) < 4 * 400
    assert len(step.reads) == 400


@pytest.mark.parametrize(
    ("value", "written"),
    [(math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf"), (-0.0, 0.0), (1.5, 1.5), (1e300, 1e300)],
)
def test_numbers_that_json_lacks_are_strings(value: float, written: float | str) -> None:
    found = plain(value)
    assert found == written
    assert math.copysign(1, found) == 1 if found == 0 else True
    json.dumps(found, allow_nan=False)


def test_a_step_full_of_what_is_no_number_is_still_a_line_of_json() -> None:
    odd = IMAGE.copy()
    odd[0, 0, 1, 1], odd[0, 0, 0, 0] = math.nan, math.inf
    history = of(Conv2d(), odd, KERNEL, None)
    for number in range(4):
        record = history.step(number).record()
        json.dumps(record, allow_nan=False)
        assert record["value"] == "nan"
        assert record["arithmetic"].endswith(" = nan")


def test_what_float32_rounded_is_told_by_a_tilde() -> None:
    x, weight = np.full((1, 1, 1, 2), 0.1), np.full((1, 1, 1, 2), 0.3)
    exact, rounded = (of(Conv2d(), x, weight, None, dtype=dtype).step(0) for dtype in ("float64", "float32"))
    assert exact.relation == "="
    assert rounded.relation == "~"
    assert " ~ " in rounded.arithmetic()
    assert rounded.value == float(np.float32(rounded.value))
    whole = of(Conv2d(), np.ones((1, 1, 1, 2)), np.ones((1, 1, 1, 2)), None, dtype="float16").step(0)
    assert whole.arithmetic() == "(1*1) + (1*1) = 2"


def test_constants_are_read_by_their_value() -> None:
    @dataclass(frozen=True)
    class Normalised(Op):
        def infer(self, x: Spec) -> Spec:
            return x

        def compute(self, xp: Any, x: Any) -> Any:
            return x / xp.sqrt(x * x + 0.5)

        def cell(self, index: Index, x: Cells) -> Number:
            return maximum(x[index] / sqrt(x[index] * x[index] + Constant(0.5, "eps")), -2)

    step = of(Normalised(), np.array([2.0])).step(0)
    assert [(read.tensor, read.index, read.value) for read in step.reads] == [
        ("x", (0,), 2.0),
        ("constant", (), 0.5),
        ("constant", (), -2.0),
    ]


def test_a_cell_that_was_chosen_is_read_after_what_chose_it() -> None:
    @dataclass(frozen=True)
    class Pick(Op):
        def infer(self, x: Spec, weight: Spec) -> Spec:
            return Spec(())

        def compute(self, xp: Any, x: Any, weight: Any) -> Any:
            return x[int(weight[0])]

        def cell(self, index: Index, x: Cells, weight: Cells) -> Number:
            return x[weight[0]] * 2

    step = of(Pick(), np.array([3.0, 5.0]), np.array([1.0])).step(0)
    assert [(read.tensor, read.index) for read in step.reads] == [("weight", (0,)), ("x", (1,)), ("constant", ())]


def test_a_tensor_without_axes_has_a_step() -> None:
    @dataclass(frozen=True)
    class Mean(Op):
        name = "mean_of_a_test"
        formula = "y = sum x[i] / n"

        def infer(self, x: Spec) -> Spec:
            return Spec(())

        def compute(self, xp: Any, x: Any) -> Any:
            return xp.mean(x)

        def cell(self, index: Index, x: Cells) -> Number:
            return total(lambda i: x[i], *x.shape) / x.shape[0]

    try:
        record = of(Mean(), np.array([1.0, 2.0])).step(0).record()
    finally:
        del Op.registry["mean_of_a_test"]
    assert (record["address"], record["index"], record["value"]) == ("y[]", [], 1.5)
    assert record["arithmetic"] == "(1 + 2)/2 = 1.5"


class TestRun:
    def test_an_op_that_refuses_names_its_node(self) -> None:
        @dataclass(frozen=True)
        class Picky(Op):
            def infer(self, x: Spec) -> Spec:
                return x

            def compute(self, xp: Any, x: Any) -> Any:
                raise ShapeError("target is 7; there are 3 classes")

        history = of(Picky(), np.ones(2))
        with pytest.raises(ShapeError, match=r"^y: target is 7; there are 3 classes$"):
            history.run(0)

    def test_sources_have_cells_and_values(self) -> None:
        run = small_history().run(0)
        assert run.cells("w")[1, 1].value == run.value("w", (1, 1)) == -4.0
        assert run.host("x") is run.host("x")

    def test_sources_are_never_written(self) -> None:
        history = small_history(3)
        sources: Mapping[str, np.ndarray[Any, Any]] = history.sources
        before = {name: array.tobytes() for name, array in sources.items()}
        history.run(2)
        assert {name: array.tobytes() for name, array in sources.items()} == before

    def test_an_empty_batch_runs(self) -> None:
        history = of(Conv2d(padding=1), np.zeros((0, 1, 3, 3)), KERNEL, np.array([0.5]))
        assert history.timeline.steps == 0
        assert history.run(0).host("y").shape == (0, 1, 4, 4)

    def test_a_run_is_a_step_of_its_history(self) -> None:
        history = small_history(2)
        step = history.step(history.timeline.start(1))
        assert isinstance(step, Step)
        assert isinstance(step.run, Run)
        assert step.run is history.run(1)
        assert step.iteration == 1
