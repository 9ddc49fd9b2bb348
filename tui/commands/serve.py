"""`stepgrad serve`: the player in a browser."""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import Namespace
from importlib.util import find_spec

from stepgrad.tui.arguments import UsageError
from stepgrad.tui.opening import opened, settings
from stepgrad.tui.serving.guard import is_loopback

INTERRUPTED = 130


def run(args: Namespace) -> int:
    if not is_loopback(args.host) and not args.i_know:
        raise UsageError(
            f"--host {args.host} opens the player to other machines, unencrypted: whoever learns the address could "
            "read and write scenario files as you; add --i-know if that is meant"
        )
    if find_spec("textual_serve") is None:
        raise UsageError('serve needs what is not installed: python -m pip install "stepgrad[serve]"')
    if args.name is not None:
        opened(args)  # what is wrong with it is said here, and not in the first tab
    return asyncio.run(_serve(args))


async def _serve(args: Namespace) -> int:
    from stepgrad.tui.serving.server import Guarded

    title = "stepgrad" if args.name is None else f"stepgrad {args.name}"
    server = Guarded(command(args), title, args.host, args.port, args.tabs)
    try:
        ended = await server.run(_tell)
    except OSError as fault:
        raise UsageError(f"--host {args.host} --port {args.port}: {fault.strerror or fault}") from None
    return INTERRUPTED if ended == signal.SIGINT else 0


def _tell(address: str) -> None:
    print(address, flush=True)
    print("Open it in a browser, and keep it to yourself. Ctrl+C ends it, and every player with it.", file=sys.stderr)


def command(args: Namespace) -> list[str]:
    """The program of a tab: this one, with what was asked of it."""
    python = [sys.executable, "-P", "-m", "stepgrad"]
    if args.name is None:
        return python
    from stepgrad.scenarios.saving import written

    chosen = [word for key, value in settings(args).items() for word in ("--set", f"{key}={written(value)}")]
    theme = [] if args.theme is None else ["--theme", args.theme]
    return [*python, "run", args.name, "--device", args.device, *chosen, *theme]
