"""The ways to send a message. One file each; its line here, its table in config.toml, of any name: `kind` says which.

A module offers `Settings` (its table), `is_live(settings)` and `build(settings, …)`; it is imported only where the
configuration asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.contacts import Channel
from kiosk.errors import ConfigError
from kiosk.ports import Messenger
from kiosk.registry import build_adapter

REGISTRY: dict[str, tuple[Channel, str]] = {
    "smtp": (Channel.EMAIL, "kiosk.messages.smtp"),
    "folder": (Channel.EMAIL, "kiosk.messages.folder"),
    "twilio": (Channel.SMS, "kiosk.messages.twilio"),
    "http_sms": (Channel.SMS, "kiosk.messages.http_sms"),
}


def channels(tables: Mapping[str, Mapping[str, Any]], path: str) -> dict[Channel, str]:
    """Which table sends what. `path` begins the message. Raises ConfigError."""
    found: dict[Channel, str] = {}
    for name, table in tables.items():
        kind = table.get("kind", name)
        if not isinstance(kind, str) or kind not in REGISTRY:
            where = f"{path}.{name}.kind" if "kind" in table else f"{path}.{name}"
            raise ConfigError(f"{where}: there is no such way to send; known here: {', '.join(sorted(REGISTRY))}.")
        channel = REGISTRY[kind][0]
        if channel in found:
            raise ConfigError(f"{path}.{name}: [messages.{found[channel]}] sends {channel} already; keep one of them.")
        found[channel] = name
    return found


def build(name: str, raw: dict[str, Any], *, path: str, training: bool, **surroundings: Any) -> Messenger:
    """The messenger of one table `[messages.NAME]`. Its surroundings: clock, and a transport in tests.

    Raises ConfigError.
    """
    kind = raw.get("kind", name)
    known = {known: module for known, (_, module) in REGISTRY.items()}
    table = {key: value for key, value in raw.items() if key != "kind"}
    messenger: Messenger = build_adapter(known, kind, table, path=path, training=training, **surroundings)
    messenger.name = name
    return messenger
