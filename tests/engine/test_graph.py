"""Graphs: names, single assignment, and every fault reported before anything runs."""

from __future__ import annotations

import pytest

from stepgrad.engine.errors import GraphError
from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.add import Add
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.ops.sgd import SGDStep


def start() -> Graph:
    graph = Graph()
    graph.source("image", Spec((1, 3)), "input")
    graph.source("fc.weight", Spec((2, 3)), "parameter")
    graph.source("square", Spec((2, 2)), "input")
    return graph


def faults(graph: Graph) -> list[str]:
    with pytest.raises(GraphError) as caught:
        graph.check()
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    return [str(fault) for fault in caught.value.faults]


def test_a_graph_knows_its_tensors() -> None:
    graph = start()
    fc = graph.add("fc", Linear(), "image", "fc.weight")
    assert fc is not None
    out = graph.add("out", ReLU(), fc, layer="act", phase="loss")
    assert out is not None
    assert graph.check() is graph
    assert list(graph.names) == ["image", "fc.weight", "square", "fc", "out"]
    assert out.shape == graph.spec("out").shape == (1, 2)
    assert graph.node("fc") is graph["fc"]
    assert graph.node("image") is None
    assert (graph["out"].layer, graph["out"].phase, graph["fc"].layer) == ("act", "loss", "fc")
    assert [node.name for node in graph.readers("fc")] == ["out"]
    assert graph["fc"].inputs == ("image", "fc.weight", None)
    assert graph["fc"].bound() == {"x": "image", "weight": "fc.weight", "y": "fc"}
    assert "fc" in graph
    assert "image" in graph
    assert "nothing" not in graph
    with pytest.raises(KeyError):
        graph.spec("nothing")


def test_every_fault_is_reported_at_once() -> None:
    graph = start()
    graph.add("a", Linear(), "image", "square")
    graph.add("b", ReLU(), "imgae")
    graph.add("c", ReLU(), "a")
    graph.add("d", Add(), "image", "fc.weight")
    graph.source("image", Spec((4,)), "input")
    graph.add("b", ReLU(), "image")
    found = faults(graph)
    assert [fault.split(":")[0] for fault in found] == ["a", "b", "d", "image", "b"]
    assert "linear: weight is float64[2,2] and x is float64[1,3]" in found[0]
    assert found[1] == "b: there is no tensor 'imgae' to read; did you mean 'image'?"
    assert "float64[1,3] and float64[2,3]; all shapes must agree" in found[2]
    assert found[3] == "image: 'image' is written twice; a tensor is written once"


def test_a_node_that_reads_a_faulty_one_is_passed_over() -> None:
    graph = start()
    broken = graph.add("a", Linear(), "image", "square")
    assert broken is None
    assert graph.add("b", ReLU(), "a") is None
    assert graph.add("c", ReLU(), broken) is None
    assert graph.add("d", Add(), "image", broken) is None
    assert len(faults(graph)) == 1
    with pytest.raises(KeyError):
        graph.spec("a")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([], "a: linear: x and weight missing; it takes x, weight, bias (optional)"),
        (["image"], "a: linear: weight missing; it takes x, weight, bias (optional)"),
        ([None, "fc.weight"], "a: linear: x missing; it takes x, weight, bias (optional)"),
        (
            ["image"] * 4,
            "a: linear: received 4 inputs (image, image, image, image); it takes x, weight, bias (optional)",
        ),
    ],
)
def test_inputs_too_few_or_too_many_are_a_fault(inputs: list[str | None], message: str) -> None:
    graph = start()
    graph.add("a", Linear(), *inputs)
    assert faults(graph) == [message]


def test_nothing_among_any_number_of_inputs_is_a_fault() -> None:
    graph = start()
    graph.add("a", Add(), "image", None)
    assert faults(graph) == ["a: add: input 1 of 2 is missing"]


def test_a_node_can_not_read_itself() -> None:
    graph = start()
    graph.add("loop", ReLU(), "loop")
    assert faults(graph) == ["loop: there is no tensor 'loop' to read"]


def test_state_is_what_the_next_iteration_starts_from() -> None:
    graph = start()
    graph.add("fc.weight.new", SGDStep(), "fc.weight", "fc.weight")
    graph.source("start", Spec((1, 3)), "state")
    graph.add("grad", ReLU(), "image")
    graph.carried["start"] = "grad"
    assert graph.check().state == {"fc.weight": "fc.weight.new", "start": "grad"}


def test_state_that_changes_its_shape_or_dtype_is_a_fault() -> None:
    graph = start()
    graph.source("momentum", Spec((2,), "float32"), "state")
    graph.add("fc.weight.new", ReLU(), "image")
    graph.source("half", Spec((2,), "float16"), "state")
    graph.add("half.new", ReLU(), "momentum")
    assert faults(graph) == [
        "fc.weight.new: gives float64[1,3] for fc.weight, which is float64[2,3]",
        "half.new: gives float32[2] for half, which is float16[2]",
    ]
    assert len(faults(graph)) == 2, "asking twice does not double them"
