"""The ways to pay. One file (or one small folder) each; its line here, its table in config.toml.

A module offers `Settings` (its table), `is_live(settings)` and `build(settings, …)`; it is imported only where the
configuration asks for it.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.errors import ConfigError
from kiosk.ports import Clock, Tender
from kiosk.tables import convert_table

if TYPE_CHECKING:
    import httpx

REGISTRY = {
    "cash": "kiosk.tenders.cash",
    "wechat": "kiosk.tenders.wechat",
}


def build(
    name: str,
    raw: dict[str, Any],
    *,
    path: str,
    training: bool,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Tender:
    """The tender of `[tenders.NAME]`. Raises ConfigError; live ledgers meet live rails, training ones sandboxes."""
    if name not in REGISTRY:
        raise ConfigError(f"{path}: there is no such way to pay; known here: {', '.join(sorted(REGISTRY))}.")
    module = import_module(REGISTRY[name])
    settings = convert_table(raw, module.Settings, path)
    live = module.is_live(settings)
    if live is not None and live == training:
        kind, allowed = ("live", "its sandbox") if live else ("sandbox", "the live rail over https")
        raise ConfigError(f"{path}: this is a {kind} address or key, and the ledger allows only {allowed}.")
    tender: Tender = module.build(
        settings, path=path, currency=currency, state_dir=state_dir, clock=clock, transport=transport
    )
    return tender
