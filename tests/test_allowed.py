"""What config.toml may say: whatever is refused is named with its whole path and with what is allowed there."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.errors import ConfigError
from kiosk.registry import build_adapter
from tests.test_config import PROMOTION, SIM, TAX, refusal

LOGIN = {"client_id": "x", "client_secret": {"env": "PATH"}}


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"kiosk": {"id": "T07"}}, "kiosk.id: expected three of 0-9 and A-Z without I, L, O and U; a letter first"),
        ({"kiosk": {"name": ""}}, "kiosk.name: expected text in quotes, not empty."),
        ({"kiosk": {"name": 5}}, "kiosk.name: expected text in quotes, not empty; this is a whole number."),
        ({"kiosk": 5}, "kiosk: expected a table; this is a whole number."),
        (
            {"kiosk": {"address": "Hall"}},
            "kiosk.address: expected a list, each text in quotes; this is text in quotes.",
        ),
        ({"ledger": {"mode": "test"}}, 'ledger.mode: expected one of "live", "training".'),
        (
            {"printer": {"kind": "netwrk"}},
            'printer.kind: expected one of "network", "usb", "serial", "file", "cups", "none".',
        ),
        ({"printer": {"port": 99999}}, "printer.port: expected a whole number from 1 to 65535."),
        ({"printer": {"cutter": "yes"}}, "printer.cutter: expected true or false; this is text in quotes."),
        ({"sync": {"workers": 1.5}}, "sync.workers: expected a whole number from 1 to 32; this is a number."),
        ({"sync": {"lease_s": 0}}, "sync.lease_s: expected a number above 0 and at most 3600."),
        ({"prices": {"margin_percent": -1}}, "prices.margin_percent: expected a number from 0 to 1000."),
        (
            {"prices": {"fixed": {"us-10gb": 18}}},
            "prices.fixed.us-10gb: expected text in quotes; this is a whole number.",
        ),
        (
            {"prices": {"fixed": {"a": "1", "a.b[0]": 18}}},
            "prices.fixed.a.b[0]: expected text in quotes; this is a whole number.",
        ),
        ({"prices": {"fixed": {"0": 18}}}, "prices.fixed.0: expected text in quotes; this is a whole number."),
        ({"charges": [TAX, TAX | {"amount": 0.5}]}, "charges[1].amount: expected text in quotes; this is a number."),
        ({"charges": [TAX | {"kind": "vat"}]}, 'charges[0].kind: expected one of "tax", "fee".'),
        ({"charges": [{"kind": "tax"}]}, "charges[0].name: is missing; expected a table, each text in quotes."),
        ({"charges": {}}, "charges: expected a list, each a table; this is a table."),
        ({"sims": [SIM | {"prefix": "89x"}]}, 'sims[0].prefix: expected 1 to 10 digits, or "+1" for phone numbers.'),
        ({"sims": [SIM | {"lengths": []}]}, "sims[0].lengths: expected a list, not empty, each a whole number from 10"),
        ({"sims": [SIM | {"lengths": [5]}]}, "sims[0].lengths[0]: expected a whole number from 10 to 22."),
        (
            {"promotions": [PROMOTION | {"first_day": 5}]},
            "promotions[0].first_day: expected a date such as 2026-11-22;",
        ),
        (
            {"promotions": [PROMOTION | {"percent": 100}]},
            "promotions[0].percent: expected a number above 0 and below",
        ),
        ({"ledger": {"pepper": "hunter2"}}, "ledger.pepper: expected a table; this is text in quotes."),
    ],
)
def test_what_is_allowed_is_said_in_words_of_the_file(tables: dict[str, Any], sentence: str) -> None:
    """Types by the names an owner knows, both ends of a range, every word that may stand there."""
    assert refusal(**tables).startswith(f"config.toml: {sentence}")


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (LOGIN | {"timeout_s": 0}, "p.timeout_s: expected a number above 0 and at most 3600."),
        (LOGIN | {"client_id": ""}, "p.client_id: expected text in quotes, not empty."),
        ({"client_id": "x"}, "p.client_secret: is missing; expected a table."),
        (
            LOGIN | {"timout_s": 1},
            "p.timout_s: no such key; known here: base_url, client_id, client_secret, timeout_s.",
        ),
    ],
)
def test_an_adapter_s_own_table_is_held_to_the_same(raw: dict[str, Any], sentence: str) -> None:
    """It is converted by the adapter; the words are the same."""
    with pytest.raises(ConfigError) as caught:
        build_adapter({"airalo": "kiosk.providers.airalo"}, "airalo", raw, path="p", training=True)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ({"kiosk": {"refund_policy": {"it": "Niente."}}}, "kiosk.refund_policy.it"),
        ({"charges": [TAX | {"name": {"en": "Tax", "de": "Steuer"}}]}, "charges[0].name.de"),
        ({"promotions": [PROMOTION | {"name": {"en": "Summer", "cn": "夏"}}]}, "promotions[0].name.cn"),
    ],
)
def test_a_language_that_the_kiosk_does_not_speak_is_named(tables: dict[str, Any], key: str) -> None:
    """Else the owner's sentence would never be seen, and nobody would know."""
    assert (
        refusal(**tables) == f"config.toml: {key}: no such language; known here: en, zh, zh_Hant, es, ja, ko, fr, pt."
    )


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"printer": {"kind": "network"}}, 'printer.host: is missing; a printer of kind = "network" needs one.'),
        ({"printer": {"kind": "file"}}, 'printer.path: is missing; a printer of kind = "file" needs one.'),
        ({"ledger": {"state_dir": "state"}}, 'ledger.state_dir: write the whole path, from "/" or "~".'),
        ({"ledger": {"pepper": {"file": "pepper"}}}, 'ledger.pepper.file: write the whole path, from "/" or "~".'),
        (
            {"sims": [SIM, SIM | {"lengths": [20]}], "providers": {"airalo": {}}},
            "sims[1].prefix: stands in sims[0] already.",
        ),
    ],
)
def test_what_would_go_wrong_later_is_refused_at_the_start(tables: dict[str, Any], sentence: str) -> None:
    """A printer that cannot be found after the money is taken; a second ledger because of another folder."""
    assert refusal(**tables) == f"config.toml: {sentence}"
