"""The telecom companies that top SIMs up. One file (or small folder) each; its line here, its table in config.toml.

A module offers `Settings` (its table), `is_live(settings)` and `build(settings, …)`; it is imported only where the
configuration asks for it.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.errors import ConfigError
from kiosk.ports import Clock, Provider
from kiosk.tables import Secret, Table, convert_table

if TYPE_CHECKING:
    import httpx

REGISTRY: dict[str, str] = {
    "airalo": "kiosk.providers.airalo",
}
TRAINING_CREDENTIAL = "training-"  # how the sandbox's client ids and secrets begin


def build(
    name: str,
    raw_table: dict[str, Any],
    *,
    path: str,
    training: bool,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Provider:
    """The provider of one table `[providers.NAME]`; an optional key `kind` says which, where the name does not.

    Raises ConfigError; a training ledger meets no live provider, nor a live one a sandbox.
    """
    kind = raw_table.get("kind", name)
    if not isinstance(kind, str) or kind not in REGISTRY:
        where = f"{path}.kind" if "kind" in raw_table else path
        raise ConfigError(f"{where}: there is no such provider; known here: {', '.join(sorted(REGISTRY))}.")
    module = import_module(REGISTRY[kind])
    raw = {key: value for key, value in raw_table.items() if key != "kind"}
    settings = convert_table(raw, module.Settings, path)
    _same_world(module.is_live(settings), settings, path, training=training)
    provider: Provider = module.build(
        settings, path=path, currency=currency, state_dir=state_dir, clock=clock, transport=transport
    )
    provider.name = name
    return provider


def _same_world(live: bool, settings: Table, path: str, *, training: bool) -> None:
    """Live meets live, training meets training: by the address, and by how the credentials begin."""
    if training and live:
        raise ConfigError(f"{path}.base_url: a training ledger allows only a sandbox on this machine (127.0.0.1).")
    if training:
        return
    if not live:
        raise ConfigError(f"{path}.base_url: a live ledger allows only the provider's own https address, no sandbox.")
    for key in settings.__struct_fields__:
        value = getattr(settings, key)
        text = value.read(f"{path}.{key}") if isinstance(value, Secret) else value
        if isinstance(text, str) and text.startswith(TRAINING_CREDENTIAL):
            raise ConfigError(f"{path}.{key}: a live ledger allows only live credentials; this one is for training.")
