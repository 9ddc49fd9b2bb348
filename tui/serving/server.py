"""The server: Textual's own, open to nobody but the pages that it made itself.

Every request is checked by the token in its path, its Host and its Origin. Nothing is started by a shell, no folder is
listed, and a page fetches nothing from another site.
"""

from __future__ import annotations

import asyncio
import hmac
import html
import secrets
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from string import Template

from aiohttp import web
from textual_serve.server import Server, to_int

from stepgrad.tui.serving import guard
from stepgrad.tui.serving.tab import Tab

PAGE = Path(__file__).parent / "page"
FONT_SIZES = range(6, 97)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self' {socket}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guarded(Server):
    """Serves the program `command`: each tab has a process of its own, and there are at most so many."""

    def __init__(self, command: Sequence[str], title: str, host: str, port: int, most: int) -> None:
        super().__init__(" ".join(command), host, port, title)
        self.token = secrets.token_urlsafe(24)
        self._argv = command
        self._most = most
        self._tabs: set[Tab] = set()

    @property
    def address(self) -> str:
        """What to type into a browser. Where every address of this machine is served, its name stands for them."""
        host = guard.own_name() if guard.is_everywhere(self.host) else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/{self.token}/"

    async def run(self, opened: Callable[[str], None]) -> signal.Signals:
        """Serve until SIGTERM or SIGINT, and return which; `opened` is told the address.

        Raises OSError where nothing can be served. No player outlives this: here each is ended; where the server is
        killed, each notices by itself.
        """
        loop = asyncio.get_running_loop()
        stopped: asyncio.Queue[signal.Signals] = asyncio.Queue()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # on Windows, where Ctrl+C cancels this
                loop.add_signal_handler(number, stopped.put_nowait, number)
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
            self.port = runner.addresses[0][1]
            opened(self.address)
            return await stopped.get()
        finally:
            self._most = 0
            await self._end_tabs()
            await runner.cleanup()
            await self._end_tabs()

    async def _end_tabs(self) -> None:
        await asyncio.gather(*(tab.stop() for tab in self._tabs))

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get(f"/{self.token}/", self._index),
                web.get(f"/{self.token}/ws", self.handle_websocket),
                web.static(f"/{self.token}/page", PAGE),
                web.static(f"/{self.token}/static", self.statics_path),
            ]
        )
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Refuse what did not come from a page of this server. Browsers name the origin of every websocket."""
        origin = request.headers.get("Origin", "" if request.path.endswith("/ws") else None)
        if not guard.leads_here(request.host, self.host):
            raise web.HTTPForbidden(text="403: this server goes by another name\n")
        if origin is not None and not guard.comes_from(origin, request.host):
            raise web.HTTPForbidden(text="403: not from a page of this server\n")
        if not hmac.compare_digest(request.path.split("/")[1].encode(), self.token.encode()):
            raise web.HTTPForbidden(text="403: open the address that stepgrad serve has printed\n")
        return await handler(request)

    async def _index(self, request: web.Request) -> web.Response:
        self._must_have_room()
        where = f"ws://{request.host}"
        page = Template((PAGE / "index.html").read_text("utf-8")).substitute(
            title=html.escape(self.title),
            websocket=html.escape(f"{where}/{self.token}/ws"),
            size=min(max(to_int(request.query.get("fontsize", ""), 16), FONT_SIZES.start), FONT_SIZES.stop - 1),
        )
        headers = {name: text.format(socket=where) for name, text in HEADERS.items()}
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A tab: a player from when it is opened to when it is closed."""
        self._must_have_room()
        websocket = web.WebSocketResponse(heartbeat=15, timeout=1.0)
        tab = Tab(self._argv, websocket)
        self._tabs.add(tab)
        try:
            await websocket.prepare(request)
            await tab.start(to_int(request.query.get("width", ""), 80), to_int(request.query.get("height", ""), 24))
            await self._process_messages(websocket, tab)
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
            await websocket.close(code=1002)  # nothing that our own page would say
        finally:
            await tab.stop()
            self._tabs.discard(tab)
        return websocket

    def _must_have_room(self) -> None:
        if len(self._tabs) >= self._most:
            raise web.HTTPServiceUnavailable(text=f"503: {len(self._tabs)} tabs are open, and no more may be\n")
