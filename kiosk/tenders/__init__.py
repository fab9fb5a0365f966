"""The ways to pay. One file (or one small folder) each; its line here, its table in config.toml.

A module offers `Settings` (its table), `is_live(settings)` and `build(settings, …)`; it is imported only where the
configuration asks for it.
"""

from __future__ import annotations

from typing import Any

from kiosk.errors import ConfigError
from kiosk.ports import Tender
from kiosk.registry import build_adapter

REGISTRY: dict[str, str] = {
    "cash": "kiosk.tenders.cash",
    "wechat": "kiosk.tenders.wechat",
}


def build(name: str, raw: dict[str, Any], *, path: str, training: bool, **surroundings: Any) -> Tender:
    """The tender of one table `[tenders.NAME]`.

    Its surroundings: currency, state_dir, clock, and a transport in tests. Raises ConfigError.
    """
    if name not in REGISTRY:
        raise ConfigError(f"{path}: there is no such way to pay; known here: {', '.join(sorted(REGISTRY))}.")
    tender: Tender = build_adapter(REGISTRY, name, raw, path=path, training=training, **surroundings)
    return tender
