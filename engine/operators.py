"""The scalar operations a trace can hold: how each is written, and its IEEE 754 rule, which never raises."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """How an operation is written and what it does. `binding` orders the infix signs; 90 is written as a call."""

    sign: str
    apply: Callable[..., float]
    binding: int = 90


def _divide(a: float, b: float) -> float:
    if b:
        return a / b
    return math.nan if not a or a != a or b != b else math.copysign(math.inf, a) * math.copysign(1.0, b)


def larger(a: float, b: float) -> float:
    return a if a != a or (b == b and a >= b) else b


def _power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        return math.nan if a else math.copysign(math.inf, a if b % 2 == 1 else 1.0)


def _exp(a: float) -> float:
    return math.inf if a > 709.782712893384 else math.exp(a)


def _log(a: float) -> float:
    return -math.inf if a == 0 else math.log(a) if a > 0 else math.nan


def _log1p(a: float) -> float:
    return -math.inf if a == -1 else math.log1p(a) if a > -1 else math.nan


def _sqrt(a: float) -> float:
    return math.sqrt(a) if a >= 0 else math.nan


def _floor(a: float) -> float:
    return math.copysign(math.floor(a), a) if math.isfinite(a) else a


def _round(a: float) -> float:
    return math.copysign(round(a), a) if math.isfinite(a) else a


def _sign(a: float) -> float:
    return a if a != a else float((a > 0) - (a < 0))


def _trigonometric(rule: Callable[[float], float]) -> Callable[[float], float]:
    return lambda a: rule(a) if math.isfinite(a) else math.nan


ADD = Operator("+", lambda a, b: a + b, 20)
SUBTRACT = Operator("-", lambda a, b: a - b, 20)
MULTIPLY = Operator("*", lambda a, b: a * b, 30)
DIVIDE = Operator("/", _divide, 30)
NEGATE = Operator("-", lambda a: -a, 40)
POWER = Operator("^", _power, 50)
SQUARE = Operator("^2", lambda a: a * a, 50)
LESS = Operator("<", lambda a, b: float(a < b), 10)
LESS_EQUAL = Operator("<=", lambda a, b: float(a <= b), 10)
GREATER = Operator(">", lambda a, b: float(a > b), 10)
GREATER_EQUAL = Operator(">=", lambda a, b: float(a >= b), 10)
EQUAL = Operator("==", lambda a, b: float(a == b), 10)
SELECT = Operator("where", lambda condition, a, b: a if condition else b)
MAXIMUM = Operator("max", larger)
MINIMUM = Operator("min", lambda a, b: a if a != a or (b == b and a <= b) else b)


EXP = Operator("exp", _exp)
LOG = Operator("log", _log)
LOG1P = Operator("log1p", _log1p)
SQRT = Operator("sqrt", _sqrt)
TANH = Operator("tanh", math.tanh)
ABSOLUTE = Operator("abs", abs)
FLOOR = Operator("floor", _floor)
NEAREST = Operator("round", _round)
SIGN = Operator("sign", _sign)
COS = Operator("cos", _trigonometric(math.cos))
SIN = Operator("sin", _trigonometric(math.sin))
