"""The laws: what holds for every op there is, by its existing. A new op is tested by the examples it brings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from laws.cases import END, Case, Network, cases, empty_batch, network, sampled
from laws.parser import sides, value_of
from laws.tolerance import agree

from stepgrad.engine.arithmetic import written
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.fold import Fold
from stepgrad.engine.number import Number, Operation, Padding, Read
from stepgrad.engine.op import Op, inputs_of
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step, leaves
from stepgrad.engine.timeline import Place

every_op = pytest.mark.parametrize("name", sorted(Op.registry))
every_case = pytest.mark.parametrize("case", cases(), ids=str)


@every_op
def test_an_op_says_what_it_is(name: str) -> None:
    kind = Op.registry[name]
    assert is_dataclass(kind), "its settings are the fields of a frozen dataclass"
    assert kind.examples, "an op without an example is tested by nothing"
    assert kind.__doc__, "the docstring gives the formula and the shapes"
    for number in range(len(kind.examples)):
        op = Case(name, number).op
        assert op == Case(name, number).op
        assert hash(op) == hash(Case(name, number).op), "an op is a constant: no setting is a list"
        assert op.composite or op.formula


@every_case
def test_infer_is_the_shape_and_dtype_of_compute(case: Case) -> None:
    for dtype in ("float64", "float32", "float16"):
        net = network(case, dtype, gradients=True)
        run = net.run()
        for node in net.nodes:
            array = run.host(node.name)
            assert (array.shape, str(array.dtype)) == (node.spec.shape, node.spec.dtype), node.name


@pytest.mark.parametrize("case", [case for case in cases() if case.has_batch], ids=str)
def test_an_empty_batch_is_refused_or_gives_the_shape_inferred(case: Case) -> None:
    try:
        net = empty_batch(case)
        run = net.run()
    except StepgradError:
        return
    for node in net.nodes:
        assert run.host(node.name).shape == node.spec.shape, node.name
    _cells_agree(net, run, most=40)


@every_case
def test_how_an_input_lies_in_memory_changes_nothing(case: Case) -> None:
    net = network(case, gradients=True)
    here = net.run()
    there = net.run(instead={name: array.copy(order="F") for name, array in net.arrays.items()})
    for node in net.graph.nodes:
        found, expected = there.host(node.name), here.host(node.name)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=node.name)


@every_case
def test_compute_leaves_its_inputs_alone(case: Case) -> None:
    net = network(case, gradients=True)
    tensors = {name: array.copy() for name, array in net.arrays.items()}
    with np.errstate(all="ignore"):
        for node in net.graph.nodes:
            for array in tensors.values():
                array.flags.writeable = False
            made = node.op.compute(np, *(None if name is None else tensors[name] for name in node.inputs))
            tensors[node.name] = np.asarray(made)


@every_case
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_every_cell_is_what_compute_wrote(case: Case, dtype: str) -> None:
    net = network(case, dtype, gradients=True)
    _cells_agree(net, net.run(), most=200 if dtype == "float64" else 40)


@every_case
def test_every_cell_is_what_compute_wrote_with_a_number_that_is_none(case: Case) -> None:
    net = network(case, gradients=True)
    for name, odd in product([*case.floats(), "weighing"], (math.nan, math.inf, -math.inf)):
        if name not in net.arrays or not net.arrays[name].size:
            continue
        array = net.arrays[name].copy()
        array.flat[array.size // 2] = odd
        try:
            run = net.run(instead={name: array})
        except StepgradError:
            continue  # a number this op refuses, saying so
        _cells_agree(net, run, most=8)
        _cells_agree(net, run, most=8, odd_ones=True)


@every_case
def test_what_a_cell_reads_does_not_hang_on_values(case: Case) -> None:
    nets = [network(case, draw=draw, gradients=True) for draw in (1, 2)]
    runs = [net.run() for net in nets]
    for node in nets[0].nodes:
        for index in sampled(node, 40):
            traces = [run.trace(node, index) for run in runs]
            one, other = (list(_structure(trace)) for trace in traces)
            assert one == other, f"{node.name}{list(index)}"
            here, there = ({leaf.index for leaf in leaves(trace) if isinstance(leaf, Read)} for trace in traces)
            assert here == there, f"{node.name}{list(index)}"


@every_case
def test_the_printed_arithmetic_gives_the_value(case: Case) -> None:
    net = network(case, gradients=True)
    run = net.run()
    for node in net.nodes:
        for index in sampled(node, 24):
            number = run.trace(node, index)
            for grouped in (True, False):
                text = written(number, limit=None, grouped=grouped)
                assert text.isascii()
                assert value_of(text) == pytest.approx(number.value, rel=1e-12, abs=1e-12, nan_ok=True), text


@every_case
def test_a_step_holds_together(case: Case) -> None:
    net = network(case, gradients=True)
    run = net.run()
    for node in net.nodes:
        for index in sampled(node, 8):
            step = Step(0, Place(0, net.graph, node, node.spec.number(index)), run)
            _check_step(step)


def _check_step(step: Step) -> None:
    record = step.record()
    value, shown = step.value, sides(step.arithmetic(limit=None))[1]
    assert value_of(shown) == pytest.approx(value, nan_ok=True)
    assert record["terms"] == step.terms == (1 if step.fold is None else len(list(step.fold)))
    reads = [(reading.tensor, reading.index) for reading in step.reads if reading.tensor not in ("padding", "constant")]
    assert len(set(reads)) == len(reads), "each cell is there once"
    assert {name for name, _ in reads} <= set(step.node.inputs)
    if step.terms:
        last = step.term(step.terms - 1)
        whole = step.trace if step.fold is None else step.fold
        assert last.partial == pytest.approx(whole.value, rel=0, abs=0, nan_ok=True)
    named = {word.strip("-") for word in re.findall(r"[\w.-]+", step.formula)}
    assert step.node.name in named, f"the formula does not name what it writes: {step.formula}"
    unnamed = {name for name, _ in reads} - named
    # Any number of inputs may be spoken of together.
    assert not unnamed or inputs_of(type(step.node.op)).variadic, (
        f"the formula does not name {unnamed}, which it reads: {step.formula}"
    )


@pytest.mark.parametrize("case", [case for case in cases() if case.is_smooth], ids=str)
def test_gradients_are_central_differences(case: Case) -> None:
    net = network(case, gradients=True)
    if END not in net.graph:
        pytest.skip("a whole number has no slope")
    run = net.run()
    # A mask, a target, running statistics: nobody learns them, so an op need not say how they would change it. What a
    # part leaves out is seen where the composite it belongs to is differentiated.
    wanted = {*case.floats()[:1], *case.kind.parameters} if case.kind.kind != "part" else set()
    for name in case.floats():
        described = f"{name}.grad" in net.graph
        if not described and name not in wanted:
            continue
        slope = float(np.sum(run.host(f"{name}.grad") * _direction(net, name))) if described else 0.0
        size = 1 + abs(float(run.host(END)))
        assert slope == pytest.approx(_difference(net, name), rel=1e-6, abs=1e-8 * size), f"d {END} / d {name}"
    assert not [name for name in case.inputs if case.is_integer(name) and f"{name}.grad" in net.graph]


@every_case
def test_scratch_changes_no_bit(case: Case) -> None:
    net = network(case, gradients=True)
    with_it, without = net.run(), net.run(scratch=False)
    for node in net.graph.nodes:
        assert with_it.host(node.name).tobytes() == without.host(node.name).tobytes(), node.name


def _cells_agree(net: Network, run: Run, most: int, *, odd_ones: bool = False) -> None:
    """So many cells of every tensor are what `compute` wrote; `odd_ones` looks at NaN and infinities alone."""
    for node in net.nodes:
        array = run.host(node.name)
        for index in sampled(node, most, ~np.isfinite(array) if odd_ones else None):
            agree(run.trace(node, index), float(array[index]), node.spec.dtype, f"{node.name}{list(index)}")


def _structure(number: Number) -> Iterator[object]:
    """What a trace is made of, without its values."""
    if isinstance(number, Read) and number.chosen_by:
        yield type(number).__name__, number.cells.name
        for chooser in number.chosen_by:
            yield from _structure(chooser)
    elif isinstance(number, (Read, Padding)):
        yield type(number).__name__, number.cells.name, number.index
    elif isinstance(number, Operation):
        yield number.operator.sign
    elif isinstance(number, Fold):
        yield number.name, number.ranges
    else:
        yield type(number).__name__
    for operand in number.operands:
        yield from _structure(operand)


def _direction(net: Network, name: str) -> np.ndarray[Any, Any]:
    return np.asarray(np.random.default_rng(5).standard_normal(net.arrays[name].shape))


def _difference(net: Network, name: str, width: float = 1e-5) -> float:
    """How fast the end changes as one input moves along a random direction."""
    ahead, behind = (
        float(net.run(instead={name: net.arrays[name] + sign * width * _direction(net, name)}).host(END))
        for sign in (1, -1)
    )
    return (ahead - behind) / (2 * width)
