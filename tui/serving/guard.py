"""Who may talk to the server: pure functions of what a request says.

A page of any other site can send requests to a server on this machine. It can not read the token out of the printed
address, nor choose its Origin; and where it makes its own name lead here (DNS rebinding), the Host says that name.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach a host."""
    found = _ip(host)
    return host == "localhost" if found is None else found.is_loopback


def is_everywhere(host: str) -> bool:
    """Whether a host to serve stands for every address of this machine."""
    found = _ip(host)
    return found is not None and found.is_unspecified


def leads_here(host: str, served: str) -> bool:
    """Whether the Host of a request is a name of what is served. A tunnel to here may have any port."""
    name = _name(host)
    if is_loopback(name):
        return True
    if is_everywhere(served):
        return _ip(name) is not None or name in _own_names()
    return name == served.lower()


def comes_from(origin: str, host: str) -> bool:
    """Whether the Origin of a request is the page that its Host served."""
    return origin.lower() == f"http://{host.lower()}"


def own_name() -> str:
    """What others in the same network call this machine."""
    return socket.gethostname().lower()


def _own_names() -> tuple[str, ...]:
    name = own_name()
    return name, f"{name.partition('.')[0]}.local"


def _name(host: str) -> str:
    """The name in a Host without its port; "" where there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
