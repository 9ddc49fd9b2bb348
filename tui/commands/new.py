"""`stepgrad new`: a commented scenario to start from, or a copy of one."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from stepgrad.scenarios.template import starting
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.opening import must_exist


def run(args: Namespace) -> int:
    target = Path(args.file)
    if not target.suffix:
        target = target.with_suffix(".toml")
    if args.source is not None:
        must_exist(args.source)
    text = starting(args.source)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{target}: exists already, and is left as it is; give another name") from None
    print(f"wrote {target}; step through it with: stepgrad {_quoted(target)}", file=sys.stderr)
    return 0


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)
