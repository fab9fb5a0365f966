"""The exercise: a new provider is one file of at most 120 lines, a line in the registry, and a table in config.toml.

acme.py is written against kiosk/ports.py and nothing else. What it needs beside itself is in this file.
"""

from __future__ import annotations

import ast
import json
import tomllib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from kiosk.config import check
from kiosk.errors import ConfigError, Refused
from kiosk.identifiers import SimNumber
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.providers import REGISTRY, build
from kiosk.sandbox.knobs import ReplyLost
from tests.providers.fakes import FixedClock
from tests.providers.sandbox_shop import SandboxShop
from tests.providers.stand import Case

ACME_FILE = Path(__file__).parent / "acme.py"
MAY_IMPORT = {"__future__", "pathlib", "typing", "httpx", "msgspec", "kiosk.errors", "kiosk.identifiers", "kiosk.money"}
MAY_IMPORT |= {"kiosk.plans", "kiosk.ports", "kiosk.remote", "kiosk.tables"}

REGISTRY_LINE = {"acme": "tests.providers.acme"}
CONFIG_TABLE = """
[providers.acme]
api_key = { file = "/etc/kiosk/acme-key" }
"""

PLAN = {"id": "us-5gb", "name": "5 GB", "mb": 5120, "days": 30, "price": "11.80"}
ICCID = "8901260862291477122"
ACME = Case("acme", "/v1/", {}, "api_key", ICCID, "us-5gb", "PUT topups/*", "GET topups/*", "/_books", 402)


class AcmeApi:
    """What Acme does with our references: one reference is one top-up. `faults` strike the next orders."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.faults: deque[str] = deque()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        status, body = self.answer(request, *request.path.removeprefix("/v1/").split("/"))
        return Response(json.dumps(body), status, content_type="application/json")(environ, start_response)

    def answer(self, request: Request, what: str, name: str = "") -> tuple[int, dict[str, Any]]:
        if request.headers.get("X-Api-Key") != "training-secret":
            return 401, {"error": "who_are_you"}
        if what == "sims":
            return (200, {"plans": [PLAN, {"id": "odd"}]}) if name == ICCID else (422, {"error": "unknown_sim"})
        if request.method == "PUT":
            return self.order(name, request.get_json())
        return (200, self.known[name]) if name in self.known else (404, {"error": "no_such_topup"})

    def order(self, name: str, wish: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        fault = self.faults.popleft() if self.faults else ""
        if fault == "no_credit":
            return 402, {"error": fault}
        if fault == "down":
            raise ReplyLost
        state = fault if fault in ("pending", "failed") else "done"
        record = self.known.setdefault(name, {"reference": name, "state": state, "number": "A-1"} | wish)
        if fault == "lost":
            raise ReplyLost
        return 200, record


@pytest.fixture
def registered() -> Iterator[None]:
    """The one line in kiosk/providers/__init__.py."""
    REGISTRY.update(REGISTRY_LINE)
    yield
    for name in REGISTRY_LINE:
        del REGISTRY[name]


@pytest.fixture
def acme() -> AcmeApi:
    return AcmeApi()


@pytest.fixture
def shop(tmp_path: Path, acme: AcmeApi, registered: None) -> Iterator[SandboxShop]:
    made = SandboxShop(tmp_path, ACME, acme)
    yield made
    assert list(problems(made.ledger)) == []
    made.close()


def test_it_fits_in_120_lines_and_knows_the_port_alone() -> None:
    """No ledger, no queue, no other adapter."""
    text = ACME_FILE.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}

    assert len(text.splitlines()) <= 120
    assert imported <= MAY_IMPORT


def test_its_line_and_its_table_are_all_that_it_needs(tmp_path: Path, registered: None) -> None:
    """The configuration knows it without a change of its own; live meets live; a wrong key is named."""
    config = check(tomllib.loads((Path(__file__).parents[2] / "config.toml").read_text() + CONFIG_TABLE), "config.toml")
    around: dict[str, Any] = {"currency": "USD", "state_dir": tmp_path, "clock": FixedClock()}
    (tmp_path / "key").write_text("s3cret")
    table = config.file.providers["acme"] | {"api_key": {"file": str(tmp_path / "key")}}
    path = "config.toml: providers.acme"

    assert build("acme", table, path=path, training=False, **around).name == "acme"
    with pytest.raises(ConfigError, match=r"acme\.base_url: a training ledger"):
        build("acme", table, path=path, training=True, **around)
    with pytest.raises(ConfigError, match=r"acme\.key: no such key"):
        build("acme", table | {"key": "x"}, path=path, training=False, **around)


@pytest.mark.parametrize("fault", ["", "lost", "down", "no_credit"])
def test_whatever_is_lost_its_top_up_is_carried_out_once(shop: SandboxShop, acme: AcmeApi, fault: str) -> None:
    """The real queue does for it what it does for the others."""
    name = shop.buy()
    acme.faults += [fault] * 3
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert len(acme.known) == 1


def test_what_it_is_slow_with_waits_and_what_it_fails_at_is_given_back(shop: SandboxShop, acme: AcmeApi) -> None:
    """Pending is no answer; failed is one."""
    name = shop.buy()
    acme.faults.append("pending")
    shop.wait(hours=1)
    waiting = shop.state(name)
    for record in acme.known.values():
        record["state"] = "failed"
    shop.wait(hours=1)

    assert waiting is State.SUBMITTING
    assert shop.state(name) is State.REFUNDING


def test_its_unknown_card_is_refused_in_words_that_the_screen_has(shop: SandboxShop) -> None:
    """And the plan that cannot be read is not sold."""
    with pytest.raises(Refused) as caught:
        shop.adapter.sim(SimNumber("8944000000000000009"))

    assert caught.value.code == "unknown_sim"
    assert [plan.id for plan in shop.adapter.sim(SimNumber(ICCID)).plans] == ["us-5gb"]
