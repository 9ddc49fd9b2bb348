"""The page: whole in one file, closed to the network by its own policy, and playing in a real browser."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from recorded import SMALL, lecture, recording

from stepgrad.tui.recording.formats import FORMATS
from stepgrad.tui.recording.recording import Recording

CHROMIUM = Path("/usr/bin/chromium")


class Page(HTMLParser):
    """The tags of a page, its scripts, and what its policy says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append((dict(attributes).get("type"), ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            kind, code = self.scripts[-1]
            self.scripts[-1] = kind, code + data

    @property
    def policy(self) -> str:
        return next(a["content"] or "" for _, a in self.tags if a.get("http-equiv") == "Content-Security-Policy")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("page") / "lecture.html"
    list(FORMATS[".html"].write(recording(), target))
    return target


@pytest.fixture(scope="module")
def page(path: Path) -> Page:
    return Page(path.read_text("utf-8"))


def test_nothing_is_loaded_from_anywhere(page: Page, path: Path) -> None:
    assert not [tag for tag, attributes in page.tags if attributes.keys() & {"src", "href", "srcset", "action"}]
    text = path.read_text("utf-8")
    assert "@import" not in text
    assert {found.strip("\"'")[:5] for found in re.findall(r"url\(([^#)][^)]*)\)", text)} == {"data:"}
    assert page.policy.startswith("default-src 'none';")


def test_the_policy_allows_just_the_scripts_that_are_there(page: Page) -> None:
    codes = [code for kind, code in page.scripts if kind is None]
    hashes = {f"sha256-{b64encode(sha256(code.encode()).digest()).decode()}" for code in codes}
    assert len(hashes) == 2
    assert set(re.findall(r"'(sha256-[^']*)'", page.policy)) == hashes
    assert "'unsafe-inline'" not in page.policy.partition("script-src")[2].partition(";")[0]
    assert "'unsafe-eval'" not in page.policy


def test_the_recording_in_it_is_the_recording(page: Page) -> None:
    [cast] = [code for kind, code in page.scripts if kind == "text/plain"]
    header, *events = map(json.loads, cast.strip().split("\n"))
    made = recording()
    assert header["title"] == made.header.title
    assert [event[2] for event in events] == [event.data for event in made.events()]


def test_words_with_signs_of_the_format_stay_words(tmp_path: Path) -> None:
    scenario = tmp_path / "signs.toml"
    scenario.write_text(
        'format_version = 1\ntitle = "</script><!-- & {{cast}}"\n[inputs]\nx = [1]\n[[layers]]\nname = "y"\n'
        'op = "relu"\n[[script]]\nat = "y[0]"\ntitle = "<b>"\nsay = "if x < 0 & {y[0]}"\n'
    )
    made = Recording(lecture(str(scenario)), SMALL)
    target = tmp_path / "signs.html"
    list(FORMATS[".html"].write(made, target))
    page = Page(target.read_text("utf-8"))
    assert len([kind for kind, _ in page.scripts if kind is None]) == 2
    assert not [tag for tag, _ in page.tags if tag == "b"]
    [cast] = [code for kind, code in page.scripts if kind == "text/plain"]
    assert json.loads(cast.strip().split("\n")[0])["title"] == "</script><!-- & {{cast}}"


@pytest.fixture
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.slow
def test_a_browser_plays_it_without_a_network(browser: Any, path: Path) -> None:
    made = recording()
    chapters = made.lecture.chapters()
    shown = browser.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    shown.on("request", lambda request: requests.append(request.url))
    shown.on("pageerror", lambda fault: complaints.append(str(fault)))
    shown.on("console", lambda message: complaints.append(message.text))
    shown.goto(path.as_uri())
    shown.wait_for_selector(".ap-player")
    # Before anything is played, the first picture is there.
    shown.wait_for_function("document.querySelector('.ap-term').innerText.includes('cell 0 of')")
    # A key goes a note on: what is current goes along.
    shown.keyboard.press("]")
    shown.wait_for_selector("#chapters li:nth-child(2) button[aria-current]")
    assert shown.inner_text("#now") == chapters[1].words
    # A chapter is chosen: the recording goes there, and what is said is told to screen readers.
    shown.click("#chapters li:nth-child(4) button")
    shown.wait_for_function(f"stepgrad.player.getCurrentTime() >= {chapters[3].start / 1000} - 0.01")
    assert shown.inner_text("#now") == chapters[3].words
    assert shown.get_attribute("#chapters li:nth-child(4) button", "aria-current") == "true"
    # The space bar plays on, up to the next note, where it pauses.
    shown.keyboard.press("Space")
    shown.wait_for_function(
        "(words) => document.querySelector('#now').textContent === words", arg=chapters[4].words, timeout=20_000
    )
    assert abs(shown.evaluate("stepgrad.player.getCurrentTime()") - chapters[4].start / 1000) < 0.1
    shown.uncheck("#stops")
    shown.wait_for_selector(".ap-player")
    assert requests == [path.as_uri()]
    assert complaints == []
