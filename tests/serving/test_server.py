"""The server, with small programs in place of the player."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("textual_serve")
aiohttp = pytest.importorskip("aiohttp")
URL = pytest.importorskip("yarl").URL

from stepgrad.tui.serving import tab  # noqa: E402 - not before it is known that they can be imported
from stepgrad.tui.serving.server import Guarded  # noqa: E402

PAINTS = """
import os, sys
print("__GANGLION__", flush=True)
def paint(text): os.write(1, b"D" + len(text).to_bytes(4, "big") + text)
paint(repr(sys.argv[1:]).encode() + os.environ["COLUMNS"].encode())
while sys.stdin.buffer.read(1): pass
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + PAINTS + "time.sleep(600)"
WORDS = ["; touch /tmp/never", "$(id)", "a b"]


@asynccontextmanager
async def serving(code: str = PAINTS, most: int = 2) -> AsyncIterator[tuple[Guarded, aiohttp.ClientSession]]:
    server = Guarded([sys.executable, "-c", code, *WORDS], "A <lesson>", "127.0.0.1", 0, most)
    opened = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(server.run(opened.set_result))
    await asyncio.wait([running, opened], return_when=asyncio.FIRST_COMPLETED)
    async with aiohttp.ClientSession() as client:
        yield server, client
        running.cancel()
        await asyncio.wait([running])


def origin(server: Guarded) -> dict[str, str]:
    return {"Origin": f"http://127.0.0.1:{server.port}"}


async def painted(server: Guarded, client: aiohttp.ClientSession, query: str = "") -> aiohttp.ClientWebSocketResponse:
    """A tab whose program has painted."""
    socket = await client.ws_connect(f"{server.address}ws{query}", headers=origin(server))
    assert (await socket.receive(timeout=20)).type == aiohttp.WSMsgType.BINARY
    return socket


async def test_the_page_names_its_own_socket_and_nothing_from_elsewhere() -> None:
    async with serving() as (server, client):
        response = await client.get(f"{server.address}?fontsize=99999")
        page, policy = await response.text(), response.headers["Content-Security-Policy"]
        assert f'"ws://127.0.0.1:{server.port}/{server.token}/ws"' in page
        assert "A &lt;lesson&gt;" in page
        assert 'font-size="96"' in page
        assert "https:" not in page
        assert policy.startswith("default-src 'none'")
        assert response.headers["Referrer-Policy"] == "no-referrer"
        for path in ("static/js/textual.js", "static/css/xterm.css", "page/page.js", "page/page.css"):
            assert (await client.get(f"{server.address}{path}")).status == 200
        through = await client.get(server.address, headers={"Host": "localhost:2222"})
        assert f"ws://localhost:2222/{server.token}/ws" in await through.text()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("", {"Host": "example.org"}, 403),
        ("", {"Origin": "http://example.org"}, 403),
        ("ws", {}, 403),
        ("ws", {"Origin": "http://example.org"}, 403),
        ("ws", {"Origin": "null"}, 403),
        ("/", {}, 403),
        ("/wrong/", {}, 403),
        ("/static/js/textual.js", {}, 403),
        ("static/", {}, 403),
        ("static/js", {}, 403),
        ("page/", {}, 403),
        ("page/../server.py", {}, 404),
        ("page/%2e%2e/server.py", {}, 404),
        ("static/%2e%2e/server.py", {}, 404),
        ("download/x", {}, 404),
    ],
)
async def test_what_is_refused(path: str, headers: dict[str, str], status: int) -> None:
    async with serving() as (server, client):
        root = server.address.removesuffix(f"/{server.token}/")
        address = root + path if path.startswith("/") else server.address + path
        response = await client.get(URL(address, encoded=True), headers=headers)
        assert response.status == status
        assert not server._tabs


async def test_every_token_is_another() -> None:
    async with serving() as (one, _), serving() as (other, _):
        assert one.token != other.token
        assert len(one.token) >= 32


async def test_there_are_so_many_tabs_and_no_more() -> None:
    async with serving(most=2) as (server, client):
        first, second = await painted(server, client), await painted(server, client)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await painted(server, client)
        assert refused.value.status == 503
        assert (await client.get(server.address)).status == 503
        await first.close()
        while len(server._tabs) == 2:
            await asyncio.sleep(0.01)
        third = await painted(server, client)
        await asyncio.gather(second.close(), third.close())


async def test_words_reach_the_program_as_they_are_and_sizes_within_reason() -> None:
    async with serving() as (server, client):
        socket = await client.ws_connect(f"{server.address}ws?width=99999999&height=-3", headers=origin(server))
        assert (await socket.receive(timeout=20)).data.decode() == f"{WORDS!r}500"
        await socket.close()


@pytest.mark.parametrize("text", ["{", '"x"', "[]", '["resize", 3]', '["resize", {}]', '["stdin", 5]'])
async def test_what_our_page_never_says_closes_the_tab(text: str) -> None:
    async with serving() as (server, client):
        socket = await painted(server, client)
        await socket.send_str(text)
        assert (await socket.receive(timeout=20)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        await socket.close()


async def test_a_program_that_ends_closes_its_tab() -> None:
    async with serving(PAINTS.partition("while")[0]) as (server, client):
        socket = await painted(server, client)
        async with asyncio.timeout(10):
            assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
            await socket.close()
            while server._tabs:
                await asyncio.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="looks for processes by signal 0")
@pytest.mark.parametrize("code", [PAINTS, STUBBORN], ids=["willing", "stubborn"])
async def test_no_program_outlives_the_server(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab, "GRACE", 0.2)
    async with serving(code) as (server, client):
        await painted(server, client)
        [process] = [each._process for each in server._tabs]
        assert process is not None
    assert process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


PLAYER = """
from textual.app import App
class Player(App): pass
Player().run(mouse=False)
"""


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
async def test_a_player_ends_with_its_input_even_a_busy_one(busy: bool) -> None:
    """As it does where the server was killed: nothing but the pipe tells."""
    code = PLAYER.replace("pass", "on_mount = lambda self: __import__('time').sleep(600)") if busy else PLAYER
    driver = "stepgrad.tui.serving.driver:ServedDriver"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=-1, stdout=-1, stderr=-1, env={**os.environ, "TEXTUAL_DRIVER": driver}
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert await process.stdout.readline() == b"__GANGLION__\n"
    process.stdin.close()
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == (1 if busy else 0)
    assert not errors
