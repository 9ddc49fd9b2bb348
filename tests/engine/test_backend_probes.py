"""The choice of a device, and the questions CuPy is asked: each one answered, none raising."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepgrad.engine.backend import NUMPY, choose, cupy_probes
from stepgrad.engine.errors import StepgradError

WORKING = """
import numpy as np
__version__ = "14.2.0"
zeros = np.zeros
def is_available(): return True
class cuda:
    class Device:
        id = 0
    class runtime:
        def getDeviceProperties(number): return {"name": b"A device"}
"""
NO_DRIVER = WORKING.replace("return True", "return False")
NO_COMPILER = WORKING.replace(
    "zeros = np.zeros", "def zeros(n): raise RuntimeError('nvrtc is missing\\nand more lines')"
)
BROKEN = "raise ImportError('libcudart.so.12: cannot open\\nplease install')"

STOOD_IN_FOR = {"cupy", "array_api_compat"}
QUESTIONS = ["cupy is installed", "cupy imports", "a device is there", "a kernel runs"]


@pytest.fixture
def cupy(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stand-in for CuPy, first on the path."""
    real = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in STOOD_IN_FOR}
    (tmp_path / "cupy.py").write_text(request.param)
    (tmp_path / "array_api_compat").mkdir()
    (tmp_path / "array_api_compat" / "__init__.py").touch()
    (tmp_path / "array_api_compat" / "cupy.py").write_text("from numpy import *")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if name.split(".")[0] in STOOD_IN_FOR]:
        del sys.modules[name]
    sys.modules.update(real)


@pytest.mark.parametrize(
    ("cupy", "passed", "answer"),
    [
        (BROKEN, 1, "libcudart.so.12: cannot open"),
        (NO_DRIVER, 2, "CuPy finds no CUDA device or driver"),
        (NO_COMPILER, 3, "nvrtc is missing"),
    ],
    indirect=["cupy"],
    ids=["import", "driver", "compiler"],
)
@pytest.mark.usefixtures("cupy")
def test_the_first_no_is_the_last_answer(passed: int, answer: str) -> None:
    probes = list(cupy_probes())
    assert [probe.question for probe in probes] == QUESTIONS[: passed + 1]
    assert [probe.passed for probe in probes] == [True] * passed + [False]
    assert probes[-1].answer == answer
    assert choose("auto") is NUMPY
    with pytest.raises(StepgradError, match=f"device cuda cannot be used: .*{answer}"):
        choose("cuda")


@pytest.mark.parametrize("cupy", [WORKING], indirect=True, ids=["works"])
@pytest.mark.usefixtures("cupy")
def test_cuda_is_chosen_where_it_works() -> None:
    assert [probe.passed for probe in cupy_probes()] == [True] * 4
    assert choose("auto").name == choose("cuda").name == "cupy"


def test_without_cupy_the_first_answer_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepgrad.engine.backend.find_spec", lambda _: None)
    [probe] = cupy_probes()
    assert (probe.question, probe.passed) == (QUESTIONS[0], False)
    assert "stepgrad[cuda12]" in probe.answer


def test_the_cpu_is_numpy_and_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepgrad.engine.backend.cupy_probes", lambda: pytest.fail("asked"))
    assert choose("cpu") is NUMPY
