"""Interpolation: the golden maps, PyTorch over sizes and scales, and cells as a person reads them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from golden_file import golden
from network import Network, under_sum

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.interpolate import Interpolate
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_the_golden_maps(mode: Any) -> None:
    file = golden("upsampling-downsampling")
    op = Interpolate(scale_factor=float(file.attributes["scale"]), mode=mode)
    found = under_sum(op, np.ones((1, 1, 4, 4)), x=[[file.inputs["x"]]])
    assert found["y"][0, 0].tolist() == file.expected[mode]
    assert found["x.grad"].tolist() == [[[[4, 4], [4, 4]]]], "every cell goes into four"


SETTINGS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((2, 3, 5), {"scale_factor": 2.0}),
    ((2, 3, 5), {"size": 3}),
    ((1, 2, 4, 6), {"scale_factor": 1.5}),
    ((1, 2, 4, 6), {"size": (7, 3)}),
    ((1, 2, 7, 5), {"scale_factor": 0.5}),
    ((1, 1, 2, 3, 2), {"scale_factor": 2.0}),
    ((2, 3, 5), {"scale_factor": 2.0, "mode": "linear"}),
    ((2, 3, 5), {"size": 8, "mode": "linear", "align_corners": True}),
    ((1, 2, 4, 6), {"scale_factor": 2.0, "mode": "bilinear"}),
    ((1, 2, 4, 6), {"scale_factor": 1.7, "mode": "bilinear"}),
    ((1, 2, 4, 6), {"scale_factor": 0.6, "mode": "bilinear"}),
    ((1, 2, 4, 6), {"size": (9, 2), "mode": "bilinear"}),
    ((1, 2, 4, 6), {"size": (9, 1), "mode": "bilinear", "align_corners": True}),
    ((1, 2, 1, 6), {"size": (3, 11), "mode": "bilinear", "align_corners": True}),
    ((1, 1, 3, 2, 4), {"scale_factor": 2.0, "mode": "trilinear"}),
    ((1, 1, 3, 2, 4), {"size": (2, 5, 4), "mode": "trilinear", "align_corners": True}),
]


@pytest.mark.parametrize(("shape", "settings"), SETTINGS)
def test_pytorch_gives_the_same(shape: tuple[int, ...], settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(10)
    x = random.standard_normal(shape)
    a = torch.tensor(x, requires_grad=True)
    theirs = {name: value for name, value in settings.items() if name != "align_corners"}
    if "mode" in settings:
        theirs["align_corners"] = settings.get("align_corners", False)
    wanted = torch.nn.functional.interpolate(a, **theirs)
    upstream = random.standard_normal(tuple(wanted.shape))
    (wanted * torch.tensor(upstream)).sum().backward()
    found = under_sum(Interpolate(**settings), upstream, x=x)
    np.testing.assert_allclose(found["y"], wanted.detach().numpy(), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-12, atol=1e-13)


def test_the_nearest_cell_is_pytorchs_at_every_size() -> None:
    torch = pytest.importorskip("torch")
    for size in (1, 3, 7, 10, 49):
        x = np.arange(float(size))[None, None]
        for settings in [{"size": out} for out in (1, 2, 5, 7, 9, 14, 48, 98)] + [{"scale_factor": 1.7}]:
            wanted = torch.nn.functional.interpolate(torch.tensor(x), **settings).numpy()
            np.testing.assert_array_equal(Interpolate(**settings).compute(np, x), wanted, err_msg=f"{size} {settings}")


def test_nan_and_infinity_spread_as_far_as_their_cell_is_read() -> None:
    """A neighbour counted 0 times still spoils the cell, since 0 * inf is NaN: as in PyTorch."""
    y = under_sum(Interpolate(scale_factor=2.0, mode="linear"), np.ones((1, 1, 6)), x=[[[1.0, math.inf, 3.0]]])["y"]
    np.testing.assert_array_equal(y, [[[math.nan, *[math.inf] * 4, 3.0]]])


def test_cells_read_as_a_weighed_sum() -> None:
    network = Network()
    network.input("x", [[[[1.0, 2.0], [3.0, 4.0]]]])
    network.add("near", Interpolate(scale_factor=2.0), "x")
    network.add("smooth", Interpolate(scale_factor=2.0, mode="bilinear"), "x")
    timeline, run = Timeline(network.graph), Run(network.graph, network.arrays)

    def line(address: str) -> str:
        number = timeline.locate(address)
        return Step(number, timeline.place(number), run).arithmetic()

    assert line("near[0,0,3,2]") == "4 = 4"
    assert line("smooth[0,0,1,2]") == "(0.1875*1) + (0.5625*2) + (0.0625*3) + (0.1875*4) = 2.25"


@pytest.mark.parametrize(
    ("settings", "shape", "message"),
    [
        ({}, (1, 1, 2), "size is None and scale_factor None; give one of the two"),
        ({"size": 2, "scale_factor": 2.0}, (1, 1, 2), "give one of the two"),
        ({"size": (2, 2)}, (1, 1, 2), r"size is \[2, 2\]: give one number, or 1"),
        ({"size": 2, "mode": "bilinear"}, (1, 1, 2), r"mode bilinear takes \[N,C,H,W\]"),
        ({"size": 2}, (1, 2), r"mode nearest takes \[N,C,...\]"),
        ({"size": 2, "align_corners": True}, (1, 1, 2), "align_corners has no meaning with mode nearest"),
        ({"scale_factor": 0.1}, (1, 1, 2), r"would become float64\[1,1,0\]; no axis may be empty"),
        ({"scale_factor": -1.0}, (1, 1, 2), "no axis may be empty"),
        ({"size": 3}, (1, 1, 0), "no axis may be empty"),
    ],
)
def test_what_does_not_fit_is_refused(settings: dict[str, Any], shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        Interpolate(**settings).infer(Spec(shape))
