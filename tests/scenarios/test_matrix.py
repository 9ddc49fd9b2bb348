"""Numbers as people paste them: from a spreadsheet, a CSV file, NumPy, PyTorch, a slide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.matrix import matrix

PASTED: dict[str, tuple[str, Any]] = {
    "blanks": ("1 0\n0 1", [[1, 0], [0, 1]]),
    "commas": ("1, 0\n0, 1\n", [[1, 0], [0, 1]]),
    "tabs": ("1\t0\n0\t1\n", [[1, 0], [0, 1]]),
    "semicolons": ("1;0;\n0;1;\n", [[1, 0], [0, 1]]),
    "bars": ("| 1 | 0 |\n| 0 | 1 |", [[1, 0], [0, 1]]),
    "row": ("1 2 3", [1, 2, 3]),
    "column": ("1\n2\n3\n", [[1], [2], [3]]),
    "planes": ("1 2\n3 4\n\n5 6\n7 8\n", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
    "comments": ("# image\n1 2 # first\n3 4\n", [[1, 2], [3, 4]]),
    "floats": ("-0.5 1e3\n+2 .25", [[-0.5, 1000.0], [2, 0.25]]),
    "minus": ("\N{MINUS SIGN}1 2", [-1, 2]),
    "special": ("nan inf -inf", [np.nan, np.inf, -np.inf]),
    "numpy": ("[[1. 0.]\n [0. 1.]]", [[1, 0], [0, 1]]),
    "python": ("[[1, 0], [0, 1]]", [[1, 0], [0, 1]]),
    "torch": ("tensor([[1., 0.],\n        [0., 1.]], dtype=torch.float64)", [[1, 0], [0, 1]]),
    "deep": ("[[[1], [2]], [[3], [4]]]", [[[1], [2]], [[3], [4]]]),
}


@pytest.mark.parametrize(("text", "numbers"), PASTED.values(), ids=PASTED)
def test_pasted_numbers(text: str, numbers: Any) -> None:
    assert np.array_equal(np.array(matrix(text)), np.array(numbers), equal_nan=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no numbers in it"),
        ("# only this", "there are no numbers in it"),
        ("1 2\n3 x", "line 2: 'x' is no number"),
        ("1 ... 3", "line 1: '...' is no number; numbers were left out of this text"),
        ("[[1, 2]\n [3, y]]", "line 2: 'y' is no number"),
        ("[[1, 2]", "a bracket is not closed"),
        ("[1], [2]", "the brackets do not match"),
    ],
)
def test_what_is_no_matrix(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        matrix(text)
    assert str(error.value) == message


arrays = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(st.floats(width=32), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]).map(
        lambda values: np.array(values).reshape(shape)
    )
)


@given(arrays)
def test_what_python_prints_is_read_back(array: np.ndarray) -> None:
    with np.printoptions(precision=17, threshold=1000):
        for text in (
            str(array),
            repr(array),
            str(array.tolist()),
            "\n".join(",".join(map(repr, r)) for r in array.tolist()),
        ):
            assert np.array_equal(np.array(matrix(text)), array, equal_nan=True)


@given(st.text(alphabet="[]0123456789., \n#x-e;|", max_size=60))
def test_any_text_is_numbers_or_a_clear_line(text: str) -> None:
    try:
        assert isinstance(matrix(text), list)
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either is right
