"""Dropout: a mask that is a function of seed, layer, iteration and cell alone, on every device."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from network import Network

from stepgrad.engine.backend import Backend
from stepgrad.engine.errors import ShapeError
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.dropout import Dropout, DropoutMask
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline


def dropped(op: Dropout, x: object, draws: int = 0, name: str = "drop") -> Network:
    network = Network()
    network.parameter("x", x)
    network.input("drop.draws", np.array(draws), "buffer")
    network.add(name, op, "x", "drop.draws")
    network.input("upstream", np.full(np.shape(x), 3.0))
    network.loss(Sum(), name, "upstream")
    return network


def test_what_is_kept_is_scaled_up_and_so_is_its_gradient() -> None:
    x = np.arange(1.0, 41.0).reshape(4, 10)
    run = dropped(Dropout(p=0.75), x).run()
    mask = run.host("drop.mask")
    assert set(mask.ravel()) == {0.0, 1.0}
    np.testing.assert_array_equal(run.host("drop"), x * mask * 4)
    np.testing.assert_array_equal(run.host("x.grad"), 3 * mask * 4)


def test_the_mask_is_splitmix64() -> None:
    """The published generator, written as its source has it: a state that goes on by a constant, and is then mixed."""

    def splitmix(state: int) -> tuple[int, int]:
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return state, z ^ (z >> 31)

    assert splitmix(1234567)[1] == 6457827717110365317, "the first number of the reference implementation"
    op = DropoutMask(p=0.5, seed=7, layer="drop", shape=(2, 50))
    mask = op.compute(np, np.array(3))
    key = splitmix((7 << 32 ^ zlib.crc32(b"drop")) - 0x9E3779B97F4A7C15)[1]
    state = splitmix(key + 2 * 0x9E3779B97F4A7C15)[1]
    wanted = []
    for _ in range(100):
        state, number = splitmix(state)
        wanted.append(float(number >= 2**63))
    assert mask.ravel().tolist() == wanted


def test_as_many_are_dropped_as_p_says() -> None:
    for p in (0.1, 0.5, 0.9):
        mask = DropoutMask(p=p, shape=(200, 500)).compute(np, np.array(0))
        assert mask.mean() == pytest.approx(1 - p, abs=4 * np.sqrt(p * (1 - p) / mask.size))


def test_seed_layer_and_iteration_each_draw_another_mask() -> None:
    ops = [(1, "a", 0), (2, "a", 0), (1, "b", 0), (1, "a", 1)]
    masks = [DropoutMask(seed=s, layer=name, shape=(400,)).compute(np, np.array(i)) for s, name, i in ops]
    for k, one in enumerate(masks):
        for other in masks[:k]:
            assert abs((one == other).mean() - 0.5) < 0.1


def test_any_iteration_draws_the_mask_it_drew_before() -> None:
    network = dropped(Dropout(), np.ones((5, 8)))
    forward = [network.history(6).run(i).host("drop.mask") for i in range(6)]
    again = network.history(6)
    for i in (5, 0, 3):
        np.testing.assert_array_equal(again.run(i).host("drop.mask"), forward[i])
        assert again.run(i).host("drop.draws") == i
    assert not np.array_equal(forward[0], forward[1])


def test_a_simulated_device_draws_the_same_mask() -> None:
    xp = pytest.importorskip("array_api_strict")
    backend = Backend("strict", xp, xp.Device("device1"))
    network = dropped(Dropout(p=0.3, seed=2), np.ones((7, 9)), draws=4)
    there = Run(network.graph, {name: backend.asarray(a, str(a.dtype)) for name, a in network.arrays.items()}, backend)
    np.testing.assert_array_equal(there.host("drop.mask"), network.run().host("drop.mask"))


def test_a_cell_shows_what_was_drawn() -> None:
    network = dropped(Dropout(p=0.5), np.ones((2, 3)))
    run = network.run()
    timeline = Timeline(network.graph)
    for number in range(timeline.locate("drop.mask"), timeline.locate("drop")):
        step = Step(number, timeline.place(number), run)
        if step.node.name == "drop.mask":
            drawn = float(step.arithmetic().split(">=")[0].removeprefix("where("))
            assert 0 <= drawn < 1
            assert step.value == float(drawn >= 0.5)
    step = Step(timeline.locate("drop"), timeline.place(timeline.locate("drop")), run)
    assert step.formula == "drop[i] = x[i]*drop.mask[i]/(1 - 0.5)"


@pytest.mark.parametrize(("p", "kept"), [(0.0, 1.0), (1.0, 0.0)])
def test_nothing_and_everything_dropped(p: float, kept: float) -> None:
    run = dropped(Dropout(p=p), [[1.0, 2.0]]).run()
    assert run.host("drop").tolist() == [[kept, 2 * kept]]
    assert run.host("x.grad").tolist() == [[3 * kept, 3 * kept]]


def test_evaluation_passes_everything_on() -> None:
    network = dropped(Dropout(training=False), [[1.0, 2.0]])
    assert network.run().host("drop").tolist() == [[1, 2]]
    assert "drop.mask" not in network.graph
    assert "drop.draws" not in network.graph.state


def test_a_probability_out_of_range_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"p is 1\.5; the probability that a cell is dropped is from 0 to 1"):
        Dropout(p=1.5).infer(Spec((2,)), Spec((), "int64"))
