"""Who may talk to the server."""

from __future__ import annotations

import pytest

from stepgrad.tui.serving import guard


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_what_nobody_else_can_reach(host: str) -> None:
    assert guard.is_loopback(host)
    assert not guard.is_everywhere(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.7", "example.org", "localhost.example.org", "", "127.0.0.1.x"]
)
def test_what_others_can_reach(host: str) -> None:
    assert not guard.is_loopback(host)


@pytest.mark.parametrize(
    ("host", "served", "leads"),
    [
        ("127.0.0.1:8000", "127.0.0.1", True),
        ("localhost:8000", "127.0.0.1", True),
        ("localhost:2222", "127.0.0.1", True),  # a tunnel
        ("[::1]:8000", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("example.org:8000", "127.0.0.1", False),  # a name that was made to lead here
        ("127.0.0.1.example.org", "127.0.0.1", False),
        ("192.0.2.7:8000", "127.0.0.1", False),
        ("192.0.2.7:8000", "192.0.2.7", True),
        ("192.0.2.8:8000", "192.0.2.7", False),
        ("class.example.org:80", "Class.example.org", True),
        ("192.0.2.7:8000", "0.0.0.0", True),
        ("example.org:8000", "0.0.0.0", False),
        ("", "0.0.0.0", False),
        ("[::1", "127.0.0.1", False),
    ],
)
def test_a_host_is_a_name_of_what_is_served(host: str, served: str, leads: bool) -> None:
    assert guard.leads_here(host, served) is leads


def test_the_name_of_the_machine_leads_to_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Desk")
    assert guard.leads_here("desk:8000", "0.0.0.0")
    assert guard.leads_here("desk.local:8000", "0.0.0.0")
    assert not guard.leads_here("desk.example.org:8000", "0.0.0.0")


@pytest.mark.parametrize(
    ("origin", "comes"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8001", False),
        ("https://127.0.0.1:8000", False),
        ("http://127.0.0.1:8000.example.org", False),
        ("null", False),
        ("", False),
    ],
)
def test_an_origin_is_the_page_that_was_served(origin: str, comes: bool) -> None:
    assert guard.comes_from(origin, "127.0.0.1:8000") is comes
