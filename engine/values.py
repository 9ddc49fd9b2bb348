"""What `compute` does about values: refuse a label or a probability that is none, keep a small eps from vanishing."""

from __future__ import annotations

from typing import Any

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.op import Array, Spec


def refuse(xp: Any, wrong: Array, values: Array, name: str, fits: str) -> None:
    """Raise StepgradError naming the first cell of `values` where `wrong` holds: `target[3] is 7; ...`."""
    if not bool(xp.any(wrong)):
        return
    first = int(xp.argmax(xp.reshape(xp.astype(wrong, xp.int8), (-1,))))
    index = Spec(values.shape).index(first)
    where = f"[{','.join(map(str, index))}]" if index else ""
    raise StepgradError(f"{name}{where} is {float(values[index]):.17g}; {fits}")


def widened(xp: Any, x: Array) -> Array:
    """x, or x in float32 where it is float16, in which an eps of 1e-8 is 0."""
    # The letter of float16 in NumPy and CuPy; asking for its name takes longer than many an op.
    return xp.astype(x, xp.float32) if getattr(x.dtype, "char", "") == "e" else x
