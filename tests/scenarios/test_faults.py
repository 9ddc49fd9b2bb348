"""A scenario's faults: each at its line and column, in plain words, and all of them in one run."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import EDGE, HEAD, faults

SYNTAX = {
    "unclosed": ('format_version = 1\ntitle = "t\n', "2:11: not TOML: Illegal character '\\n'"),
    "unfinished": ("a = [1,\n", "2:1: not TOML: Invalid value"),
    "twice": ("a = 1\na = 2\n", "2:6: not TOML: Cannot overwrite a value"),
    "no-value": ("title =\n", "1:8: not TOML: Invalid value"),
}

ONE = {
    "unknown-key": (
        HEAD + "sed = 3\n",
        "3:1: sed: unknown key; did you mean 'seed'?",
    ),
    "unknown-key-far": (
        EDGE + "zzz = 3\n",
        "10:1: layers.map.zzz: unknown key; known are op, input, name, weight, bias, stride, padding, dilation, "
        "groups, flip, padding_mode, out_channels, kernel_size, frozen",
    ),
    "version": (
        "format_version = 2\nwhat = 3\n",
        "1:1: format_version: received 2; this stepgrad reads format_version = 1",
    ),
    "no-version": ('title = "t"\n', "1:1: format_version: is missing: the version of this format"),
    "no-title": ("format_version = 1\n", "1:1: title: is missing"),
    "sign": (
        EDGE + '[[script]]\nsay = "a\\u001b[31m"\n',
        "11:1: script.0.say: the sign U+001B shows nothing and may change what is shown; leave it out",
    ),
    "sign-that-turns": (
        'format_version = 1\ntitle = "a\u202eb"\n',
        "2:1: title: the sign U+202E shows nothing and may change what is shown; leave it out",
    ),
    "sign-in-a-key": (
        HEAD + '"a\\u0007" = 1\n',
        "3:1: a\\x07: the sign U+0007 shows nothing and may change what is shown; leave it out",
    ),
    "line-in-a-name": (
        EDGE.replace("conv2d", "conv\\n2d"),
        "7:1: layers.map.op: there is no op 'conv\\n2d'; did you mean 'conv2d'?",
    ),
    "reads-itself": (
        EDGE.replace('input = "image"', 'input = "map"'),
        "8:1: layers.map.input: 'map' is what this layer writes; a layer reads what stands before it",
    ),
    "learning-rate": (
        EDGE + '[loss]\nop = "sum"\n[optimizer]\nop = "sgd"\nlr = nan\n',
        "14:1: optimizer.lr: received nan; give a number",
    ),
    "empty-text": (
        EDGE + '[[drill]]\nprompt = ""\nanswer = 1\n',
        '11:1: drill.0.prompt: received ""; give a text that is not empty',
    ),
    "digits": (HEAD + f"seed = {'9' * 5000}\n", "not readable as TOML: a whole number has more digits than are read"),
    "seed": (HEAD + "seed = -1\n", "3:1: seed: received -1; give 0 or more"),
    "seed-type": (HEAD + 'seed = "x"\n', '3:1: seed: received "x"; give a whole number'),
    "seed-bool": (HEAD + "seed = true\n", "3:1: seed: received true; give a whole number"),
    "dtype": (
        HEAD + 'dtype = "int8"\n',
        "3:1: dtype: received \"int8\"; give 'float64', 'float32' or 'float16'",
    ),
    "name": (
        HEAD + '[inputs]\n"my image" = 1\n',
        '4:1: inputs.my image: "my image" is no name; use letters, digits, _ and -, and start with a letter',
    ),
    "ragged": (
        EDGE.replace("[4, 5, 6]", "[4, 5]"),
        "3:28: inputs.image.1: received 2 numbers; the first has 3 numbers",
    ),
    "no-number": (
        EDGE.replace("[4, 5, 6]", '[4, "5", 6]'),
        '3:32: inputs.image.1.1: received "5"; give a number',
    ),
    "bool-number": (
        EDGE.replace("[4, 5, 6]", "[4, true, 6]"),
        "3:32: inputs.image.1.1: received true; give a number",
    ),
    "empty": (HEAD + "inputs.x = []\n", "3:8: inputs.x: received an empty list; give a number"),
    "pasted": (
        HEAD + 'inputs.x = """\n1 2\n3 x\n"""\n',
        "3:8: inputs.x: read as a matrix: line 2: 'x' is no number",
    ),
    "initialiser": (
        HEAD + 'inputs.x = { init = "nrmal", shape = [2] }\n',
        "3:14: inputs.x.init: there is no initialiser 'nrmal'; did you mean 'normal'?",
    ),
    "initialiser-key": (
        HEAD + 'inputs.x = { init = "normal", shape = [2], stdd = 2 }\n',
        "3:44: inputs.x.stdd: unknown key; did you mean 'std'?",
    ),
    "initialiser-shape": (
        HEAD + 'inputs.x = { init = "zeros" }\n',
        "3:8: inputs.x.shape: is missing; an initialiser needs the tensor's size, as in shape = [5, 5]",
    ),
    "initialiser-size": (
        HEAD + 'inputs.x = { init = "zeros", shape = [3, 0] }\n',
        "3:42: inputs.x.shape.1: received 0; give 1 or more",
    ),
    "which-table": (
        HEAD + 'inputs.x = { file = "a.csv", init = "zeros" }\n',
        "3:8: inputs.x: a table says where its numbers come from: by `file`, `init`, `data` or `values`, one of them; "
        "received file, init",
    ),
    "op": (EDGE.replace("conv2d", "conv2"), "7:1: layers.map.op: there is no op 'conv2'; did you mean 'conv2d'?"),
    "no-name": (
        EDGE.replace('name = "map"\n', ""),
        "5:1: layers.0.name: is missing: its output tensor has the same name",
    ),
    "phase": (
        EDGE.replace('"map"', '"loss-"').replace("loss-", "backward"),
        "6:1: layers.backward.name: 'backward' is the name of a phase (forward, loss, backward, update); "
        "give the layer another",
    ),
    "same-name": (
        EDGE + '[[layers]]\nname = "map"\nop = "relu"\n',
        "11:1: layers.map.name: 'map' is the name of another tensor; give it another",
    ),
    "given-twice": (
        EDGE.replace("parameters.kernel", "inputs.kernel = [[1]]\nparameters.kernel"),
        "5:12: parameters.kernel: 'kernel' is given twice; a tensor has one name of its own",
    ),
    "setting": (
        EDGE + 'stride = "two"\n',
        '10:1: layers.map.stride: received "two"; give a whole number or a list',
    ),
    "setting-element": (
        EDGE + 'stride = [1, "two"]\n',
        '10:14: layers.map.stride.1: received "two"; give a whole number',
    ),
    "setting-float": (EDGE + "stride = 1.0\n", "10:1: layers.map.stride: received 1.0; give a whole number or a list"),
    "setting-choice": (
        EDGE + 'padding_mode = "mirror"\n',
        "10:1: layers.map.padding_mode: received \"mirror\"; give 'zeros', 'reflect', 'replicate' or 'circular'",
    ),
    "setting-huge": (
        EDGE + "padding = 5000\n",
        "10:1: layers.map.padding: received 5000; give 4096 or less, a list or a text",
    ),
    "frozen": (
        EDGE + 'frozen = ["weigth"]\n',
        "10:11: layers.map.frozen.0: received \"weigth\"; give 'weight' or 'bias'",
    ),
}


@pytest.mark.parametrize(("text", "expected"), SYNTAX.values(), ids=SYNTAX)
def test_what_is_no_toml_is_placed(tmp_path: Path, text: str, expected: str) -> None:
    assert faults(tmp_path, text) == [expected]


@pytest.mark.parametrize(("text", "expected"), ONE.values(), ids=ONE)
def test_a_fault_is_placed_and_explained(tmp_path: Path, text: str, expected: str) -> None:
    assert faults(tmp_path, text) == [expected]


def test_all_faults_come_in_one_run_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Faults of the format, of shapes, of names and of the script; what hangs on a fault adds none of its own."""
    text = (
        EDGE.replace("title", "titel")
        + 'strde = 2\n[[layers]]\nname = "next"\nop = "relu"\n'
        + '[[layers]]\nname = "other"\nop = "max_pool2d"\ninput = "image"\nkernel_size = 9\n'
        + '[[layers]]\nname = "odd"\nop = "relu"\ninput = "imag"\n'
        + '[[script]]\nat = "map[9,9]"\nsay = "{next[7,7]} {other}"\n'
        + '[[script]]\nat = "nxt[0]"\nsay = "{image[7,7]}"\npause = "long"\n'
        + '[[script]]\nsay = "{image[7,7]}"\n'
    )
    assert faults(tmp_path, text) == [
        "1:1: title: is missing",
        "2:1: titel: unknown key; did you mean 'title'?",
        "10:1: layers.map.strde: unknown key; did you mean 'stride'?",
        "14:1: layers.other: max_pool2d: a kernel of 9x9 does not fit an input of 3x3 with padding 0; "
        "use padding 3 or more, or a smaller kernel",
        "22:1: layers.odd.input: there is no tensor 'imag' to read; did you mean 'image'?",
        '29:1: script.1.pause: received "long"; give a number',
        "31:1: script.2.say: {image[7,7]}: image[7,7] does not fit image, which is [1, 1, 3, 3]",
    ]


