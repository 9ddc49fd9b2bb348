"""What the lessons have to teach, row by row, which lesson does, and in which words. `python tests/rows.py` prints it.

A row is numbered by document and by place in it, an erratum by itself. Beside each lesson stand words of its own that
are about the row: a lesson that is merely named teaches nothing.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from stepgrad.scenarios.catalogue import FOLDER

TESTS = Path(__file__).parent
DOCUMENTS = (
    "000_0ff61ac9949fa8b6.txt",
    "001_7cf8ddb1ab696f6f.txt",
    "002_9d7bdc7daff8e5f3.txt",
    "003_4a9ec3ef4d944dff.txt",
    "004_67b8062278116e6c.txt",
)

ROWS: dict[str, dict[str, str]] = {
    "1.1": {"image-classifier": "Which city is this?", "applications": "guess the city"},
    "1.2": {"conv1d-full": "All four overlap"},
    "1.3": {"glossary": "Used in signal processing"},
    "1.4": {"edge-detection-5x5": "a bright bar along its top"},
    "1.5": {"edge-detection-5x5": "Multiply, then add"},
    "1.6": {"edge-detection-5x5": "the top-left window"},
    "1.7": {"edge-detection-5x5": "An edge, or only a column?", "edge-kernel-learning": "A filter that sees nothing"},
    "1.8": {"same-padding-5x5": "How can the map stay as large as the image?"},
    "1.9": {"receptive-field": "How much of the picture does one number see?"},
    "1.10": {"pooling-max-mean-l2": "Only the winner"},
    "1.11": {"mlp-forward": "a weighted sum of what it reads, then a bend"},
    "1.12": {"vanishing-gradient": "At most a quarter"},
    "1.13": {"residual-block": "F'(x) plus one"},
    "1.14": {"batchnorm-channel-statistics": "Numbers that run away"},
    "2.1": {"glossary": "Finding for each pixel how far away it is"},
    "2.2": {"space-carving": "A dark pixel empties its ray"},
    "2.3": {"space-carving": "Beyond the picture"},
    "2.4": {"space-carving": "After one view: a prism"},
    "2.5": {"space-carving": "Carve coarsely, look where something is left"},
    "2.6": {"space-carving": "Carving with a pixel lost"},
    "2.7": {
        "rotation-pretraining": "Knowing nothing",
        "transfer-frozen-features": "What somebody else has learned",
        "rotation-pretraining-digits": "Fashion-MNIST",
    },
    "2.8": {"rotation-pretraining": "0, 90, 180 and 270 degrees"},
    "2.9": {"pytorch-training-loop": "torch.utils.data", "rotation-pretraining": "64-bit integers"},
    "2.10": {"pytorch-training-loop": "zero_grad, the forward pass, the loss, backward, and step"},
    "2.11": {"mlp-forward": "Stack two layers", "pytorch-training-loop": "Five calls"},
    "2.12": {"timeline": "1957", "perceptron-rule": "learns AND, and never XOR"},
    "2.13": {"applications": "face verification"},
    "2.14": {"two-stream-shapes": "The padding that nobody printed"},
    "2.15": {"hierarchy": "weights make sense only in context"},
    "2.16": {"mlp-forward": "Rows are units"},
    "2.17": {"loss-functions": "The minus is missing"},
    "2.18": {"mlp-forward": "Its own bias", "activations": "One letter for one thing"},
    "2.19": {"parameter-counts": "Why nobody connects every pixel"},
    "2.20": {
        "feature-map-size": "The sum every network stands on",
        "parameter-counts": "A little kernel for every pair",
    },
    "2.21": {"cs231n-two-filters": "Three sums, one bias, one number"},
    "2.22": {"feature-map-size": "A stride of two"},
    "2.23": {"conv-vs-cross-correlation": "As it is written", "parameter-counts": "With the biases"},
    "2.24": {"pooling-max-mean-l2": "Not the mean at all"},
    "3.1": {},
    "3.2": {"mnist-1d": "The other connects everything with everything", "mlp-forward": "one layer at a time"},
    "3.3": {"applications": "super-resolution"},
    "3.4": {"fc-vs-conv-weight-matrix": "shuffle"},
    "3.5": {"pixel-normalisation": "A number that cannot be"},
    "3.6": {"pixel-normalisation": "Divide by the largest"},
    "3.7": {"parameter-counts": "Why nobody connects every pixel"},
    "3.8": {"inductive-deductive": "a helpful bias"},
    "3.9": {"translation-equivariance": "If the cat moves", "hierarchy": "From edges to corners to a box"},
    "3.10": {"conv-layer-2d": "A detector with a threshold", "receptive-field": "Through the keyhole"},
    "3.11": {"translation-equivariance": "A stride breaks it"},
    "3.12": {"conv1d-kernel-stride-dilation": "A neighbour that is not there"},
    "3.13": {"conv1d-kernel-stride-dilation": "with holes"},
    "3.14": {"conv-layer-1d": "Three products and a bias"},
    "3.15": {"fc-vs-conv-weight-matrix": "Sixteen connections, three weights"},
    "3.16": {"conv-layer-1d": "Not an average"},
    "3.17": {"parameter-counts": "On a line"},
    "3.18": {"mnist-1d": "Two networks, one task"},
    "3.19": {"conv-layer-2d": "h_ij = a[beta", "conv-layer-3d": "One more direction"},
    "3.20": {"hierarchy": "About there", "translation-equivariance": "Pooling forgets small shifts"},
    "3.21": {"pooling-max-mean-l2": "Winner takes all", "translation-equivariance": "But only inside its window"},
    "4.1": {"cnn-flow": "ReLU, then BatchNorm"},
    "4.2": {"conv2d-rgb-six-kernels": "As deep as the picture"},
    "4.3": {"relu-mask": "Sixteen and minus sixteen", "activations": "and so for every negative number"},
    "4.4": {"cnn-flow": "Here the direction turns", "neuron-forward-loss-update": "The sign decides"},
    "4.5": {"feature-map-size": "The missing post"},
    "4.6": {"feature-map-size": "The same page, done right", "parameter-counts": "Filters multiply"},
    "4.7": {"batchnorm-channel-statistics": "A batch, a pass"},
    "4.8": {"feature-map-size": "The missing post", "parameter-counts": "With the biases"},
    "4.9": {"batchnorm-channel-statistics": "What the notes' layer averages"},
    "4.10": {"batchnorm-channel-statistics": "Times two, plus three"},
    "4.11": {"glossary": "Each input times its weight, all added up"},
    "4.12": {"neuron-forward-loss-update": "The forward pass"},
    "4.13": {"neuron-forward-loss-update": "Cut, not rounded"},
    "4.14": {"neuron-forward-loss-update": "How wrong is it?"},
    "4.15": {"neuron-forward-loss-update": "make up a slope of 0.3"},
    "4.16": {"neuron-forward-loss-update": "The update", "learning-rate-sweep": "The printed slope, taken whole"},
    "4.17": {"learning-rate-sweep": "how far to go"},
    "5.1": {"softmax-cross-entropy": "Right, but how sure?", "image-classifier": "The largest wins"},
    "5.2": {"upsampling-downsampling": "The one that is not linear"},
    "5.3": {"channel-layouts": "Channels last"},
    "5.4": {"conv-vs-cross-correlation": "Half a turn", "conv1d-full": "Turn one round and slide it past"},
    "5.5": {"conv-vs-cross-correlation": "Convolution does not care who slides"},
    "5.6": {"conv-vs-cross-correlation": "As it is written"},
    "5.7": {"conv-symbolic-2x2": "Four products"},
    "5.8": {"padding-choices": "What stands outside the picture?"},
    "5.9": {"conv2d-rgb-six-kernels": "a slice for every channel"},
    "5.10": {"conv2d-rgb-six-kernels": "Rows first", "parameter-counts": "A filter is as deep as its input"},
    "5.11": {"fc-vs-conv-weight-matrix": "Sharing adds up", "translation-equivariance": "The two ways agree"},
    "5.12": {"activations": "Positive ones pass unchanged"},
    "5.13": {"activations": "Only the strength counts"},
    "5.14": {"activations": "A leak that learns"},
    "5.15": {"activations": "Never more than a quarter", "vanishing-gradient": "Nothing looks wrong"},
    "5.16": {"batchnorm-channel-statistics": "Why it helps is disputed"},
}
LEFT_OUT = {"3.1": "lists of people, which are nobody's lesson"}
COUNTS = (14, 24, 21, 17, 16)
"""Rows of each document."""
ERRATA = tuple(f"E{number:02}" for number in range(1, 45))


@cache
def words_of(lesson: str) -> str:
    """All words of a lesson's file but its drills, on one line."""
    text = (FOLDER / f"{lesson}.toml").read_text("utf-8")
    return " ".join(text.partition("[[drill]]")[0].split())


