"""What does not fit together is told where it stands: names that lead nowhere, shapes, losses, stops of the script."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import EDGE, HEAD, faults

ONE = {
    "input": (
        EDGE.replace('input = "image"', 'input = "imgae"'),
        "8:1: layers.map.input: there is no tensor 'imgae' to read; did you mean 'image'?",
    ),
    "weight-name": (
        EDGE.replace('"kernel"', '"kernl"'),
        "9:1: layers.map.weight: there is no tensor 'kernl' to read; did you mean 'kernel'?",
    ),
    "later": (
        EDGE.replace('input = "image"', 'input = "after"') + '[[layers]]\nname = "after"\nop = "relu"\n',
        "8:1: layers.map.input: 'after' is written later; a layer reads what stands before it",
    ),
    "too-many": (
        EDGE.replace('input = "image"', 'input = ["image", "image"]'),
        "8:1: layers.map.input: received 2 tensors; conv2d reads 1 (x)",
    ),
    "nothing-to-read": (
        HEAD + '[[layers]]\nname = "r"\nop = "relu"\n',
        "3:1: layers.r.input: is missing; relu reads x: name a tensor",
    ),
    "no-weight": (
        EDGE.replace('weight = "kernel"\n', ""),
        "5:1: layers.map.weight: is missing; give its numbers, or out_channels and kernel_size to start it as PyTorch "
        "does",
    ),
    "size-unused": (
        EDGE + "kernel_size = 5\n",
        "10:1: layers.map.kernel_size: weight says it already; leave one of the two out",
    ),
    "ambiguous": (
        EDGE.replace("[[1, 0], [0, 1]]", "[[[1, 0], [0, 1]]]"),
        "4:12: parameters.kernel: received [1, 2, 2]; weight of conv2d is written with 2 or 4 axes, "
        "and which one is left out of 3 would be a guess",
    ),
    "disagree": (
        EDGE + '[[layers]]\nname = "flat"\nop = "conv1d"\ninput = "image"\nweight = [1]\n',
        "3:8: inputs.image: [3, 3] is [1, 1, 3, 3] for 'map' (conv2d), but 'flat' (conv1d) takes x with 3 axes; "
        "write all axes of image",
    ),
    "shape": (
        EDGE.replace("[[1, 0], [0, 1]]", "[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]"),
        "5:1: layers.map: conv2d: a kernel of 4x4 does not fit an input of 3x3 with padding 0; "
        "use padding 1 or more, or a smaller kernel",
    ),
    "whole-numbers": (
        HEAD
        + "[inputs]\nscores = [[1, 2, 3]]\nlabel = [0.5]\n"
        + '[loss]\nop = "cross_entropy"\ninput = "scores"\ntarget = "label"\n',
        "5:1: inputs.label: received 0.5; cross_entropy reads whole numbers here (class labels)",
    ),
    "loss": (
        EDGE + '[loss]\nop = "mse_los"\n',
        "11:1: loss.op: there is no loss 'mse_los'; did you mean 'mse_loss'?",
    ),
    "loss-target": (
        EDGE + '[loss]\nop = "mse_loss"\n',
        "10:1: loss.target: is missing; mse_loss reads target: name a tensor",
    ),
    "loss-gradients": (
        EDGE + '[loss]\nop = "sum"\ngradients = ["imag"]\n',
        "12:14: loss.gradients.0: there is no tensor 'imag'; did you mean 'image'?",
    ),
    "optimizer": (
        EDGE + '[optimizer]\nop = "sdg"\n',
        "11:1: optimizer.op: there is no optimizer 'sdg'; did you mean 'sgd'?",
    ),
    "iterations": (
        EDGE + '[loss]\nop = "sum"\n[optimizer]\nop = "sgd"\niterations = 0\n',
        "14:1: optimizer.iterations: received 0; give 1 or more",
    ),
    "iterations-of-batches": (
        HEAD
        + "inputs.x = { values = [[1], [2], [3]], batch = 2 }\n"
        + '[loss]\nop = "sum"\n[optimizer]\nop = "sgd"\niterations = 1_000_000_000\n',
        "8:1: optimizer.iterations: received 1000000000; give 100000 or less where rows come in batches",
    ),
    "stages-alone": (
        EDGE + '[loss]\nop = "sum"\n[[stages]]\nname = "a"\nloss = { op = "sum" }\n',
        "12:1: stages: each stage has a loss and an optimizer of its own; take [loss] and [optimizer] out",
    ),
    "at": (
        EDGE + '[[script]]\nat = "mpa[0,0]"\nsay = ""\n',
        "11:1: script.0.at: there is no tensor 'mpa'; did you mean 'map'?",
    ),
    "at-outside": (
        EDGE + '[[script]]\nat = "map[2,0]"\nsay = ""\n',
        "11:1: script.0.at: map[2,0] does not fit map, which is [1, 1, 2, 2]",
    ),
    "at-given": (
        EDGE + '[[script]]\nat = "image[0,0]"\nsay = ""\n',
        "11:1: script.0.at: 'image' is given, not computed: it has cells to read but no steps",
    ),
    "at-term": (
        EDGE + '[[script]]\nat = "map[0,0]#1"\nsay = ""\n',
        "11:1: script.0.at: 'map[0,0]#1' names a term; a stop stands at a cell, so leave out #1",
    ),
    "say": (
        EDGE + '[[script]]\nsay = "{imag[0,0]}"\n',
        "11:1: script.0.say: {imag[0,0]}: there is no tensor 'imag'; did you mean 'image'?",
    ),
    "say-iteration": (
        EDGE + '[[script]]\nsay = "{map[0,0]@3}"\n',
        "11:1: script.0.say: {map[0,0]@3}: there is no iteration 3; they run from 0 to 0",
    ),
    "say-format": (
        EDGE + '[[script]]\nsay = "{map[0,0]:z}"\n',
        "11:1: script.0.say: 'z' in {map[0,0]:z} is no number format; write it as in {loss:.3f}",
    ),
    "say-brace": (
        EDGE + '[[script]]\nsay = "{map[0,0]"\n',
        "11:1: script.0.say: a single '{'; write {address} for a value and {{ for a brace",
    ),
    "no-say": (
        EDGE + "[[script]]\n",
        "10:1: script.0.say: is missing: what is said; {feature_map[0,0]} and {loss@3:.2f} become values of the run",
    ),
    "symbols": (
        EDGE + '[symbols]\nimage = "a b c"\n',
        "11:1: symbols.image: received 3 letters; image is [1, 1, 3, 3] and takes 9",
    ),
}


@pytest.mark.parametrize(("text", "expected"), ONE.values(), ids=ONE)
def test_what_does_not_fit_is_placed_and_explained(tmp_path: Path, text: str, expected: str) -> None:
    assert faults(tmp_path, text) == [expected]
