"""A provider is a table of config.toml; live meets live, and training meets training."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import ConfigError
from kiosk.ports import Provider
from kiosk.providers import build
from tests.providers.fakes import FixedClock

SANDBOX = "http://127.0.0.1:8731/airalo/v2/"


def made(tmp_path: Path, table: dict[str, Any], *, training: bool, name: str = "airalo") -> Provider:
    secret = tmp_path / "secret"
    if not secret.exists():
        secret.write_text("s3cret")
    full = {"client_id": "shop", "client_secret": {"file": str(secret)}, **table}
    path = f"config.toml: providers.{name}"
    return build(name, full, path=path, training=training, currency="USD", state_dir=tmp_path, clock=FixedClock())


def test_a_table_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    """Two accounts at one provider are two tables; `kind` says what they are."""
    provider = made(tmp_path, {"kind": "airalo", "base_url": SANDBOX}, training=True, name="airalo_asia")

    assert provider.name == "airalo_asia"


@pytest.mark.parametrize(
    ("table", "training", "told"),
    [
        ({}, True, "providers.airalo.base_url: a training ledger"),
        ({"base_url": SANDBOX}, False, "providers.airalo.base_url: a live ledger"),
        ({"base_url": "http://example.com/v2/"}, False, "providers.airalo.base_url: only https"),
        ({"client_id": "training-client"}, False, "providers.airalo.client_id: a live ledger"),
        ({"client": "x"}, False, "providers.airalo.client: no such key"),
        ({"timeout_s": 0}, False, "providers.airalo.timeout_s"),
        ({"client_secret": {}}, False, "providers.airalo.client_secret: say where"),
        ({"kind": "acme"}, False, "providers.airalo.kind: there is no such provider; known here: airalo"),
        ({"kind": 7}, False, "providers.airalo.kind: there is no such provider"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(tmp_path: Path, table: dict[str, Any], training: bool, told: str) -> None:
    """The owner reads which key is wrong, and what is allowed."""
    with pytest.raises(ConfigError) as caught:
        made(tmp_path, table, training=training)

    assert told in str(caught.value)


def test_a_training_secret_is_no_live_secret(tmp_path: Path) -> None:
    """Wherever the secret lies, a training one does not sell for money; and it is not shown."""
    (tmp_path / "secret").write_text("training-secret")

    with pytest.raises(ConfigError, match="client_secret: a live ledger") as caught:
        made(tmp_path, {}, training=False)

    assert "training-secret" not in str(caught.value)


def test_a_provider_is_imported_only_where_it_is_configured() -> None:
    """The registry alone costs no httpx."""
    code = "import sys, kiosk.providers; sys.exit('httpx' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
