"""The PyTorch script of a scenario: run, and every tensor and gradient compared with ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lessons import NAMES, trains

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui import cli
from stepgrad.tui.handout_torch import InexpressibleError, Script, lines

CANNOT = {
    "fc-vs-conv-weight-matrix": "the op conv1d_matrix",
    "feature-map-size": "the op window_fits",
    "pixel-normalisation": "batch_norm with eps 0",
    "space-carving": "the op carve",
    "space-carving:camera": "the op perspective_divide",
}
"""Scenarios that PyTorch has no words for, and why."""

SLOW = [pytest.param(name, marks=pytest.mark.slow) if ":" in name or trains(name) else name for name in NAMES]


@pytest.fixture(autouse=True)
def _default_dtype() -> Any:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    before = torch.get_default_dtype()
    yield
    torch.set_default_dtype(before)


def run(script: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    exec(script, found)
    return found


def compared(lesson: Lesson, found: dict[str, Any]) -> int:
    """How many tensors of the last iteration are the same; all must be."""
    script = Script(lesson)
    list(script.lines())
    ours, count = lesson.tensors(lesson.timeline.iterations - 1), 0
    for name, called in script.names.items():
        if name not in ours:
            continue
        theirs = found[called]
        wanted = ours.get(f"{name}.new", ours[name])
        np.testing.assert_allclose(theirs.detach().numpy(), wanted, rtol=1e-8, atol=1e-10, err_msg=name)
        count += 1
        if f"{name}.grad" in ours and name != "loss":
            gradient = theirs.grad.numpy()
            np.testing.assert_allclose(gradient, ours[f"{name}.grad"], rtol=1e-8, atol=1e-10, err_msg=f"{name}.grad")
            count += 1
    return count


@pytest.mark.parametrize("name", SLOW)
def test_the_script_computes_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In float64, so that what two orders of adding differ by does not grow over hundreds of updates."""
    why = CANNOT.get(name, CANNOT.get(name.partition(":")[0]))
    lesson = open_lesson(name, {} if why else {"dtype": "float64"})
    if why:
        with pytest.raises(InexpressibleError, match=why):
            next(lines(lesson))
        return
    if not lesson.timeline.steps:
        with pytest.raises(InexpressibleError, match="no layers"):
            next(lines(lesson))
        return
    monkeypatch.chdir(tmp_path)
    script = "\n".join(lines(lesson))
    for line in script.split("\n"):
        if line.startswith("#   stepgrad tensors"):
            assert cli.main([*line.split()[2:], "--set", "dtype=float64"]) == 0
    assert compared(lesson, run(script)) > 1


