"""ONNX's own node cases through our ops. `pytest tests/onnx_nodes -s` prints the table."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

from onnx_nodes.adapters import ADAPTERS  # noqa: E402 - only where onnx is there
from onnx_nodes.node_cases import NodeCase, collected, in_memory, on_disk, single_nodes  # noqa: E402
from onnx_nodes.verdicts import Verdict, judge, table  # noqa: E402

PASSING = Path(__file__).with_name("passing.txt")
"""The cases that pass, one a line: none of them may be lost. `-s` prints those that are new."""


@pytest.fixture(scope="module")
def tests() -> list[Any]:
    return collected()


@pytest.fixture(scope="module")
def cases(tests: list[Any]) -> list[NodeCase]:
    return single_nodes(tests)


@pytest.fixture(scope="module")
def verdicts(cases: list[NodeCase]) -> list[Verdict]:
    found = [judge(case) for case in cases if case.op in ADAPTERS]
    print(f"\nonnx {onnx.__version__}\n{table(found, others=len(cases) - len(found))}")
    return found


def test_no_case_that_applies_fails(verdicts: list[Verdict]) -> None:
    failed = [f"{verdict.case}: {verdict.why}" for verdict in verdicts if verdict.came_to == "failed"]
    assert not failed, "\n".join(failed)


def test_no_passing_case_is_lost(verdicts: list[Verdict]) -> None:
    """Other versions of onnx have other cases: those that are there must pass."""
    now = {verdict.case.name: verdict for verdict in verdicts}
    known = PASSING.read_text().split()
    lost = [f"{name}: {now[name].why}" for name in known if name in now and now[name].came_to != "passed"]
    assert not lost, "\n".join(lost)
    passed = {verdict.case.name for verdict in verdicts if verdict.came_to == "passed"}
    print("not yet in passing.txt:", *sorted(passed - set(known)))
    assert len(passed & set(known)) > 200, "passing.txt names few of the cases that there are"


def test_every_adapter_meets_a_case(verdicts: list[Verdict]) -> None:
    assert {verdict.case.op for verdict in verdicts} == set(ADAPTERS)


@pytest.mark.parametrize("name", ["test_basic_conv_with_padding", "test_adam", "test_nllloss_NCd1_weight"])
def test_both_forms_of_a_case_read_the_same(name: str, tests: list[Any], tmp_path: Path) -> None:
    """Up to onnx 1.22 a case is a folder of files, from 1.23 on it is built in memory."""
    from onnx import numpy_helper

    given = next(case for case in tests if case.name == name)
    if given.model is None:
        pytest.skip("this onnx has its cases on disk")
    (one,) = in_memory(given)
    data_set = tmp_path / "test_data_set_0"
    data_set.mkdir()
    onnx.save(given.model, tmp_path / "model.onnx")
    for what, arrays in zip(("input", "output"), given.data_sets[0], strict=True):
        for k, array in enumerate(arrays):
            proto = numpy_helper.from_array(np.asarray(array))
            (data_set / f"{what}_{k}.pb").write_bytes(proto.SerializeToString())
    (other,) = on_disk(SimpleNamespace(name=name, model_dir=str(tmp_path), rtol=given.rtol, atol=given.atol))
    assert (one.op, one.attributes) == (other.op, other.attributes)
    for mine, theirs in zip(one.inputs + one.outputs, other.inputs + other.outputs, strict=True):
        np.testing.assert_array_equal(mine, theirs)
