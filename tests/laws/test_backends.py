"""The laws of backends: every op gives the same numbers in any array namespace and on any device of it."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import pytest
from laws.cases import Case, Network, cases, network

from stepgrad.engine.backend import NUMPY, Backend, choose, cupy_probes

EPS = {"float64": 1e-12, "float32": 1e-4}


@pytest.fixture(params=["cpu", "device1", "no_float64"])
def strict(request: pytest.FixtureRequest) -> Backend:
    """The array API and nothing more; its simulated devices refuse to mix and can not be read by NumPy."""
    xp = pytest.importorskip("array_api_strict", reason="array-api-strict is not installed")
    return Backend("strict", xp, xp.Device("CPU_DEVICE" if request.param == "cpu" else request.param))


every_case = pytest.mark.parametrize("case", cases(), ids=str)


@every_case
def test_array_api_strict_gives_the_same(case: Case, strict: Backend) -> None:
    dtype = "float32" if "no_float64" in str(strict.device) else "float64"
    if dtype == "float32" and not case.floats():
        pytest.skip("without a float input the op has a dtype of its own")
    _same(network(case, dtype, gradients=True), strict, dtype)


LACKING = next((probe for probe in cupy_probes() if not probe.passed), None)


@pytest.mark.skipif(LACKING is not None, reason=f"no GPU: {LACKING and f'{LACKING.question}: no, {LACKING.answer}'}")
@pytest.mark.parametrize("case", cases() if LACKING is None else cases()[:1], ids=str)
def test_cupy_gives_the_same(case: Case) -> None:
    for dtype in EPS:
        _same(network(case, dtype, gradients=True), choose("cuda"), dtype)


@every_case
def test_nothing_is_sent_to_the_host_unseen(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turning an element into a Python number is a transfer that no counter sees: here it raises.

    A yes or no about a whole tensor (is a label out of range? is all of it finite?) is let through.
    """
    xp = pytest.importorskip("array_api_strict", reason="array-api-strict is not installed")
    backend = Backend("strict", xp, xp.Device("device1"))

    def sealed(_: Any) -> NoReturn:
        raise AssertionError("an element was read off the device")

    with monkeypatch.context() as patch:
        for reading in ("__float__", "__int__", "__index__"):
            patch.setattr(type(xp.asarray(0.0)), reading, sealed)
        run = network(case, gradients=True).run(backend)
    assert backend.transfers == 0
    for count, name in enumerate(run.tensors, start=1):
        first = run.host(name)
        assert run.host(name) is first
        assert backend.transfers == count, "a tensor goes to the host once"


def _same(net: Network, backend: Backend, dtype: str) -> None:
    there, here = net.run(backend), net.run(NUMPY)
    assert backend.transfers == 0
    for node in net.graph.nodes:
        made = there.tensors[node.name]
        assert backend.xp is np or not isinstance(made, (np.ndarray, np.generic)), f"{node.name} came off the device"
        found, wanted = there.host(node.name), here.host(node.name)
        assert found.dtype == wanted.dtype
        np.testing.assert_allclose(found, wanted, rtol=EPS[dtype], atol=EPS[dtype], err_msg=node.name)
    assert backend.transfers == len(net.graph.nodes)
