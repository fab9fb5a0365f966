"""A provider before its sandbox, over real HTTP, as the contract asks for it: one `Case` for each provider."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from kiosk.identifiers import SimNumber
from kiosk.ports import Absent, Delivered, NotDelivered, Processing, Provider, TopUp
from kiosk.providers import build
from kiosk.sandbox.server import Sandbox
from tests.providers.fakes import FixedClock
from tests.sandbox.conftest import PLAIN

SECRET = "training-secret"


@dataclass(frozen=True)
class Case:
    """One provider: where its sandbox is mounted, how it is configured, whom it tops up, and which calls do what.

    `{url}` in a value of its table is the sandbox's address. `sim` may leave two digits open, `{:02}`, where one number
    is not topped up twice in a row. `twice` is how often one reference is carried out that is sent twice in a row.
    """

    name: str
    path: str
    table: dict[str, Any]
    secret: str
    sim: str
    plan_id: str
    create: str
    look: str
    books: str
    not_now: int | str
    twice: int = 1

    def request(self, number: int = 1) -> TopUp:
        return TopUp(f"T077Q3F9XKD2MW{number:02}T1", SimNumber(self.sim.format(number)), self.plan_id)

    def configured(self, url: str, **more: Any) -> dict[str, Any]:
        """Its table of config.toml, with the sandbox at `url`."""
        table = {
            key: value.replace("{url}", url) if isinstance(value, str) else value for key, value in self.table.items()
        }
        return table | {"base_url": url + self.path} | more


AIRALO = Case(
    name="airalo",
    path="/airalo/v2/",
    table={"client_id": "training-client"},
    secret="client_secret",
    sim="8901260862291477122",
    plan_id="change-30days-5gb-topup",
    create="POST orders/topups",
    look="GET orders",
    books="/_books/airalo/orders",
    not_now=13,
    twice=2,
)
DTONE = Case(
    name="dtone",
    path="/dtone/v1/",
    table={"api_key": "training-key", "operator_id": 9901},
    secret="api_secret",
    sim="8901260744102835179",
    plan_id="50104",
    create="POST async/transactions",
    look="GET transactions",
    books="/_books/dtone/transactions",
    not_now=1006001,
)
RELOADLY = Case(
    name="reloadly",
    path="/reloadly/topups/",
    table={"client_id": "training-client", "auth_url": "{url}/reloadly/auth/", "also": {"801": [802]}},
    secret="client_secret",
    sim="+130555501{:02}",
    plan_id="802-25.00",
    create="POST topups-async",
    look="GET topups/*",
    books="/_books/reloadly/topups",
    not_now="INSUFFICIENT_BALANCE",
)


@dataclass
class Stand:
    """The adapter of a case, its sandbox, and a clock for each of them: `forward` moves both."""

    case: Case
    sandbox: Sandbox
    folder: Path
    theirs: FixedClock
    clock: FixedClock = field(default_factory=FixedClock)

    def provider(self, url: str = "", *, password: str = SECRET, timeout_s: float = 5.0) -> Provider:
        """The adapter as after a start of the kiosk; `url` is another way to the sandbox."""
        file = self.folder / f"secret-{password}"
        if not file.exists():  # another process may be reading it
            file.write_text(password)
        state_dir = self.folder / f"state-{password}"
        state_dir.mkdir(exist_ok=True)
        secret = {self.case.secret: {"file": str(file)}}
        return build(
            self.case.name,
            self.case.configured(url or self.sandbox.url, timeout_s=timeout_s, **secret),
            path=f"config.toml: providers.{self.case.name}",
            training=True,
            currency="USD",
            state_dir=state_dir,
            clock=self.clock,
        )

    def forward(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)
        self.theirs.forward(seconds=seconds)

    def turn(self, endpoint: str, **knobs: Any) -> None:
        rule = {"remote": self.case.name, "endpoint": endpoint, **knobs}
        assert httpx.put(f"{self.sandbox.url}/_knobs", json=rule, verify=PLAIN).status_code == 200

    def executed(self) -> int:
        """How many top-ups were truly carried out."""
        rows = httpx.get(self.sandbox.url + self.case.books, verify=PLAIN).json()
        return sum(row["status"].lower() in ("completed", "successful") for row in rows)

    def wait_until_executed(self) -> None:
        """Until the sandbox has carried out what the kiosk does not wait for any more."""
        for _ in range(500):
            if self.executed():
                return
            time.sleep(0.02)
        raise AssertionError("it was never carried out")


@contextmanager
def stand(case: Case, folder: Path, *, limits: bool = False) -> Iterator[Stand]:
    theirs = FixedClock()
    with Sandbox(folder / "books.db", limits=limits, clock=theirs.now) as sandbox:
        yield Stand(case, sandbox, folder, theirs)


def settled(provider: Provider, request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
    """What the queue does about a top-up in doubt: send it again where that is a look-up, else look."""
    return provider.top_up(request) if provider.repeat_is_lookup else provider.look_up(request)