@cache
def errata() -> dict[str, list[str]]:
    """Erratum -> the lessons that name it, with what was printed."""
    found: dict[str, list[str]] = {name: [] for name in ERRATA}
    for path in sorted(FOLDER.glob("*.toml")):
        for number, printed in _named(tomllib.loads(path.read_text("utf-8"))):
            if printed and path.stem not in found[number]:
                found[number].append(path.stem)
    return found


def _named(tables: Any) -> Iterator[tuple[str, str]]:
    held = list(tables.values()) if isinstance(tables, dict) else tables if isinstance(tables, list) else []
    if isinstance(tables, dict) and tables.get("erratum"):
        yield tables["erratum"], tables.get("printed", "")
    for part in held:
        yield from _named(part)


@cache
def checks_of(lesson: str) -> tuple[str, ...]:
    """The tests that name a lesson, themselves or by a constant of their file."""
    found = []
    told = sorted(TESTS.glob("scenarios/test_lessons_*.py"))
    for path in (*told, TESTS / "scenarios" / "test_cards.py", TESTS / "scenarios" / "test_catalogue.py"):
        tree, text = ast.parse(path.read_text("utf-8")), path.read_text("utf-8")
        constants = _constants(tree, lesson)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                body = "\n".join(text.split("\n")[_first(node) - 1 : node.end_lineno])
                if _says(body, lesson) or any(re.search(rf"\b{name}\b", body) for name in constants):
                    found.append(node.name)
    return tuple(found)


def _constants(tree: ast.Module, lesson: str) -> set[str]:
    """Constants of a file that are the lesson's name."""
    return {
        node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and node.value.value == lesson
    }


def _first(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _says(body: str, lesson: str) -> bool:
    return re.search(rf"[\"']{re.escape(lesson)}(?=[\"':{{])", body) is not None


def table() -> str:
    """Rows and errata, the lessons that teach them, and the tests of those lessons: Markdown."""
    lines = ["| row | lesson | in its words | tests |", "| --- | --- | --- | --- |"]
    for row, lessons in ROWS.items():
        for lesson, words in lessons.items():
            lines.append(f"| {row} | {lesson} | {words} | {', '.join(checks_of(lesson))} |")
        if not lessons:
            lines.append(f"| {row} | - | left out: {LEFT_OUT[row]} | - |")
    for number, lessons_of in errata().items():
        lines.append(f"| {number} | {', '.join(lessons_of)} | `erratum` and `printed` of its script | |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
