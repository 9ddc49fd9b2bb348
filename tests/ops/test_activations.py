"""Activations: the golden table of values and slopes, PyTorch, and the conventions at kinks, infinities and NaN."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_file import golden
from network import Network, under_sum

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.ops.abs import Abs
from stepgrad.engine.ops.add import Add
from stepgrad.engine.ops.clamp import Clamp
from stepgrad.engine.ops.elu import ELU
from stepgrad.engine.ops.leaky_relu import LeakyReLU
from stepgrad.engine.ops.prelu import PReLU
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.ops.sigmoid import Sigmoid
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.ops.tanh import Tanh
from stepgrad.engine.ops.threshold import Threshold

GOLDEN: dict[str, Op] = {
    "relu": ReLU(), "absolute": Abs(), "sigmoid": Sigmoid(), "tanh": Tanh(), "leaky_relu": LeakyReLU(0.1),
}  # fmt: skip

POINTWISE: list[tuple[Op, tuple[float | None, ...]]] = [
    (LeakyReLU(), ()),
    (LeakyReLU(1.5), (1.5,)),
    (LeakyReLU(-1.0), (-1.0,)),
    (Abs(), ()),
    (Sigmoid(), ()),
    (Tanh(), ()),
    (Threshold(0.3, -2.0), (0.3, -2.0)),
    (Clamp(-0.5, 0.25), (-0.5, 0.25)),
    (Clamp(max=0.25), (None, 0.25)),
    (Clamp(0.5, -0.5), (0.5, -0.5)),
    (ELU(), ()),
    (ELU(0.5), (0.5,)),
]
"""An op, and what PyTorch's function of the same name is called with."""


@pytest.mark.parametrize("name", GOLDEN)
def test_the_golden_table(name: str) -> None:
    file = golden("activations")
    z = np.array(file.inputs["z"])
    found = under_sum(GOLDEN[name], np.ones_like(z), x=z)
    np.testing.assert_allclose(found["y"], file.expected[name], rtol=1e-14)
    np.testing.assert_allclose(found["x.grad"], file.expected[f"{name}_slope"], rtol=1e-13)


def test_the_golden_slope_of_a_learned_slope() -> None:
    file = golden("activations")
    z = np.array(file.inputs["z"])
    found = under_sum(PReLU(), np.ones_like(z), x=z, weight=[file.attributes["alpha"]])
    np.testing.assert_allclose(found["y"], file.expected["leaky_relu"])
    np.testing.assert_allclose(found["x.grad"], file.expected["leaky_relu_slope"])
    np.testing.assert_allclose(found["weight.grad"], file.expected["prelu_grad_alpha"])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize(("op", "settings"), POINTWISE, ids=str)
def test_pytorch_gives_the_same(op: Op, settings: tuple[float | None, ...], dtype: str) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(5)
    x, upstream = (random.standard_normal((3, 4, 5)).astype(dtype) for _ in range(2))
    x.flat[:4] = 0, 30, -30, 0.25
    found = under_sum(op, upstream, x=x)
    a = torch.tensor(x, requires_grad=True)
    rule = getattr(torch, op.name, None) or getattr(torch.nn.functional, op.name)
    wanted = rule(a, *settings)
    (wanted * torch.tensor(upstream)).sum().backward()
    rounding = {"float64": 1e-14, "float32": 1e-6, "float16": 2e-3}[dtype]
    np.testing.assert_allclose(found["y"], wanted.detach().numpy(), rtol=rounding)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=2 * rounding, atol=rounding)


ODD = [-math.inf, -0.0, math.inf, math.nan]


@pytest.mark.parametrize(
    ("op", "y", "slope"),
    [
        (LeakyReLU(0.5), [-math.inf, 0, math.inf, math.nan], [0.5, 0.5, 1, 0.5]),
        (Abs(), [math.inf, 0, math.inf, math.nan], [-1, 0, 1, math.nan]),
        (Sigmoid(), [0, 0.5, 1, math.nan], [0, 0.25, 0, math.nan]),
        (Tanh(), [-1, 0, 1, math.nan], [0, 1, 0, math.nan]),
        (Threshold(0.0, 7.0), [7, 7, math.inf, math.nan], [0, 0, 1, 1]),
        (Clamp(0.0, 7.0), [0, 0, 7, math.nan], [0, 1, 0, 0]),
        (ELU(2.0), [-2, 0, math.inf, math.nan], [0, 2, 1, 1]),
    ],
    ids=lambda given: given.name if isinstance(given, Op) else "",
)
def test_zero_infinities_and_nan(op: Op, y: list[float], slope: list[float]) -> None:
    """As PyTorch, but for the slope of |x| at NaN, which it calls 0."""
    found = under_sum(op, np.ones(4), x=ODD)
    np.testing.assert_array_equal(found["y"], y)
    np.testing.assert_array_equal(found["x.grad"], slope)


