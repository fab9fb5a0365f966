"""The ways to pay. One file (or one small folder) each; its line here, its table in config.toml.

A module offers `Settings` (its table), `is_live(settings)` and `build(settings, …)`; it is imported only where the
configuration asks for it.
"""

from __future__ import annotations

from typing import Any

from kiosk.errors import ConfigError
from kiosk.ports import Tender
from kiosk.registry import build_adapter

CASH = "cash"  # the counter, the receipts and the queue know it by this name
REGISTRY: dict[str, str] = {
    CASH: "kiosk.tenders.cash",
    "alipay": "kiosk.tenders.alipay",
    "antom": "kiosk.tenders.antom",
    "stripe": "kiosk.tenders.stripe",
    "wechat": "kiosk.tenders.wechat",
}


def build(name: str, raw: dict[str, Any], *, path: str, training: bool, **surroundings: Any) -> Tender:
    """The tender of one table `[tenders.NAME]`; an optional key `kind` says which, where the name does not.

    Its surroundings: currency, state_dir, clock, and a transport in tests. Raises ConfigError.
    """
    kind = raw.get("kind", name)
    where = f"{path}.kind" if "kind" in raw else path
    if not isinstance(kind, str) or kind not in REGISTRY:
        raise ConfigError(f"{where}: there is no such way to pay; known here: {', '.join(sorted(REGISTRY))}.")
    if (kind == CASH) != (name == CASH):
        raise ConfigError(f"{where}: cash has one table, [tenders.cash], and that is nothing else.")
    table = {key: value for key, value in raw.items() if key != "kind"}
    tender: Tender = build_adapter(REGISTRY, kind, table, path=path, training=training, name=name, **surroundings)
    return tender
