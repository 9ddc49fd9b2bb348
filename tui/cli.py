"""The `stepgrad` command: runs one verb, and turns whatever a user can mend into one line and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

from stepgrad.engine.errors import AddressError, StepgradError
from stepgrad.tui.arguments import UsageError, parse
from stepgrad.tui.terminal import is_terminal

DONE, WRONG, USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done; the scenario is wrong; the command line is; Ctrl+C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code. Results go to stdout, everything else to stderr."""
    _write_what_the_terminal_can()
    try:
        args = parse(sys.argv[1:] if argv is None else argv)
        # A verb that is a word of Python has its module with an underscore: import_.
        module = f"{args.verb}_" if iskeyword(args.verb or "") else args.verb or "browse"
        code: int = import_module(f"stepgrad.tui.commands.{module}").run(args)
        sys.stdout.flush()
        return code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except KeyboardInterrupt:
        if is_terminal(sys.stderr):
            print(file=sys.stderr)
        return INTERRUPTED
    except (UsageError, AddressError) as fault:
        return _failed(fault, USAGE)
    except StepgradError as fault:
        return _failed(fault, WRONG)
    except OSError as fault:
        if fault.filename:
            return _failed(f"{fault.filename}: {fault.strerror}", WRONG)
        _stop_writing()
        return DONE if _is_closed_pipe(fault) else _failed(fault.strerror or fault, WRONG)


def _failed(fault: object, code: int) -> int:
    # The faults of a scenario start with file:line:column, which editors and terminals make into links.
    print(fault if hasattr(fault, "faults") else f"stepgrad: {fault}", file=sys.stderr)
    return code


def _is_closed_pipe(fault: OSError) -> bool:
    return isinstance(fault, BrokenPipeError) or (sys.platform == "win32" and fault.errno == errno.EINVAL)


def _stop_writing() -> None:
    # Python flushes stdout once more at exit, which would complain about it again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_what_the_terminal_can() -> None:
    # Started with its output closed (`>&-`), Python has no stream at all: nobody reads it.
    nowhere = Path(os.devnull)
    sys.stdout, sys.stderr = (stream or nowhere.open("w") for stream in (sys.stdout, sys.stderr))
    # A code page without a character gets a `?` in its place, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
