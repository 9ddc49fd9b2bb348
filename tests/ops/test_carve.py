"""Space carving, along the axes of the block and through a camera."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError, StepgradError
from stepgrad.engine.number import Padding
from stepgrad.engine.ops.camera import PerspectiveDivide, Pixel
from stepgrad.engine.ops.cartesian_prod import CartesianProd
from stepgrad.engine.ops.carve import Carve, CarveAt
from stepgrad.engine.ops.extent import Crop, Extent
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.sum import Sum


def views(silhouettes: list[object]) -> Network:
    network = Network()
    block = network.input("block", np.ones((4, 4, 4)))
    for dim, silhouette in enumerate(silhouettes):
        network.input(f"silhouette{dim}", silhouette)
        block = network.add(f"view{dim}", Carve(dim), block, f"silhouette{dim}")
    return network


def test_the_golden_hull() -> None:
    file = golden("space-carving")
    run = views(file.inputs["silhouettes"]).run()
    assert [run.host(f"view{dim}").sum() for dim in range(3)] == file.expected["kept_after_each_view"]
    assert run.host("view2").tolist() == file.expected["hull"]
    hull, solid = run.host("view2"), np.array(file.inputs["solid"])
    assert (hull >= solid).all(), "the hull contains the object"


def test_the_golden_camera() -> None:
    file = golden("space-carving-camera")
    network = Network()
    axes = [network.input(name, file.inputs["axis"]) for name in "abc"]
    network.input("one", [1])
    network.input("camera", file.inputs["camera"])
    network.input("silhouette", file.inputs["silhouette"])
    network.input("voxels", np.ones(64))
    network.add("box", CartesianProd(), *axes, "one")
    network.add("seen", Linear(), "box", "camera")
    network.add("point", PerspectiveDivide(), "seen")
    network.add("pixel", Pixel(), "point")
    network.add("kept", CarveAt(), "voxels", "pixel", "silhouette")
    run = network.run()
    np.testing.assert_allclose(run.host("point"), np.stack([file.expected["u"], file.expected["v"]], 1), rtol=1e-12)
    assert run.host("kept").tolist() == file.expected["kept"]
    traces = [run.trace(network.graph["kept"], (n,)) for n in range(64)]
    assert [not isinstance(trace.operands[1], Padding) for trace in traces] == [
        bool(k) for k in file.expected["inside"]
    ]
    assert all(len(trace.operands[1].chosen_by) == 2 for trace in traces), "both indices of the pixel are reads"


def test_the_gradients_by_hand() -> None:
    """A voxel's slope is what its pixel shows; a pixel's slope is how much of its ray is still there."""
    network = Network()
    network.parameter("block", [[[1, 1]], [[0, 1]]])
    network.parameter("silhouette", [[1, 0]])
    network.add("y", Carve(0), "block", "silhouette")
    network.loss(Sum(), "y")
    run = network.run()
    assert run.host("block.grad").tolist() == [[[1, 0]], [[1, 0]]]
    assert run.host("silhouette.grad").tolist() == [[1, 2]]


def test_the_gradient_through_a_camera_by_hand() -> None:
    network = Network()
    network.parameter("x", [1, 1, 0, 1])
    network.parameter("silhouette", [[1, 0], [1, 1]])
    network.input("pixel", np.array([[0, 1], [1, 0], [1, 0], [2, 0]]))
    network.add("y", CarveAt(), "x", "pixel", "silhouette")
    network.loss(Sum(), "y")
    run = network.run()
    assert run.host("y").tolist() == [0, 1, 0, 0]
    assert run.host("x.grad").tolist() == [0, 1, 1, 0]
    assert run.host("silhouette.grad").tolist() == [[0, 1], [1, 0]]


def test_the_combinations_of_axes_are_pytorchs() -> None:
    torch = pytest.importorskip("torch")
    axes = [torch.tensor(values, dtype=torch.float64) for values in ([1, 2], [5, 6, 7], [8, 9])]
    found = CartesianProd().compute(np, *(axis.numpy() for axis in axes))
    assert found.tolist() == torch.cartesian_prod(*axes).tolist()


def test_a_pixel_is_a_row_and_a_column() -> None:
    """u goes across and v down, but a picture is stored row by row; before the frame is row -1, not row 0."""
    network = Network()
    network.input("point", [[1.4, 3.7], [-0.2, 0.0]])
    network.add("pixel", Pixel(), "point")
    assert network.run().host("pixel").tolist() == [[3, 1], [0, -1]]


def test_a_point_at_depth_0_lands_nowhere() -> None:
    network = Network()
    network.input("x", [[1, 2, 0]])
    network.add("point", PerspectiveDivide(), "x")
    network.add("pixel", Pixel(), "point")
    with pytest.raises(StepgradError, match=r"pixel: x\[0,0\] is inf; a point at depth 0"):
        network.run()


def test_the_extent_and_the_crop_by_hand() -> None:
    network = Network()
    block = np.zeros((4, 3, 2))
    block[1:3, 2, 0] = 1
    network.input("block", block)
    network.parameter("picture", np.arange(48.0).reshape(8, 6))
    network.add("bounds", Extent(), "block")
    network.add("part", Crop((3, 2), dims=(0, 1), scale=2), "picture", "bounds")
    network.loss(Sum(), "part")
    run = network.run()
    assert run.host("bounds").tolist() == [[1, 2], [2, 2], [0, 0]]
    assert run.host("part").tolist() == [[16, 17], [22, 23], [28, 29]]
    slope = np.zeros((8, 6))
    slope[2:5, 4:6] = 1
    assert run.host("picture.grad").tolist() == slope.tolist()


def test_a_silhouette_of_another_size_is_refused() -> None:
    with pytest.raises(GraphError, match=r"seen along axis 0, x float64\[4,4,4\] takes \[4, 4\]"):
        views([np.ones((3, 4))])
