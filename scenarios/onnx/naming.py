"""Names of layers, made from names of an ONNX model: legal in a scenario, and each there once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise, zip_longest

from stepgrad.engine.graph import PHASES

LONGEST = 64
TAKEN = {*PHASES, "optimizer"}
"""What a layer can not be called: the phases, and where the optimizer keeps its own."""


class Names:
    """Gives every tensor a name of its own. Files are named after them, so case alone does not tell two apart."""

    def __init__(self) -> None:
        self._taken = set(TAKEN)

    def fresh(self, wanted: str) -> str:
        """The name, or the first of NAME_2, NAME_3 ... that is free."""
        name, number = legal(wanted), 1
        while name.lower() in self._taken:
            number += 1
            name = f"{legal(wanted)[: LONGEST - 8]}_{number}"
        self._taken.add(name.lower())
        return name


def legal(name: str) -> str:
    """Letters, digits, _ and -, a letter first; of a long name the end, which tells more."""
    spelled = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_-")
    spelled = spelled[-LONGEST + 2 :].lstrip("_-")
    return spelled if spelled[:1].isalpha() else f"n_{spelled}".rstrip("_")


def wanted(node: str, op: str, output: str, short: Mapping[str, str]) -> str:
    """What the layer of a node would like to be called: by the node's name, or its output's where that is a number."""
    name = (re.search("[A-Za-z]{2}", node) and short.get(node)) or output
    name = name.removeprefix("node_").removesuffix("_output_0")
    # Operators are written in capitals where no module gave a name.
    spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", op).lower()
    name = re.sub(rf"(?:^|(?<=/)){re.escape(op)}(?=$|[_/\d])", spelled, name)
    if name[:1].isalpha():
        return name
    # A module that has but a number: 3/relu is relu_3.
    around, _, last = name.rpartition("/")
    named = around and re.fullmatch(rf"{re.escape(spelled)}(_\d+)?", last)
    return f"{spelled}_{around}" if named else f"{spelled}_{name}"


def scoped(names: Iterable[str]) -> dict[str, str]:
    """The short form of each node's name, as PyTorch writes them: a path of modules, then the operator.

    /layer1/layer1.0/conv1/Conv is layer1.0/conv1: a module that repeats the one around it stands for both, and an
    operator that is all a module does goes by the module's name.
    """
    paths = {name: _path(name) for name in dict.fromkeys(names)}
    around = Counter(path[:depth] for path in paths.values() for depth in range(1, len(path)))
    return {name: "/".join(path[:-1] if around[path[:-1]] == 1 else path) for name, path in paths.items()}


def _path(name: str) -> tuple[str, ...]:
    parts = [part for part in name.split("/") if part]
    repeated = [inner.startswith(f"{part}.") for part, inner in pairwise(parts)]
    return tuple(part for part, again in zip_longest(parts, repeated) if not again)
