"""A tab of the browser, and the process that plays in it."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

from aiohttp.web import WebSocketResponse
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from stepgrad.tui.serving.driver import GRACE, ServedDriver

PRELUDE = b"__GANGLION__\n"
"""What a player writes before anything else."""
COLUMNS, ROWS = range(1, 501), range(1, 201)
"""Sizes of a terminal that are believed."""


class Tab(AppService):
    """Textual's own service, without the shell that it starts programs with, and with an end that can be relied on."""

    def __init__(self, command: Sequence[str], websocket: WebSocketResponse) -> None:
        super().__init__(
            " ".join(command),
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=self._close,
            download_manager=DownloadManager(),
        )
        self._argv = command
        self._websocket = websocket
        self._end: asyncio.Task[None] | None = None

    async def _close(self) -> None:
        await self._websocket.close()

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        driver = f"{ServedDriver.__module__}:{ServedDriver.__name__}"
        return {**super()._build_environment(within(width, COLUMNS), within(height, ROWS)), "TEXTUAL_DRIVER": driver}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """A process of its own session, so that Ctrl+C in the server's terminal reaches the server alone."""
        self._process = process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            env=self._build_environment(width, height),
            start_new_session=os.name == "posix",
        )
        assert process.stdin is not None
        self._stdin = process.stdin
        return process

    async def set_terminal_size(self, width: int, height: int) -> None:
        await super().set_terminal_size(within(width, COLUMNS), within(height, ROWS))

    async def run(self) -> None:
        """Pass on what the player paints, and nothing else, and close the tab when it ends, however it does."""
        assert self._process is not None
        out = self._process.stdout
        assert out is not None
        try:
            while await out.readline() not in (PRELUDE, b""):
                pass
            while True:
                kind = await out.readexactly(1)
                size = int.from_bytes(await out.readexactly(4), "big")
                payload = await out.readexactly(size)
                if kind == b"D":
                    await self.on_data(payload)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            await self.remote_close()

    async def stop(self) -> None:
        """End the process, and wait until it is gone, however often this is asked for or cancelled."""
        if self._process is None:
            return
        if self._end is None:
            self._end = asyncio.create_task(self._ended(self._process))
        await asyncio.shield(self._end)

    async def _ended(self, process: Process) -> None:
        """The process ended: by the end of its input, then by asking, then by force."""
        self.stdin.close()
        for push in (process.terminate, process.kill):
            try:
                await asyncio.wait_for(process.wait(), GRACE)
                break
            except TimeoutError:
                push()
        await process.wait()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=GRACE)


def within(size: int, sizes: range) -> int:
    """A size that a browser named, made one that a terminal can have."""
    return min(max(size, sizes.start), sizes.stop - 1)
