"""Tells whoever follows a talk where it is: over a socket of this machine, to those who can read a file of its user.

The file names the port and a word to say there. That works alike on every system; a socket with a path would not.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from stepgrad.scenarios import folders
from stepgrad.tui.presenting.cue import Cue

FOLDER = "presenting"
HOST = "127.0.0.1"
PATIENCE = 2.0
"""Seconds in which the word has to be said."""
BEHIND = 1 << 20
"""Bytes that a follower may leave unread before it is let go."""


def folder() -> Path:
    """Where each talk that is going on has its file."""
    return folders.state() / FOLDER


class Podium:
    """A talk that can be followed. Who comes late is told what was told last."""

    def __init__(self) -> None:
        self._word = secrets.token_urlsafe(24)
        self._server: asyncio.Server | None = None
        self._file: Path | None = None
        self._followers: set[asyncio.StreamWriter] = set()
        self._last = b""

    async def open(self) -> None:
        """Raises OSError where there is no socket to be had, or no file to be written."""
        self._server = await asyncio.start_server(self._met, HOST, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder() / f"{os.getpid()}-{port}.json"
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            json.dump({"port": port, "word": self._word}, opened)
        self._file = file

    def tell(self, cue: Cue) -> None:
        """Tell all that follow, and those that will."""
        self._last = f"{cue.line()}\n".encode()
        for follower in list(self._followers):
            if follower.transport.get_write_buffer_size() > BEHIND:
                follower.transport.abort()
            else:
                follower.write(self._last)

    def close(self) -> None:
        """The end of the talk, which its followers notice."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)
        for follower in self._followers:
            follower.close()
        if self._server is not None:
            self._server.close()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, TimeoutError):
            said = await asyncio.wait_for(reader.readline(), PATIENCE)
            if hmac.compare_digest(said.strip(), self._word.encode()):
                self._followers.add(writer)
                writer.write(self._last)
                await reader.read()
        self._followers.discard(writer)
        writer.close()
