"""Expressions over tensors, typed by people: `loss < 0.1`, `abs(conv1.weight.grad) > 10`, `isnan(x)`.

    or, and, not     < <= > >= == !=     + -     * /     -x     ^     name[i,j]@k, 1e-3, f(...), ( )

Nothing is evaluated by Python: the text is parsed into the operations of the tables below, and nothing else exists. A
bare tensor is all its cells; a comparison of tensors holds where any cell satisfies it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stepgrad.engine.errors import StepgradError, did_you_mean
from stepgrad.engine.timeline import Address

LENGTH = 500
DEPTH = 40

Read = Callable[[Address], Any]
"""Gives the value of an address: a number, or a whole tensor."""

_BINARY: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "or": (1, np.logical_or),
    "and": (2, np.logical_and),
    "<": (4, np.less),
    "<=": (4, np.less_equal),
    ">": (4, np.greater),
    ">=": (4, np.greater_equal),
    "==": (4, np.equal),
    "!=": (4, np.not_equal),
    "+": (5, np.add),
    "-": (5, np.subtract),
    "*": (6, np.multiply),
    "/": (6, np.true_divide),
    "^": (8, np.power),
}
_PREFIX: dict[str, tuple[int, Callable[[Any], Any]]] = {"not": (3, np.logical_not), "-": (7, np.negative)}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "max": np.max,
    "min": np.min,
    "sum": np.sum,
    "mean": np.mean,
    "norm": lambda x: np.sqrt(np.sum(np.square(x))),
    "size": np.size,
    "isnan": np.isnan,
    "isinf": np.isinf,
    "any": np.any,
    "all": np.all,
}

_MEANT = {"=": "; write ==", "≥": "; write >=", "≤": "; write <=", "≠": "; write !=", "×": "; write *"}

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][\w\-]*(?:\.[\w\-]+)*)(?P<place>(?:\[[\d,\s]*\])?(?:@\d+)?)"
    r"|(?P<sign><=|>=|==|!=|[-+*/^<>(),]))"
)


class ExpressionError(StepgradError):
    """Text that is no expression: says where, and what fits there."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its text, the addresses in it, and how it is worked out."""

    text: str
    addresses: tuple[Address, ...]
    _value: Callable[[Read], Any]

    def value(self, read: Read) -> Any:
        """The value, with the cells and tensors that `read` gives."""
        with np.errstate(all="ignore"):
            return self._value(read)

    def holds(self, read: Read) -> bool:
        """Whether the value is true anywhere."""
        return bool(np.any(self.value(read)))


def parse(text: str, names: Iterable[str]) -> Expression:
    """Parse an expression over the tensors `names`. Raises ExpressionError."""
    if len(text) > LENGTH:
        raise ExpressionError(f"an expression may have {LENGTH} characters; received {len(text)}")
    return _Parser(text, frozenset(names)).parse()


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int
    place: str = ""


class _Parser:
    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self.tokens = [*_tokens(text, names), _Token("end", "the end", len(text))]
        self.at = 0
        self.depth = 0
        self.addresses: dict[Address, None] = {}

    def parse(self) -> Expression:
        value = self.expression(0)
        if self.token.kind != "end":
            raise self.wrong("an operator such as < or +")
        return Expression(self.text.strip(), tuple(self.addresses), value)

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def wrong(self, fits: str) -> ExpressionError:
        return ExpressionError(f"'{self.text.strip()}': {fits} was expected at '{self.token.text}'")

    def expression(self, binding: int) -> Callable[[Read], Any]:
        self.depth += 1
        if self.depth > DEPTH:
            raise ExpressionError(f"'{self.text.strip()[:30]}...': nested more than {DEPTH} deep")
        left = self.operand()
        while (found := _BINARY.get(self.token.text)) and found[0] > binding:
            sign = self.take().text
            left = _apply(found[1], left, self.expression(found[0] - (sign == "^")))
        self.depth -= 1
        return left

    def operand(self) -> Callable[[Read], Any]:
        token = self.token
        if token.kind == "number":
            constant = float(self.take().text)
            return lambda _: constant
        if token.text in _PREFIX:
            binding, rule = _PREFIX[self.take().text]
            return _apply(rule, self.expression(binding))
        if token.text == "(":
            return self.bracketed()
        if token.kind != "name":
            raise self.wrong("a number, a tensor or a function")
        return self.name()

    def bracketed(self) -> Callable[[Read], Any]:
        if self.take().text != "(":
            self.at -= 1
            raise self.wrong("'('")
        inner = self.expression(0)
        if self.token.text != ")":
            raise self.wrong("')'")
        self.take()
        return inner

    def name(self) -> Callable[[Read], Any]:
        token = self.take()
        if token.text in self.names:
            address = Address.parse(token.text + token.place)
            self.addresses[address] = None
            return lambda read: read(address)
        if token.text in FUNCTIONS and self.token.text == "(":
            return _apply(FUNCTIONS[token.text], self.bracketed())
        if token.text.lower() in ("nan", "inf"):
            raise ExpressionError(f"{token.text} is a state, not a number; write is{token.text.lower()}(...)")
        kind = "function" if self.token.text == "(" else "tensor"
        known = [*FUNCTIONS] if kind == "function" else [*self.names]
        raise ExpressionError(f"there is no {kind} '{token.text}'{did_you_mean(token.text, known)}")


def _apply(rule: Callable[..., Any], *operands: Callable[[Read], Any]) -> Callable[[Read], Any]:
    return lambda read: rule(*[operand(read) for operand in operands])


def _tokens(text: str, names: Container[str]) -> Iterator[_Token]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            wrong = text[at:].strip()[0]
            raise ExpressionError(f"'{text.strip()}': '{wrong}' has no meaning here{_MEANT.get(wrong, '')}")
        kind = found.lastgroup if found.lastgroup != "place" else "name"
        token = found[kind or ""]
        start, at = found.start(kind or ""), found.end()
        if kind == "name":
            known = _known(token, names)
            if known != token:
                at, token = start + len(known), known
                yield _word(token, "", start)
                continue
            yield _word(token, found["place"] or "", start)
        else:
            yield _Token(kind or "", token, start)


def _word(token: str, place: str, at: int) -> _Token:
    return _Token("sign" if token in ("and", "or", "not") else "name", token, at, place)


def _known(name: str, names: Container[str]) -> str:
    """A name may hold a minus: `a-b` is the tensor a-b where there is one, else a minus b."""
    shorter = name
    while shorter not in names and "-" in shorter:
        shorter = shorter[: shorter.rindex("-")]
    return shorter if shorter in names else name.split("-", 1)[0]
