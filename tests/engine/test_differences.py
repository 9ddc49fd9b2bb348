"""The check of a gradient on the spot, on the network of `small_network`."""

from __future__ import annotations

import pytest
from small_network import small_history

from stepgrad.engine.differences import central_difference
from stepgrad.engine.errors import StepgradError


@pytest.mark.parametrize(("index", "slope"), [((0, 0), 1.0), ((0, 1), 2.0), ((1, 0), 0.0), ((1, 1), 0.0)])
def test_the_slope_of_the_loss_is_the_gradient(index: tuple[int, int], slope: float) -> None:
    check = central_difference(small_history().run(0), "w.grad", index)
    assert check.slope == pytest.approx(slope, abs=1e-8)
    assert check.agrees
    assert check.plus - check.minus == pytest.approx(2 * check.h * slope, abs=1e-12)


def test_an_intermediate_tensor_is_checked_too() -> None:
    assert central_difference(small_history().run(0), "a.grad", (0, 0)).slope == pytest.approx(1.0, abs=1e-8)


def test_a_wrong_gradient_is_found_out() -> None:
    run = small_history().run(0)
    run.tensors["w.grad"] = run.tensors["w.grad"] * 1.01
    assert not central_difference(run, "w.grad", (0, 0)).agrees


def test_what_is_no_gradient_is_refused() -> None:
    with pytest.raises(StepgradError, match=r"w\.new is not a whole gradient"):
        central_difference(small_history().run(0), "w.new", (0, 0))
