"""The telecom companies that top SIMs up. One file (or small folder) each; its line here, its table in config.toml.

A module offers `Settings` (its table), `is_live(settings)` and `build(settings, …)`; it is imported only where the
configuration asks for it.
"""

from __future__ import annotations

from typing import Any

from kiosk.errors import ConfigError
from kiosk.ports import Provider
from kiosk.registry import build_adapter

REGISTRY: dict[str, str] = {
    "airalo": "kiosk.providers.airalo",
    "dtone": "kiosk.providers.dtone",
    "reloadly": "kiosk.providers.reloadly",
}


def build(name: str, raw: dict[str, Any], *, path: str, training: bool, **surroundings: Any) -> Provider:
    """The provider of one table `[providers.NAME]`; an optional key `kind` says which, where the name does not.

    Its surroundings: currency, state_dir, clock, and a transport in tests. Raises ConfigError.
    """
    kind = raw.get("kind", name)
    if not isinstance(kind, str) or kind not in REGISTRY:
        where = f"{path}.kind" if "kind" in raw else path
        raise ConfigError(f"{where}: there is no such provider; known here: {', '.join(sorted(REGISTRY))}.")
    table = {key: value for key, value in raw.items() if key != "kind"}
    provider: Provider = build_adapter(REGISTRY, kind, table, path=path, training=training, **surroundings)
    provider.name = name
    return provider
