"""Ops that move cells and change none: reshape, flatten, permute, concat, flip, rot90; and scale and sub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from golden_file import golden
from network import Network, under_sum

from stepgrad.engine.errors import GraphError, ShapeError
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.ops.concat import Concat, ConcatIndex
from stepgrad.engine.ops.flip import Flip, Rot90
from stepgrad.engine.ops.permute import Permute
from stepgrad.engine.ops.reshape import Flatten, Reshape
from stepgrad.engine.ops.scale import Scale
from stepgrad.engine.ops.sub import Sub
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline

CASES: list[tuple[Op, Callable[[Any], Any]]] = [
    (Reshape((4, 6)), lambda x: x.reshape(4, 6)),
    (Reshape((-1, 3)), lambda x: x.reshape(-1, 3)),
    (Flatten(), lambda x: x.flatten(1)),
    (Flatten(start_dim=0), lambda x: x.flatten()),
    (Flatten(start_dim=-2), lambda x: x.flatten(-2)),
    (Flatten(start_dim=0, end_dim=1), lambda x: x.flatten(0, 1)),
    (Permute((2, 0, 1)), lambda x: x.permute(2, 0, 1)),
    (Permute((0, -1, -2)), lambda x: x.permute(0, -1, -2)),
    (Flip(), lambda x: x.flip(-1)),
    (Flip((0, 2)), lambda x: x.flip(0, 2)),
    (Rot90(), lambda x: x.rot90(1, (-2, -1))),
    (Rot90(2, (0, 1)), lambda x: x.rot90(2, (0, 1))),
    (Rot90(3, (2, 0)), lambda x: x.rot90(3, (2, 0))),
    (Rot90(-5, (1, 0)), lambda x: x.rot90(-5, (1, 0))),
    (Rot90(0), lambda x: x),
    (Scale(factor=3.0, divisor=7.0, offset=-2.0), lambda x: x * 3 / 7 - 2),
]


@pytest.mark.parametrize(("op", "rule"), CASES, ids=lambda given: str(given) if isinstance(given, Op) else "")
def test_pytorch_gives_the_same(op: Op, rule: Callable[[Any], Any]) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(8)
    x = random.standard_normal((2, 3, 4))
    a = torch.tensor(x, requires_grad=True)
    wanted = rule(a)
    upstream = random.standard_normal(tuple(wanted.shape))
    (wanted * torch.tensor(upstream)).sum().backward()
    found = under_sum(op, upstream, x=x)
    np.testing.assert_array_equal(found["y"], wanted.detach().numpy())
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-15)


def test_the_golden_layouts() -> None:
    file = golden("channel-layouts")
    network = Network()
    network.input("nchw", file.inputs["nchw"])
    network.add("nhwc", Permute((0, 2, 3, 1)), "nchw")
    network.add("flat", Flatten(start_dim=0), "nhwc")
    run = network.run()
    assert list(run.host("nchw").shape) == file.attributes["nchw_shape"]
    assert list(run.host("nhwc").shape) == file.attributes["nhwc_shape"]
    assert run.host("nhwc").tolist() == file.expected["nhwc"]
    assert run.host("flat").tolist() == file.expected["nhwc_flat"]
    timeline = Timeline(network.graph)
    step = Step(0, timeline.place(0), run)
    assert step.formula == "nhwc[n,i,j,c] = nchw[n,c,i,j]"


@pytest.mark.parametrize("turns", range(4))
def test_the_golden_quarter_turns(turns: int) -> None:
    file = golden("rotation-pretraining")
    assert run_alone(Rot90(turns), file.inputs["image"]).tolist() == file.expected["turned"][turns]


def test_the_golden_pixels() -> None:
    file = golden("pixel-normalisation")
    scaled = run_alone(Scale(divisor=float(file.attributes["divide_by"])), file.inputs["image"])
    assert scaled.tolist() == file.expected["scaled"]


def run_alone(op: Op, *inputs: Any) -> np.ndarray[Any, Any]:
    network = Network()
    network.add("y", op, *[network.input(f"x{k}", values) for k, values in enumerate(inputs)])
    return network.run().host("y")


def test_rows_know_which_input_they_come_from() -> None:
    network = Network()
    for name, rows in (("a", 2), ("b", 1), ("c", 3)):
        network.input(name, np.zeros((rows, 2)))
    network.add("which", ConcatIndex(), "a", "b", "c")
    run = network.run()
    assert run.host("which").tolist() == [0, 0, 1, 2, 2, 2]
    assert [run.trace(network.graph["which"], (n,)).value for n in range(6)] == [0, 0, 1, 2, 2, 2]


def test_concat_by_hand_and_what_each_input_gets_back() -> None:
    network = Network()
    names = [network.parameter(name, values) for name, values in (("a", [[1, 2]]), ("b", [[3]]), ("c", [[4, 5, 6]]))]
    network.add("y", Concat(), *names)
    network.input("upstream", [[10, 20, 30, 40, 50, 60]])
    network.loss(Sum(), "y", "upstream")
    run = network.run()
    assert run.host("y").tolist() == [[1, 2, 3, 4, 5, 6]]
    assert [run.host(f"{name}.grad").tolist() for name in names] == [[[10, 20]], [[30]], [[40, 50, 60]]]


@pytest.mark.parametrize("dim", [0, 1, 2, -1, -3])
def test_pytorch_joins_the_same(dim: int) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(8)
    shapes = [[2, 3, 4] for _ in range(3)]
    for k, shape in enumerate(shapes):
        shape[dim] = k + 1
    arrays = [random.standard_normal(shape) for shape in shapes]
    wanted = torch.cat([torch.tensor(array) for array in arrays], dim)
    np.testing.assert_array_equal(run_alone(Concat(dim), *arrays), wanted.numpy())


def test_a_tensor_joined_to_itself_has_both_parts() -> None:
    network = Network()
    network.parameter("x", [1.0, 2.0])
    network.add("y", Concat(0), "x", "x")
    network.input("upstream", [1.0, 2.0, 30.0, 40.0])
    network.loss(Sum(), "y", "upstream")
    assert network.run().host("x.grad").tolist() == [31, 42]


def test_what_is_taken_away_has_the_gradient_turned() -> None:
    network = Network()
    for name, values in (("x", [5.0, 1.0]), ("other", [2.0, 4.0])):
        network.parameter(name, values)
    network.add("y", Sub(), "x", "other")
    network.input("upstream", [1.0, -3.0])
    network.loss(Sum(), "y", "upstream")
    run = network.run()
    assert run.host("y").tolist() == [3, -3]
    assert run.host("x.grad").tolist() == [1, -3]
    assert run.host("other.grad").tolist() == [-1, 3]


@pytest.mark.parametrize("op", [Reshape((6, 4)), Flatten(), Permute((2, 0, 1)), Flip((1,)), Rot90(), Scale()], ids=str)
def test_cells_are_moved_and_not_copied(op: Op) -> None:
    x = np.zeros((2, 3, 4))
    assert np.shares_memory(op.compute(np, x), x)


def test_a_moved_cell_reads_one_cell() -> None:
    network = Network()
    network.input("x", np.arange(24).reshape(2, 3, 4).astype(float))
    network.add("y", Flatten(), "x")
    timeline = Timeline(network.graph)
    number = timeline.locate("y[1,7]")
    step = Step(number, timeline.place(number), Run(network.graph, network.arrays))
    assert [(reading.tensor, reading.index) for reading in step.reads] == [("x", (1, 1, 3))]
    assert step.arithmetic() == "19 = 19"


@pytest.mark.parametrize(
    ("op", "shapes", "message"),
    [
        (Reshape((5, -1)), [(2, 3)], r"shape is \[5, -1\] and x is float64\[2,3\]: its 6 cells do not fit"),
        (Reshape((-1, -1)), [(2, 3)], "do not fit"),
        (Reshape((-2, -3)), [(2, 3)], "do not fit"),
        (Reshape((-1, 0)), [(0, 3)], "do not fit"),
        (Flatten(2), [(2, 3)], r"start_dim is 2 and end_dim -1; x is float64\[2,3\], whose axes are 0 to 1"),
        (Flatten(1, 0), [(2, 3)], "start_dim is 1 and end_dim 0"),
        (Permute((0, 0)), [(2, 3)], r"dims is \[0, 0\]; x is float64\[2,3\]: name each of its axes 0 to 1 once"),
        (Permute((0,)), [(2, 3)], "name each"),
        (Flip((2,)), [(2, 3)], r"dims is \[2\]; x is float64\[2,3\]: name axes from -2 to 1, each once"),
        (Flip((0, -2)), [(2, 3)], "each once"),
        (Rot90(1, (0,)), [(2, 3)], "a turn is in the plane of two axes"),
        (Concat(0), [], "there is nothing to join"),
        (Concat(2), [(2, 3), (2, 3)], "dim is 2"),
        (
            Concat(0),
            [(2, 3), (2, 4)],
            r"received float64\[2,3\] and float64\[2,4\]; they may differ along axis 0 alone",
        ),
        (Scale(divisor=0.0), [(2,)], "divisor is 0"),
        (Sub(), [(2, 3), (3,)], "their shapes must agree"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(op: Op, shapes: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        op.infer(*map(Spec, shapes))


def test_faults_name_the_layer() -> None:
    network = Network()
    network.input("x", np.ones((2, 3)))
    with pytest.raises(GraphError, match=r"turned: rot90: dims is \[0, 2\]"):
        network.add("turned", Rot90(1, (0, 2)), "x")
