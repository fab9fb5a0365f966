"""A small world around the real program: the sandbox over HTTP, a printer on TCP, a ledger on disk, real processes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx

from devices.twin import PrinterTwin
from kiosk import clerks
from kiosk.assembly import House
from kiosk.config import load
from kiosk.ports import Clock
from kiosk.sandbox.server import Sandbox
from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, training_keys

PIN = "135790"
SIM = "8900000461442300635"
PLAN = "change-30days-10gb-topup"
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used, but httpx would load all certificates for each call

CONFIG = """
[kiosk]
id = "K07"
name = "US DATA SIM TOP-UP"
help_line = "+1 305 555 0142"
refund_policy = {{ en = "Not delivered: refunded in full.", zh = "未到账全额退款。" }}

[ledger]
mode = "training"
state_dir = "{state}"
pepper = {{ file = "{state}/pepper" }}

[sync]
backoff_first_s = 0.2
backoff_max_s = 0.5

[providers.airalo]
base_url = "{url}/airalo/v2/"
client_id = "training-client"
client_secret = {{ file = "{folder}/airalo-secret" }}
timeout_s = 5

[tenders.cash]

[printer]
kind = "network"
host = "127.0.0.1"
port = {printer_port}
timeout_s = 2
"""

WECHAT = """
[tenders.wechat]
base_url = "{url}/wechat"
mchid = "{mchid}"
appid = "{appid}"
serial_no = "{serial_no}"
private_key = {{ file = "{keys.merchant_private}" }}
platform_public_key_id = "{key_id}"
platform_public_key = {{ file = "{keys.platform_public}" }}
notify_url = "https://example.com/wechat"
merchant_category_code = "4814"
timeout_s = 5
"""

RELOADLY = """
[providers.reloadly]
base_url = "{url}/reloadly/topups/"
auth_url = "{url}/reloadly/auth/"
client_id = "training-client"
client_secret = {{ file = "{folder}/airalo-secret" }}
also = {{ "801" = [802] }}
timeout_s = 5

