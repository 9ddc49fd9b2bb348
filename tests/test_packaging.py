"""The wheel holds everything, under one name; what is declared is what is imported."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import stepgrad

ROOT = Path(__file__).parents[1]
FOLDERS = ("engine", "scenarios", "tui")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

DISTRIBUTIONS = {"pydantic_core": "pydantic", "PIL": "pillow"}
"""Modules whose distribution has another name."""


def build(source: Path, target: Path, what: str) -> Path:
    """A wheel or an sdist, made by the build backend itself: no network, no isolated environment."""
    code = f"from setuptools import build_meta; print(build_meta.build_{what}({str(target)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, so that building leaves nothing behind in the checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in (*FOLDERS, "stepgrad"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "README.md", *PROJECT["license-files"]):
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(checkout, tmp_path_factory.mktemp("wheel"), "wheel")


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path, checkout: Path) -> None:
    files = {path.relative_to(checkout).as_posix() for folder in FOLDERS for path in (checkout / folder).rglob("*.*")}
    missing = {f"stepgrad/{name}" for name in files if (checkout / name).is_file()} - names(wheel)
    assert not missing


def test_the_wheel_holds_scenarios_types_and_schema(wheel: Path) -> None:
    held = names(wheel)
    assert "stepgrad/scenarios/catalogue/edge-detection-5x5.toml" in held
    assert "stepgrad/scenarios/schema.json" in held
    assert "stepgrad/scenarios/starter.toml" in held
    assert {f"stepgrad/{folder}/py.typed" for folder in FOLDERS} | {"stepgrad/py.typed"} <= held


def test_the_wheel_takes_no_name_but_stepgrad(wheel: Path) -> None:
    assert {name.split("/")[0] for name in names(wheel)} == {"stepgrad", f"stepgrad-{stepgrad.__version__}.dist-info"}


def test_the_wheel_carries_the_licences(wheel: Path) -> None:
    licences = f"stepgrad-{stepgrad.__version__}.dist-info/licenses"
    assert {f"{licences}/{name}" for name in PROJECT["license-files"]} <= names(wheel)
    assert all((ROOT / name).stat().st_size for name in PROJECT["license-files"])


def test_a_wheel_made_from_the_sdist_is_the_same(wheel: Path, checkout: Path, tmp_path: Path) -> None:
    sdist = build(checkout, tmp_path, "sdist")
    shutil.unpack_archive(sdist, tmp_path, filter="data")
    again = build(tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path, "wheel")
    assert names(again) == names(wheel)


def test_the_version_stands_in_two_places_alike() -> None:
    assert PROJECT["version"] == stepgrad.__version__


def test_what_is_imported_is_declared_and_what_is_always_installed_is_imported() -> None:
    needed = set(distributions(PROJECT["dependencies"]))
    extras = PROJECT["optional-dependencies"]
    wanted = {name for extra in extras.keys() - {"dev"} for name in distributions(extras[extra])}
    assert needed <= set(third_party()) <= needed | wanted


def distributions(requirements: list[str]) -> Iterator[str]:
    for line in requirements:
        yield re.split(r"[<>=!~;\[ ]", line)[0].lower()


def third_party() -> Iterator[str]:
    """The distributions that the sources import from."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                for module in (name.split(".")[0] for name in modules):
                    if module not in sys.stdlib_module_names and module != "stepgrad":
                        yield DISTRIBUTIONS.get(module, module.replace("_", "-"))
