"""Expressions people type: what they mean, and what they are told when they mean nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.expression import ExpressionError, parse
from stepgrad.engine.timeline import Address

TENSORS = {
    "loss": np.array(0.05),
    "conv1.weight.grad": np.array([[-11.0, 2.0], [0.5, 0.0]]),
    "a-b": np.array([4.0, 9.0]),
    "a": np.array(3.0),
    "b": np.array(1.0),
    "bad": np.array([1.0, np.nan]),
}


def read(address: Address) -> object:
    tensor = TENSORS[address.tensor or ""]
    return tensor if address.index is None else tensor[address.index]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("loss < 0.1", True),
        ("abs(conv1.weight.grad) > 10", True),
        ("conv1.weight.grad > 10", False),
        ("isnan(bad)", True),
        ("1 + 2*3^2", 19),
        ("2^3^0", 2**3**0),
        ("-a^2", -9),
        ("2*-a", -6),
        ("(1 + 2)*3", 9),
        ("8/4/2", 1),
        ("8 - 4 - 2", 2),
        ("a - b", 2),
        ("a-b[1]", 9),
        ("sum(a-b)", 13),
        ("not a == 3 or b == 1", True),
        ("a == 3 and b == 2", False),
        ("1e-3*1000", 1),
        ("norm(a-b) > 9.8 and norm(a-b) < 9.9", True),
    ],
)
def test_what_an_expression_means(text: str, value: float) -> None:
    found = parse(text, TENSORS)
    assert np.any(found.value(read)) == value if isinstance(value, bool) else found.value(read) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lss < 0.1", "there is no tensor 'lss'; did you mean 'loss'?"),
        ("sqr(a)", "there is no function 'sqr'; did you mean 'sqrt'?"),
        ("loss <", "'loss <': a number, a tensor or a function was expected at 'the end'"),
        ("a b", "'a b': an operator such as < or + was expected at 'b'"),
        ("(a", "'(a': ')' was expected at 'the end'"),
        ("a ! b", "'a ! b': '!' has no meaning here"),
        ("", "'': a number, a tensor or a function was expected at 'the end'"),
        ("__import__(a)", "there is no function '__import__'"),
    ],
)
def test_nonsense_is_told_what_fits(text: str, told: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, TENSORS)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize("text", ["(" * 200 + "a" + ")" * 200, "-" * 300 + "a", "a" + " + a" * 400])
def test_what_is_too_long_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text, TENSORS)


@given(st.text(alphabet="ab-+*/^<>=!()[],@.01 loseandrt", max_size=40))
def test_any_text_is_a_value_or_one_error(text: str) -> None:
    try:
        found = parse(text, TENSORS)
        found.value(read)
    except (ExpressionError, KeyError, IndexError, ValueError):
        pass
    else:
        assert found.text == text.strip()
