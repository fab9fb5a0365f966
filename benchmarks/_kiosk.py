"""A whole kiosk around the benchmarks: its configuration, the sandbox as a process of its own, orders that wait."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from kiosk.assembly import House
from kiosk.config import load
from kiosk.facts import Event, Fact
from kiosk.identifiers import SimNumber, new_reference
from kiosk.money import Money
from kiosk.order import Order
from kiosk.plans import Line, LineKind, Plan
from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, training_keys

SIM, PLAN = SimNumber("8900000461442300635"), Plan("change-7days-1gb-topup", "1 GB", 1024, 7, Money(360, "USD"))
PRICE = Money(500, "USD")
CONFIG = """
[kiosk]
id = "K07"
[ledger]
mode = "training"
state_dir = "{folder}/state"
pepper = {{ file = "{folder}/pepper" }}
[prices.fixed]
"change-7days-1gb-topup" = "5.00"
[providers.airalo]
base_url = "{provider}/airalo/v2/"
client_id = "training-client"
client_secret = {{ file = "{folder}/airalo-secret" }}
[tenders.cash]
[tenders.wechat]
base_url = "{rail}/wechat"
mchid = "{mchid}"
appid = "{appid}"
serial_no = "{serial_no}"
private_key = {{ file = "{keys.merchant_private}" }}
platform_public_key_id = "{key_id}"
platform_public_key = {{ file = "{keys.platform_public}" }}
notify_url = "https://example.com/wechat"
merchant_category_code = "4814"
"""


@contextmanager
def sandbox(folder: Path) -> Iterator[str]:
    """`kiosk sandbox --no-limits`, with a float that does not run out. Gives its address."""
    folder.mkdir(parents=True, exist_ok=True)
    books = folder / "sandbox.db"
    command = [sys.executable, "-m", "kiosk", "sandbox", "--no-limits", "--port", "0", "--books", str(books)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            found = re.search(r"answers at (\S+)", process.stdout.readline())
            assert found
            with closing(sqlite3.connect(books)) as connection, connection:
                deposit = (1, "deposit", "", "", "", 0.0, "completed", -10_000_000_00)
                connection.execute("INSERT INTO airalo_orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)", deposit)
            yield found[1]
        finally:
            process.kill()


def configure(folder: Path, *, provider: str, rail: str, keys: Path) -> Path:
    """The configuration file of a kiosk in `folder`; `keys` is the folder of the sandbox's books."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "airalo-secret").write_text("training-secret\n", encoding="utf-8")
    merchant = {"mchid": MCHID, "appid": APPID, "serial_no": MERCHANT_SERIAL, "key_id": PLATFORM_KEY_ID}
    text = CONFIG.format(folder=folder, provider=provider, rail=rail, keys=training_keys(keys), **merchant)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder / "config.toml"


def house_of(config: Path) -> House:
    return House(load(config))


def let_wait(house: House, count: int, since: timedelta) -> None:
    """`count` orders that were paid in cash `since` ago, and wait for their top-up."""
    dice, at = Random(count), house.clock.now() - since
    database = house.ledger.database
    database.execute("PRAGMA synchronous = OFF")
    for number in range(count):
        order = house.ledger.open_order(an_order(dice, at + timedelta(milliseconds=number)), "benchmark", due_at=at)
        paid = Fact(event=Event.PAID, by="benchmark", amount=PRICE, tendered=PRICE)
        house.ledger.record(order, paid, at=order.opened_at)
    database.execute("PRAGMA synchronous = FULL")


def an_order(dice: Random, at: datetime) -> Order:
    return Order(
        reference=new_reference("K07", dice.choice),
        sim_number=SIM,
        provider="airalo",
        tender="cash",
        language="en",
        plan=PLAN,
        lines=(Line(LineKind.PLAN, PLAN.title, PRICE),),
        total=PRICE,
        captures_later=False,
        opened_at=at,
        expires_at=at + timedelta(minutes=30),
        since_at=at,
    )
