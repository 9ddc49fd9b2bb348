"""Finds every sub-package of the three top-level folders, so that a new one is never forgotten in the wheel."""

from setuptools import find_namespace_packages, setup

setup(
    packages=["stepgrad"]
    + [
        "stepgrad." + package
        for package in find_namespace_packages(include=["engine*", "tui*", "scenarios*"], exclude=["*.__pycache__"])
    ]
)
