"""What came of running a case through the engine, and the table of it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from network import Network
from onnx_nodes.adapters import ADAPTERS, NotApplicable
from onnx_nodes.node_cases import Array, NodeCase

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.number import lift
from stepgrad.engine.run import Run

SAMPLED = 6
"""Cells of each output whose own scalar rule is compared as well."""


@dataclass(frozen=True)
class Verdict:
    case: NodeCase
    came_to: Literal["passed", "failed", "not applicable"]
    why: str = ""


def judge(case: NodeCase) -> Verdict:
    """Run a case through our ops: both the vectorised rule and the scalar one."""
    adapt = ADAPTERS[case.op]
    network = Network()
    try:
        names = adapt(case, network)
        run = network.history(1).run(0)
    except NotApplicable as reason:
        return Verdict(case, "not applicable", str(reason))
    except StepgradError as fault:
        return Verdict(case, "failed", f"refused: {fault}")
    compared = [(name, wanted) for name, wanted in zip(names, case.outputs, strict=False) if name is not None]
    faults = [fault for name, wanted in compared for fault in _differences(case, run, name, wanted)]
    return Verdict(case, "failed" if faults else "passed", "; ".join(faults))


def _differences(case: NodeCase, run: Run, name: str, wanted: Array | None) -> Iterator[str]:
    found = run.host(name)
    if wanted is None or found.shape != wanted.shape:
        yield f"{name} is {list(found.shape)}, expected {None if wanted is None else list(wanted.shape)}"
        return
    near = {"rtol": case.rtol, "atol": case.atol, "equal_nan": True}
    if not np.allclose(found, wanted, **near):
        yield f"{name} is off by {np.max(np.abs(found - wanted)):g}"
    node = run.graph[name]
    for number in np.linspace(0, node.size - 1, SAMPLED, dtype=int) if node.size else ():
        index = node.spec.index(int(number))
        cells = [None if given is None else run.cells(given) for given in node.inputs]
        if not np.isclose(lift(node.op.cell(index, *cells)).value, wanted[index], **near):
            yield f"the cell {name}{list(index)} is {lift(node.op.cell(index, *cells)).value:g}, not {wanted[index]:g}"


def table(verdicts: Iterable[Verdict], others: int = 0) -> str:
    """operator, passed, failed, not applicable; and below each operator why a case is not."""
    lines = [f"{'operator':28}{'passed':>8}{'failed':>8}{'n/a':>6}   why"]
    by_op: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_op.setdefault(verdict.case.op, []).append(verdict)
    for op, found in sorted(by_op.items()):
        lines += _rows(op, found)
    lines += _rows("all", [verdict for found in by_op.values() for verdict in found])[:1]
    return "\n".join([*lines, f"and {others} cases of operators that stepgrad has no op for"])


def _rows(op: str, found: list[Verdict]) -> list[str]:
    count = Counter(verdict.came_to for verdict in found)
    reasons = Counter(verdict.why for verdict in found if verdict.came_to == "not applicable")
    failed = [f"{verdict.case}: {verdict.why}" for verdict in found if verdict.came_to == "failed"]
    why = [*(f"{times} {reason}" for reason, times in reasons.most_common()), *(f"FAILED {each}" for each in failed)]
    first = f"{op:28}{count['passed']:8}{count['failed']:8}{count['not applicable']:6}   {why[0] if why else ''}"
    return [first.rstrip(), *(f"{'':53}{reason}" for reason in why[1:])]
