"""Formulas of sliding windows in letters, with the numbers of the window put in: x[n,c,2i+u-1,2j+v-1].

The letters are those of `op.py`; depth, where there is a third axis, is `q` in the input, `r` in the output, `t` in
the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stepgrad.engine.window import Window

IN = {1: "h", 2: "hg", 3: "qhg"}
OUT = {1: "i", 2: "ij", 3: "rij"}
KERNEL = {1: "u", 2: "uv", 3: "tuv"}


def commas(letters: Iterable[str]) -> str:
    """Letters of an index: ij -> i,j."""
    return ",".join(letters)


def affine(*terms: tuple[int, str], plus: int | str = 0) -> str:
    """2*i + 1*u - 1 as `2i+u-1`: what is added first, then the constant, then what is taken away."""
    added = "".join(f"+{_times(factor)}{letter}" for factor, letter in terms if factor > 0)
    taken = "".join(f"-{_times(-factor)}{letter}" for factor, letter in terms if factor < 0)
    constant = plus if isinstance(plus, str) else f"{plus:+d}" if plus else ""
    return (added + constant + taken).removeprefix("+") or "0"


def _times(factor: int) -> str:
    return "" if factor == 1 else str(factor)


def met(stride: Sequence[int], dilation: Sequence[int], before: Sequence[int] | None) -> str:
    """The input cell that kernel cell (u, v) of output (i, j) meets: 2i+u-1,2j+v-1. `before` None is written p."""
    rank = len(stride)
    shift: list[int | str] = ["-p"] * rank if before is None else [-b for b in before]
    each = zip(stride, dilation, shift, OUT[rank], KERNEL[rank], strict=True)
    return commas(affine((s, i), (d, u), plus=p) for s, d, p, i, u in each)


def reading(over: Window, out: str, *, flip: bool = False) -> str:
    """As `met` for a window whose kernel is known: one that is a single cell needs no letter."""
    each = zip(over.kernel, over.stride, over.dilation, over.before, out, KERNEL[len(out)], strict=True)
    return commas(affine((s, i), *_step(k, d, u, flip), plus=flip * d * (k - 1) - b) for k, s, d, b, i, u in each)


def turned(kernel: Sequence[int]) -> str:
    """The cell of a kernel turned round: 2-u,2-v."""
    each = zip(kernel, KERNEL[len(kernel)], strict=True)
    return commas(affine(*_step(k, 1, u, flip=True), plus=k - 1) for k, u in each)


def apart(place: str, start: str, stride: Sequence[int], dilation: Sequence[int], before: Sequence[int]) -> list[str]:
    """How many kernel cells lie between each start of a window and a place in it: h+1-2i, or (h+1-2i)/3 if dilated."""
    each = zip(place, start, stride, dilation, before, strict=True)
    found = [(affine((1, h), (-s, i), plus=b), d) for h, i, s, d, b in each]
    return [cells if d == 1 else f"({cells})/{d}" for cells, d in found]


def through(over: Window, *, flip: bool = False) -> str:
    """The kernel cell through which output (i, j) reads input (h, g): h+1-2i,g+1-2j."""
    rank = len(over.size)
    cells = apart(IN[rank], OUT[rank], over.stride, over.dilation, over.before)
    return commas(
        "0" if k == 1 else f"{k - 1}-({at})" if flip else at for k, at in zip(over.kernel, cells, strict=True)
    )


def _step(kernel: int, by: int, letter: str, flip: bool) -> list[tuple[int, str]]:
    return [(-by if flip else by, letter)] if kernel > 1 else []
