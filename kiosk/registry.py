"""An adapter from its table of config.toml: what the registries of providers, tenders and messengers have in common.

It imports only what the configuration asks for. It must never let a live ledger meet a sandbox or its credentials, nor
a training ledger the real thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from kiosk.allowed import convert_table
from kiosk.errors import ConfigError
from kiosk.tables import Secret, Table

TRAINING_CREDENTIAL = "training-"  # how a sandbox's own credentials begin, where its remote leaves the choice to us


def build_adapter(
    known: Mapping[str, str], kind: str, raw: dict[str, Any], *, path: str, training: bool, **surroundings: Any
) -> Any:
    """What `kind`'s module builds of its table `raw`. `surroundings` go to the module as they are.

    A module offers `Settings`, `is_live(settings)` (None: neither), `build(settings, …)`; `TRAINING_CREDENTIALS` where
    those of its sandbox must look like real ones; `ADDRESS`, the key that says live or not. Raises ConfigError.
    """
    module = import_module(known[kind])
    settings = convert_table(raw, module.Settings, path)
    live = module.is_live(settings)
    where = f"{path}.{getattr(module, 'ADDRESS', 'base_url')}"
    if training and live:
        raise ConfigError(f"{where}: a training ledger allows only a sandbox on this machine (127.0.0.1).")
    if live is False and not training:
        raise ConfigError(f"{where}: a live ledger allows only the real https address, no sandbox.")
    if live:
        _refuse_training_credentials(
            settings, (TRAINING_CREDENTIAL, *getattr(module, "TRAINING_CREDENTIALS", ())), path
        )
    return module.build(settings, path=path, **surroundings)


def _refuse_training_credentials(settings: Table, beginnings: tuple[str, ...], path: str) -> None:
    """A live key never begins as the sandbox's do."""
    for key in settings.__struct_fields__:
        value = getattr(settings, key)
        text = value.read(f"{path}.{key}") if isinstance(value, Secret) else value
        if isinstance(text, str) and text.startswith(beginnings):
            raise ConfigError(f"{path}.{key}: a live ledger allows only live credentials; this one is for training.")