def test_columns_count_characters_and_lines_survive_carriage_returns(tmp_path: Path) -> None:
    text = HEAD + 'inputs = { "bé" = 1, x = ["é", 1] }\n'
    assert [fault.partition(" ")[0] for fault in faults(tmp_path, text)] == ["3:12:", "3:27:"]
    assert [fault.partition(" ")[0] for fault in faults(tmp_path, text.replace("\n", "\r\n"))] == ["3:12:", "3:27:"]


def test_a_fault_in_a_variant_is_placed_in_the_variant(tmp_path: Path) -> None:
    text = (
        EDGE + '[variants.big]\n"layers.map.stride" = "x"\n[[variants.big.script]]\nat = "imag[0,0]"\nsay = "{map}"\n'
    )
    assert faults(tmp_path, text) == []
    assert faults(tmp_path, text, variant="big") == [
        '11:1: layers.map.stride: received "x"; give a whole number or a list',
        "13:1: script.0.at: there is no tensor 'imag'; did you mean 'image'?",
    ]


def test_a_fault_in_a_setting_names_the_setting(tmp_path: Path) -> None:
    assert faults(tmp_path, EDGE, {"layers.map.strid": 2}) == [
        "--set layers.map.strid: unknown key; did you mean 'stride'?"
    ]
    assert faults(tmp_path, EDGE, {"layers.0.strid": 2}) == [
        "--set layers.0.strid: layers.map.strid: unknown key; did you mean 'stride'?"
    ]
