"""What was started, by which version, on which configuration: on record, so that the audit can tell what was changed.

The fingerprint of the whole file is a plain SHA-256, which its owner can check. Those of single keys are HMACs with the
pepper: a margin or a limit would be guessed from a plain hash in a moment by whoever has a copy of the ledger, and no
value is ever written. Secrets are in neither, since config.toml has none; the files that hold them are not looked at.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.errors import ConfigError
from kiosk.ledger import audit

if TYPE_CHECKING:
    from kiosk.assembly import House

HEX = 16
SEAL = "pepper"
"""Stands among the keys, and tells whether the pepper is still the same one: with another, no two hashes compare."""

log = logging.getLogger(__name__)


def note_start(house: House, what: str) -> None:
    """Put it on record; without a `what`, only where the configuration is another one. Raises LedgerError."""
    fingerprint = fingerprint_of(house.config.contents)
    before = audit.configuration_before(house.ledger)
    start = {"what": what, "version": _version(), "config": fingerprint} if what else {}
    change = None if before.get("config") == fingerprint else _change(house, before, fingerprint)
    if start or change:
        audit.note_start(house.ledger, start, change, at=house.clock.now())


def fingerprint_of(contents: Mapping[str, Any]) -> str:
    """Of the parsed file: comments, spaces and the order of keys make no other one."""
    return hashlib.sha256(_canonical(contents)).hexdigest()


def _change(house: House, before: Mapping[str, Any], fingerprint: str) -> dict[str, Any]:
    """`changed` names the keys that are new, gone or other than before; None where that cannot be told."""
    keys, known = _sealed(house), before.get("keys", {})
    changed = None
    if keys and known and keys[SEAL] == known[SEAL]:
        changed = sorted(key for key in keys.keys() | known.keys() if keys.get(key) != known.get(key))
    return {"config": fingerprint, "before": before.get("config", ""), "changed": changed, "keys": keys}


def _sealed(house: House) -> dict[str, str]:
    from kiosk.clerks import pepper_of  # argon2 costs 60 ms: only where something has changed

    secret = house.config.file.ledger.pepper
    if secret.file and not Path(secret.file).expanduser().parent.exists():
        return {}  # the state folder was moved away, and must not be made anew
    try:
        pepper = pepper_of(secret, "ledger.pepper")
    except ConfigError as error:
        log.warning("Which keys of the configuration have changed is not on record: %s", error)
        return {}
    values = {SEAL: b"", **{path: _canonical(value) for path, value in leaves(house.config.contents)}}
    return {
        path: hmac.new(pepper, path.encode() + b"\n" + value, "sha256").hexdigest()[:HEX]
        for path, value in values.items()
    }


def leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every key by its whole path, with its value: `sims[0].prefix`."""
    for key, value in table.items():
        path = f"{above}{key}"
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{path}.")
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            for number, each in enumerate(value):
                yield from leaves(each, f"{path}[{number}].")
        else:
            yield path, value


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str).encode()


def _version() -> str:
    from importlib.metadata import version  # 20 ms

    return version("topup-kiosk")
