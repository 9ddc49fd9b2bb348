"""`stepgrad import`: a network from elsewhere becomes a scenario, to be stepped through like any other."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from stepgrad.scenarios.onnx.naming import legal
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.spoken import count

if TYPE_CHECKING:
    from stepgrad.scenarios.onnx.importing import Imported
    from stepgrad.scenarios.onnx.node import Array


def run(args: Namespace) -> int:
    from stepgrad.scenarios.onnx.importing import imported
    from stepgrad.scenarios.onnx.reading import read
    from stepgrad.scenarios.onnx.writing import folder_of, write

    target = _target(args)
    for there in (target, folder_of(target)):
        if there.exists():
            raise UsageError(f"{there}: exists already, and is left as it is; give another name with -o FILE.toml")
    given = [_numbers(name) for name in args.input]
    made = imported(read(Path(args.model)), given)
    files = write(made, target)
    print(_told(made, target, folder_of(target), files), file=sys.stderr)
    return 0


def _target(args: Namespace) -> Path:
    target = Path(args.output) if args.output else Path(f"{legal(Path(args.model).stem)}.toml")
    if target.suffix not in ("", ".toml"):
        raise UsageError(f"-o {target}: a scenario is a TOML file; give it a name that ends in .toml")
    return target.with_suffix(".toml")


def _numbers(name: str) -> Array:
    """What is fed in, from a .npy file."""
    from stepgrad.scenarios.arrays import npy

    path = Path(name)
    if not path.is_file():
        raise UsageError(f"--input {name}: {'is a folder' if path.is_dir() else 'there is no such file'}; give a .npy")
    try:
        return npy(path)
    except (ValueError, EOFError) as fault:
        raise UsageError(f"--input {name}: is no .npy file that fits: {str(fault).partition(chr(10))[0]}") from None


def _told(made: Imported, target: Path, folder: Path, files: int) -> str:
    """What was made, what was left out, and how to open it."""
    graph = made.draft.graph
    learned = sum(source.spec.size for source in graph.sources.values() if source.role == "parameter")
    steps = sum(node.size for node in graph.nodes)
    sizes = f"{count(len(made.draft.layers), 'layer')}, {learned:,} parameters, {steps:,} steps"
    beside = f", its numbers in {folder} ({count(files, 'file')})" if files else ""
    fed = (
        f"{name} {list(graph.spec(name).shape)}, {'drawn from the seed' if array is None else 'as given'}"
        for name, array in made.fed.items()
    )
    dropped = [f"{op} ({', '.join(nodes)})" for op, nodes in made.left_out.items()]
    lines = [f"wrote {target}{beside}", sizes, f"input: {'; '.join(fed)}"]
    lines += [f"left out, as they pass on what they read: {', '.join(dropped)}"] if dropped else []
    quoted = f'"{target}"' if " " in str(target) else str(target)
    return "\n".join([*lines, f"step through it with: stepgrad {quoted}"])
