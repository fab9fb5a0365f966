"""Where `kiosk serve` listens, and which pages it believes: a web site elsewhere must not speak for a customer here."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class NotSafe(ValueError):
    """An address that would show the kiosk to others, unasked. Its words are for the owner."""


@dataclass(frozen=True, slots=True)
class Address:
    """`public_url` is the TLS proxy's address of the kiosk; empty without one."""

    host: str
    port: int
    public_url: str = ""
    open_to_network: bool = False

    def __post_init__(self) -> None:
        """Raises NotSafe."""
        if not is_loopback(self.host) and not self.open_to_network:
            raise NotSafe(
                f"{self.host} can be reached from other machines, and what is sent there is not encrypted: stay on "
                "127.0.0.1 behind a proxy with TLS on this machine (--public-url), or say --open-to-network."
            )
        if self.public_url:
            parts = urlsplit(self.public_url)
            if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
                raise NotSafe("--public-url: expected the proxy's address, such as https://kiosk.example.com/")
            if not parts.hostname or parts.query or parts.fragment or parts.username:
                raise NotSafe("--public-url: expected the proxy's address, such as https://kiosk.example.com/")

    @property
    def is_here_alone(self) -> bool:
        """Whether every page is at this machine: only there is its loudspeaker heard by who asked for a voice."""
        return is_loopback(self.host) and not self.public_url

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https:")

    def believes(self, host: str, origin: str | None) -> bool:
        """Whether a request may come by this name, from a page of this origin (None: from no page)."""
        try:
            came_to, came_from = urlsplit(f"//{host}"), urlsplit(origin or "")
            name = came_to.hostname or ""
        except ValueError:
            return False
        if not name or (origin is not None and came_from.netloc.lower() not in {host.lower(), *self._public_hosts}):
            return False
        return host.lower() in self._public_hosts or self._is_own(name)

    @property
    def _public_hosts(self) -> set[str]:
        return {urlsplit(self.public_url).netloc.lower()} if self.public_url else set()

    def _is_own(self, name: str) -> bool:
        """By number a machine cannot be taken for another one; a name may be anybody's, pointed at us."""
        if name in HERE:
            return True
        return self.open_to_network and is_number(name)


def is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    return host == "localhost" or (is_number(host) and ipaddress.ip_address(host).is_loopback)