def test_a_clamp_without_bounds_is_refused() -> None:
    with pytest.raises(ShapeError, match="neither min nor max is given"):
        Clamp().infer(Spec((2,)))


def test_a_sigmoid_neither_overflows_nor_goes_to_zero_too_early() -> None:
    """exp(12) is no float16, exp(89) no float32: the plain formula would give 0."""
    for dtype, x in (("float16", -12.0), ("float32", -89.0), ("float64", -700.0)):
        found = under_sum(Sigmoid(), np.ones(1), x=np.array([x], dtype))["y"]
        assert found[0] == pytest.approx(math.exp(x), rel=1e-2)


@pytest.mark.parametrize(
    ("shape", "slopes"), [((4, 3, 2), 3), ((4, 3), 3), ((4, 3, 2, 2), 1), ((5,), 1), ((2, 1, 3), 1)]
)
def test_pytorch_learns_the_same_slopes(shape: tuple[int, ...], slopes: int) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(6)
    x, upstream, weight = random.standard_normal(shape), random.standard_normal(shape), random.standard_normal(slopes)
    x.flat[0] = 0
    found = under_sum(PReLU(), upstream, x=x, weight=weight)
    a, w = (torch.tensor(given, requires_grad=True) for given in (x, weight))
    wanted = torch.nn.functional.prelu(a, w)
    (wanted * torch.tensor(upstream)).sum().backward()
    np.testing.assert_array_equal(found["y"], wanted.detach().numpy())
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-14)
    np.testing.assert_allclose(found["weight.grad"], w.grad.numpy(), rtol=1e-13)


def test_infinite_values_stay_out_of_the_other_branch() -> None:
    found = under_sum(PReLU(), np.array([math.inf, 1.0]), x=[2.0, -3.0], weight=[0.5])
    assert found["x.grad"].tolist() == [math.inf, 0.5]
    assert found["weight.grad"].tolist() == [-3.0]


def test_slopes_that_fit_no_channel_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"weight is float64\[4\] for x float64\[2,3\]; it takes \[1\], or \[3\]"):
        PReLU().infer(Spec((2, 3)), Spec((4,)))


def test_a_learned_slope_starts_at_a_quarter() -> None:
    start = PReLU().initial(Spec((2, 3)), num_parameters=3)["weight"]
    assert (start.shape, start.low, start.high) == ((3,), 0.25, 0.25)


CHAINS = [
    ("sigmoid_values", "sigmoid_slopes", Sigmoid(), False),
    ("tanh_values", "tanh_slopes", Tanh(), False),
    ("relu_values", "relu_slopes", ReLU(), False),
    ("sigmoid_skip_values", "sigmoid_skip_slopes", Sigmoid(), True),
]


@pytest.mark.parametrize(("values", "slopes", "op", "skip"), CHAINS)
def test_the_golden_slope_down_a_chain_of_units(values: str, slopes: str, op: Op, skip: bool) -> None:
    """dh_n/dh_0 of n units one after another, at every depth."""
    file = golden("vanishing-gradient")
    for depth, (value, slope) in enumerate(zip(file.expected[values][1:], file.expected[slopes], strict=True), start=1):
        network = Network()
        below = network.parameter("h0", [file.inputs["x"]])
        for k in range(1, depth + 1):
            unit = network.add(f"unit{k}", op, below)
            below = network.add(f"h{k}", Add(), unit, below) if skip else unit
        network.loss(Sum(), below)
        run = network.run()
        assert run.host(below)[0] == pytest.approx(value, rel=1e-13)
        assert run.host("h0.grad")[0] == pytest.approx(slope, rel=1e-12)