LAYERS = {
    "conv2d, sides": ('op = "conv2d"\nweight = [[[[1, 2], [3, 4]]]]\npadding = [1, 0, 2, 1]', "[1, 1, 5, 6]"),
    "conv2d, same": ('op = "conv2d"\nweight = [[[[1, 2], [3, 4]]]]\npadding = "same"', "[1, 1, 5, 6]"),
    "conv2d, reflect": (
        'op = "conv2d"\nweight = [[[[1, 2], [3, 4]]]]\npadding = 1\npadding_mode = "reflect"',
        "[1, 1, 5, 6]",
    ),
    "conv2d, flipped": (
        'op = "conv2d"\nweight = [[[[1, 2], [3, 4]]]]\nflip = true\nstride = 2\ndilation = 2',
        "[1, 1, 7, 6]",
    ),
    "conv_transpose2d": ('op = "conv_transpose2d"\nweight = [[[[1, 2], [3, 4]]]]\nstride = 2', "[1, 1, 3, 4]"),
    "pad": ('op = "pad"\npadding = [1, 0, 2, 1]\nvalue = 0.5', "[1, 1, 5, 6]"),
    "pad, circular": ('op = "pad"\npadding = 1\nmode = "circular"', "[1, 2, 5, 6]"),
    "avg_pool2d": ('op = "avg_pool2d"\nkernel_size = 3\npadding = 1\ncount_include_pad = false', "[1, 2, 5, 6]"),
    "max_pool2d": ('op = "max_pool2d"\nkernel_size = [2, 3]\nstride = 1\nceil_mode = true', "[1, 2, 5, 6]"),
    "lp_pool2d": ('op = "lp_pool2d"\nkernel_size = 2\nnorm_type = 3.0', "[1, 2, 5, 6]"),
    "subsample": ('op = "subsample"\nkernel_size = 2\nstride = 3', "[1, 2, 6, 8]"),
    "interpolate": ('op = "interpolate"\nscale_factor = 2.0\nmode = "bilinear"', "[1, 2, 3, 4]"),
    "local_response_norm": ('op = "local_response_norm"\nsize = 3', "[1, 4, 3, 3]"),
    "batch_norm2d": ('op = "batch_norm2d"\nweight = [2, 3]\nbias = [1, 0]', "[2, 2, 3, 3]"),
    "elu": ('op = "elu"\nalpha = 0.5', "[2, 3]"),
    "clamp": ('op = "clamp"\nmin = -0.5\nmax = 0.5', "[2, 3]"),
    "leaky_relu": ('op = "leaky_relu"\nnegative_slope = 0.2', "[2, 3]"),
    "log_softmax": ('op = "log_softmax"\ndim = 0', "[2, 3]"),
    "permute": ('op = "permute"\ndims = [1, 0, 2]', "[2, 3, 4]"),
    "rot90": ('op = "rot90"\nk = 3', "[1, 1, 3, 4]"),
    "roll": ('op = "roll"\nshifts = [1, 2]', "[3, 4]"),
    "threshold": ('op = "threshold"\nthreshold = 0.1\nvalue = -1.0', "[2, 3]"),
    "mean": ('op = "mean"\ndim = [0, 2]', "[2, 3, 4]"),
    "scale": ('op = "scale"\nfactor = 3.0\ndivisor = 7.0\noffset = -0.5', "[2, 3]"),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_settings_that_pytorch_has_in_another_form(layer: str, tmp_path: Path) -> None:
    """Each layer with a loss behind it, so that its gradient is compared as well."""
    table, shape = LAYERS[layer]
    path = tmp_path / "layer.toml"
    path.write_text(
        f'format_version = 1\ntitle = "A \\"layer\\""\n[inputs]\nx = {{ init = "normal", shape = {shape} }}\n'
        f'[[layers]]\nname = "y"\ninput = "x"\n{table}\n[loss]\nop = "sum"\ninput = "y"\ngradients = ["x"]\n'
    )
    lesson = open_lesson(str(path))
    assert compared(lesson, run("\n".join(lines(lesson)))) >= 3


@pytest.mark.parametrize(
    "optimizer",
    [
        'op = "sgd"\nlr = 0.1\nmomentum = 0.9\nnesterov = true\nweight_decay = 0.01',
        'op = "adam"\nlr = 0.1', 'op = "adamw"\nlr = 0.1', 'op = "rmsprop"\nlr = 0.1\nmomentum = 0.5\ncentered = true',
        'op = "adagrad"\nlr = 0.1\nlr_decay = 0.1', 'op = "sgd"\nlr = 0.1\nzero_grad = false',
    ],
)  # fmt: skip
def test_optimizers(optimizer: str, tmp_path: Path) -> None:
    path = tmp_path / "training.toml"
    path.write_text(
        'format_version = 1\ntitle = "Training"\n[inputs]\nx = [[1, 2], [3, -1]]\nwanted = [[1], [0]]\n'
        '[[layers]]\nname = "lambda"\nop = "linear"\ninput = "x"\nweight = [[0.5, -0.25]]\nbias = [0.1]\n'
        f'[loss]\nop = "mse_loss"\ntarget = "wanted"\n[optimizer]\niterations = 5\n{optimizer}\n'
    )
    lesson = open_lesson(str(path))
    script = "\n".join(lines(lesson))
    assert "lambda_ = F.linear(" in script
    assert compared(lesson, run(script)) >= 6
