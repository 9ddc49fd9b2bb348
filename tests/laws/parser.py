"""The printed arithmetic, read again: a parser that shares nothing with the writer, nor with the engine's numbers.

comparison = sum [("<" | "<=" | ">" | ">=" | "==") sum]
sum        = product {("+" | "-") product}
product    = factor {("*" | "/") factor}
factor     = "-" factor | power
power      = atom ["^" atom]                    a^b^c is refused: nobody agrees on what it means
atom       = number | name "(" [comparison {"," comparison}] ")" | "(" comparison ")"
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable

import numpy as np

_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[a-z_]\w*|<=|>=|==|[-+*/^()<>,])")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


def value_of(text: str) -> float:
    """What the arithmetic comes to."""
    parser = _Parser(text)
    value = parser.comparison()
    parser.expect("")
    return value


def sides(line: str) -> tuple[str, str]:
    """`(1*1) + 2 = 3` -> ("(1*1) + 2", "3"), and the same for a line with `~`."""
    left, _, right = line.rpartition(" = ") if " = " in line else line.rpartition(" ~ ")
    return left, right


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = self._read(text)
        self.at = 0

    @staticmethod
    def _read(text: str) -> list[str]:
        tokens, at = [], 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise SyntaxError(f"{text[at:]!r} is no arithmetic")
            tokens.append(found[1])
            at = found.end()
        return tokens

    @property
    def token(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.token
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        found = self.take()
        if found != token:
            raise SyntaxError(f"{token!r} was expected, not {found!r}")

    def comparison(self) -> float:
        left = self.sum()
        compare = _COMPARISONS.get(self.token)
        if compare is None:
            return left
        self.take()
        return float(compare(left, self.sum()))

    def sum(self) -> float:
        value = self.product()
        while self.token in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> float:
        value = self.factor()
        while self.token in ("*", "/"):
            value = value * self.factor() if self.take() == "*" else _over(value, self.factor())
        return value

    def factor(self) -> float:
        if self.token == "-":
            self.take()
            return -self.factor()
        return self.power()

    def power(self) -> float:
        base = self.atom()
        if self.token != "^":
            return base
        self.take()
        exponent = self.atom()
        with np.errstate(all="ignore"):
            return float(np.float64(base) ** np.float64(exponent))

    def atom(self) -> float:
        token = self.take()
        if token == "(":
            value = self.comparison()
            self.expect(")")
            return value
        if token in ("nan", "inf"):
            return float(token)
        if token[:1].isdigit():
            return float(token)
        return self.call(token)

    def call(self, name: str) -> float:
        self.expect("(")
        arguments = []
        while self.token != ")":
            arguments.append(self.comparison())
            if self.token != ")":
                self.expect(",")
        self.take()
        return _CALLS[name](*arguments)


def _over(a: float, b: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


def _guarded(rule: Callable[[float], float], pole: float | None = None) -> Callable[[float], float]:
    """The rule of `math`: infinite where it overflows, NaN where it is not defined, -inf at its pole."""

    def value(a: float) -> float:
        try:
            return -math.inf if a == pole else rule(a)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return value


def _extreme(pick: Callable[..., float], start: float) -> Callable[..., float]:
    return lambda *values: math.nan if any(map(math.isnan, values)) else pick([start, *values])


def _argmax(*values: float) -> float:
    missing = [k for k, value in enumerate(values) if math.isnan(value)]
    return float(missing[-1] if missing else values.index(max(values)) if values else 0)


_CALLS: dict[str, Callable[..., float]] = {
    "max": _extreme(max, -math.inf),
    "min": _extreme(min, math.inf),
    "argmax": _argmax,
    "where": lambda condition, a, b: a if condition else b,
    "exp": _guarded(math.exp),
    "log": _guarded(math.log, pole=0.0),
    "log1p": _guarded(math.log1p, pole=-1.0),
    "sqrt": _guarded(math.sqrt),
    "tanh": math.tanh,
    "abs": math.fabs,
    "floor": lambda a: float(np.floor(a)),
    "round": lambda a: float(np.rint(a)),
    "sign": lambda a: float(np.sign(a)),
    "cos": _guarded(math.cos),
    "sin": _guarded(math.sin),
}