[[sims]]
prefix = "+1"
provider = "reloadly"
"""


class Remotes(Protocol):
    """Where the sandbox answers, in this process or in another."""

    @property
    def url(self) -> str: ...

    def stop(self) -> None: ...


class World:
    """One kiosk with everything around it. `run` starts the real program as a process of its own."""

    def __init__(self, folder: Path, sandbox: Remotes, twin: PrinterTwin, *, wechat: bool = False) -> None:
        self.folder, self.sandbox, self.twin = folder, sandbox, twin
        self.state = folder / "state"
        self.config = folder / "config.toml"
        text = CONFIG.format(folder=folder, state=self.state, url=sandbox.url, printer_port=twin.port)
        text += wechat_table(folder, sandbox) if wechat else ""
        self.config.write_text(text, encoding="utf-8")
        secret = folder / "airalo-secret"
        secret.touch(0o600)
        secret.write_text("training-secret\n", encoding="utf-8")
        self.env = os.environ | {"KIOSK_CONFIG": str(self.config)}
        self.python = sys.executable

    def take_phones(self) -> None:
        """From its next start on this kiosk takes phone numbers, too: Airalo has the cards, Reloadly the phones."""
        with self.config.open("a", encoding="utf-8") as config:
            config.write(RELOADLY.format(url=self.sandbox.url, folder=self.folder))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The program, running; its standard input is open."""
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "kiosk", *arguments]
        return subprocess.Popen(command, env=self.env, text=True, stdin=pipe, stdout=pipe, stderr=pipe)

    def run(self, *arguments: str, pin: str = "", code: int = 0) -> str:
        """The program, run to its end; what it printed. Its exit code must be `code`."""
        process = self.start(*arguments)
        out, err = process.communicate(pin + "\n", timeout=60)
        assert process.returncode == code, f"{arguments} ended with {process.returncode}:\n{out}\n{err}"
        return out + err

    def hire(self, name: str, role: str) -> None:
        """As `kiosk clerk add` does, without a process: every test needs somebody."""
        with closing(self.house()) as house:
            pepper = clerks.pepper_of(house.config.file.ledger.pepper, "ledger.pepper")
            clerks.add_clerk(house.ledger, pepper, name, PIN, role, at=house.clock.now())

    def sell_arguments(self, *more: str) -> tuple[str, ...]:
        return ("sell", "--iccid", SIM, "--plan", PLAN, "--clerk", "mei", "--tendered", "30", *more)

    def sell(self, *more: str, code: int = 0) -> str:
        return self.run(*self.sell_arguments(*more), pin=PIN, code=code)

    def run_until_settled(self, seconds: float = 20) -> None:
        """`kiosk sync --once`, again and again, until no order waits for an answer."""
        deadline = time.monotonic() + seconds
        while "0 orders wait" not in self.run("sync", "--once"):
            assert time.monotonic() < deadline, "orders still wait"
            time.sleep(0.2)

    def set(self, table: str, instead_of: str = "[printer]") -> None:
        """Another setting in config.toml: a whole table, before that of the printer or in the place of one's head."""
        kept = "" if instead_of != "[printer]" else f"\n\n{instead_of}"
        text = self.config.read_text(encoding="utf-8")
        assert text.count(instead_of) == 1
        self.config.write_text(text.replace(instead_of, table + kept), encoding="utf-8")

    def orders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("orders", "--json"))
        return found

    def found(self, number: str) -> list[dict[str, Any]]:
        """The orders of this SIM, as a clerk looks for them."""
        found: list[dict[str, Any]] = json.loads(self.run("orders", "--phone", number, "--json"))
        return found

    def delivered(self) -> list[dict[str, Any]]:
        """The provider's own books: every top-up that it executed."""
        return self.books("airalo/orders")

    def books(self, name: str) -> list[dict[str, Any]]:
        """What truly happened at a remote, whatever the kiosk got to see of it."""
        rows: list[dict[str, Any]] = httpx.get(f"{self.sandbox.url}/_books/{name}", verify=PLAIN).json()
        return rows

    def turn(self, **rule: Any) -> None:
        """Rehearse a fault: of the provider, unless the rule names another remote."""
        answer = httpx.put(f"{self.sandbox.url}/_knobs", json={"remote": "airalo", **rule}, verify=PLAIN)
        assert answer.status_code == 200, answer.text

    def clear_faults(self) -> None:
        httpx.delete(f"{self.sandbox.url}/_knobs", verify=PLAIN)

    def rows(self, sql: str) -> list[sqlite3.Row]:
        """The ledger as any SQLite tool sees it."""
        connection = sqlite3.connect(self.state / "ledger.db")
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def wait_for(self, sql: str, seconds: float = 20) -> None:
        """Until the ledger answers `sql` with a row."""
        deadline = time.monotonic() + seconds
        while not ((self.state / "ledger.db").exists() and self._holds(sql)):
            assert time.monotonic() < deadline, f"never true: {sql}"
            time.sleep(0.02)

    def _holds(self, sql: str) -> bool:
        try:
            return bool(self.rows(sql))
        except sqlite3.OperationalError:  # its tables are being made
            return False

    def house(self, clock: Clock | None = None) -> House:
        """The same kiosk within the test's own process."""
        return House(load(self.config), clock)


def wechat_table(folder: Path, sandbox: Remotes) -> str:
    """WeChat Pay of the sandbox whose books are in `folder`; its keys are made beside them."""
    return WECHAT.format(
        url=sandbox.url,
        mchid=MCHID,
        appid=APPID,
        serial_no=MERCHANT_SERIAL,
        key_id=PLATFORM_KEY_ID,
        keys=training_keys(folder),
    )


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9, as a power cut would."""
    process.send_signal(signal.SIGKILL)
    process.communicate()


@contextmanager
def world(folder: Path, *, wechat: bool = False, owner: str = "mei") -> Iterator[World]:
    with Sandbox(folder / "sandbox.db", limits=False) as sandbox, PrinterTwin() as twin:
        made = World(folder, sandbox, twin, wechat=wechat)
        if owner:
            made.hire(owner, "owner")
        yield made
