"""`stepgrad serve` as people meet it: the command, a real browser, signals."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
pytest.importorskip("textual_serve")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NAME = "edge-detection-5x5"
LIMIT = 30.0


class Serve:
    """A server of its own, and the processes that came of it."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        command = [sys.executable, "-m", "stepgrad", "serve", *options]
        env = {**os.environ, "STEPGRAD_HOME": str(home)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    @property
    def players(self) -> list[int]:
        """The processes with our mark in their environment, the server's own left out."""
        mark = f"STEPGRAD_HOME={self.home}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes() and int(folder.name) != self.process.pid:
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(LIMIT)


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Serve]:
    server = Serve(home, *options)
    try:
        assert server.address, server.process.communicate()[1]
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as at:
        found = at.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader"])
        yield found
        found.close()


def open_tab(browser: Any, address: str) -> Any:
    """A tab in which a player has painted."""
    page = browser.new_page(viewport={"width": 1000, "height": 640})
    page.asked, page.painted = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.painted.append(frame)))
    page.goto(address)
    page.wait_for_selector("body.-first-byte", timeout=LIMIT * 1000)
    return page


def words(page: Any) -> str:
    """What the player has painted so far, its escape sequences left out."""
    text = b"".join(frame for frame in page.painted if isinstance(frame, bytes)).decode("utf-8", "replace")
    return re.sub(r"\x1b\[[0-9;?:]*[a-zA-Z]", "", text)


def test_it_opens_and_steps_and_asks_nobody_else(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, NAME) as server:
        page = open_tab(browser, server.address)
        until(lambda: page.wait_for_timeout(50) or "step 0 of 9" in words(page))
        page.keyboard.press("ArrowRight")  # no click before it
        until(lambda: page.wait_for_timeout(50) or "feature_map[0,0]" in words(page))
        root = re.match(r"http://127\.0\.0\.1:\d+/", server.address)
        assert root is not None
        assert page.asked
        assert all(url.startswith((root[0], "data:")) for url in page.asked)
        assert len(server.players) == 1
        page.keyboard.press("q")
        page.wait_for_selector("body.-closed")
        until(lambda: not server.players)
        page.click("#again")
        page.wait_for_selector("body.-first-byte")
        page.close()
        until(lambda: not server.players)


def test_a_page_from_elsewhere_gets_no_player(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, NAME) as server:
        page = browser.new_page()
        page.goto("data:text/html,<p>A page of another site</p>")
        socket = server.address.replace("http", "ws") + "ws"
        tried = """address => new Promise(done => {
          const socket = new WebSocket(address);
          socket.onopen = () => done("opened");
          socket.onerror = () => done("refused");
        })"""
        assert page.evaluate(tried, socket) == "refused"
        assert (
            page.evaluate("address => fetch(address).then(() => 'read', () => 'refused')", server.address) == "refused"
        )
        assert not server.players
        page.close()


def test_the_21st_tab_is_refused(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, NAME, "--tabs", "20") as server:
        page = open_tab(browser, server.address)
        opened = page.evaluate(
            """([address, many]) => Promise.all([...Array(many)].map(() => new Promise(done => {
              const socket = new WebSocket(address);
              (window.kept ??= []).push(socket);
              socket.onmessage = () => done(true);
              socket.onerror = () => done(false);
            })))""",
            [server.address.replace("http", "ws") + "ws", 20],
        )
        assert sorted(opened) == [False, *[True] * 19]
        assert len(server.players) == 20
        other = browser.new_page()
        assert other.goto(server.address).status == 503
        other.close()
        page.close()
        until(lambda: not server.players)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)], ids=str
)
def test_no_player_is_left(browser: Any, tmp_path: Path, number: int, code: int) -> None:
    with serving(tmp_path, NAME) as server:
        pages = [open_tab(browser, server.address) for _ in range(2)]
        assert len(server.players) == 2
        assert server.end(number) == code
        until(lambda: not server.players)
        for page in pages:
            page.close()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")
def test_ended_while_a_tab_is_being_opened(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, NAME) as server:
        page = browser.new_page()
        page.goto(server.address, wait_until="commit")
        until(lambda: page.wait_for_timeout(1) or server.players)
        assert server.end(signal.SIGTERM) == 0
        assert not server.players
        page.close()
