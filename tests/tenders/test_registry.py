"""A way to pay is a table of config.toml; `kind` says which, where the table's name does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import ConfigError
from kiosk.tenders import build
from tests.providers.fakes import FixedClock
from tests.tenders.wechat_world import World


def made(name: str, table: dict[str, Any]) -> str:
    where = {"currency": "USD", "state_dir": Path("unused"), "clock": FixedClock()}
    return build(name, table, path=f"config.toml: tenders.{name}", training=True, **where).name


def test_a_table_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    """One wallet in two ways is two tables, and orders, queue and receipts know each by its table's name."""
    table = World(tmp_path).table

    assert made("wechat", table) == "wechat"
    assert made("wechat_asia", {"kind": "wechat", **table}) == "wechat_asia"


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("shells", {}, "tenders.shells: there is no such way to pay; known here: "),
        ("wechat", {"kind": "shells"}, "tenders.wechat.kind: there is no such way to pay"),
        ("wechat", {"kind": 7}, "tenders.wechat.kind: there is no such way to pay"),
        ("till", {"kind": "cash"}, "tenders.till.kind: cash has one table"),
        ("cash", {"kind": "wechat"}, "tenders.cash.kind: cash has one table"),
    ],
)
def test_a_wrong_table_is_named_with_its_key(name: str, kind: dict[str, Any], told: str) -> None:
    """The owner reads which key is wrong."""
    with pytest.raises(ConfigError) as caught:
        made(name, kind)

    assert told in str(caught.value)
