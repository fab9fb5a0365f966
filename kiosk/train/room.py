"""The training room: a folder of its own for each time, with its ledger, a sandbox, a printer and the queue at work.

It lies beside the everyday training ledger, and shares nothing with it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import training
from kiosk.errors import ConfigError, QueueHeld
from kiosk.train.shifts import begin_shift
from kiosk.train.shop import Shop

if TYPE_CHECKING:
    from kiosk.assembly import House

TEMPLATE = Path(__file__).with_name("shop.toml")
MOMENT_S = 0.2


@contextmanager
def training_room() -> Iterator[Shop]:
    """The shop, open and with the queue at work; closed afterwards. Raises ConfigError."""
    from devices.twin import PrinterTwin
    from kiosk.assembly import House
    from kiosk.backstage import Backstage
    from kiosk.config import load
    from kiosk.log import log_to
    from kiosk.sandbox.server import Sandbox

    folder = _new_folder()
    log_to(folder / "kiosk.log")
    with Sandbox(folder / "sandbox.db", limits=False) as sandbox, PrinterTwin() as paper:
        house = House(load(furnish(folder, sandbox.url, paper.port)))
        hire(house)
        behind = Backstage(house, "kiosk train")
        behind.start()
        try:
            shop = Shop(house, sandbox.url, paper, lambda: time.sleep(MOMENT_S))
            begin_shift(shop)
            yield shop
        finally:
            behind.stop()
            house.close()


def furnish(folder: Path, url: str, printer_port: int) -> Path:
    """The configuration of a shop in this folder, with its (worthless) keys and secrets. Returns its file."""
    from kiosk.sandbox.wechat_keys import training_keys

    training_keys(folder)
    for name, text in training.SECRETS.items():
        (folder / name).touch(0o600)
        (folder / name).write_text(f"{text}\n", encoding="utf-8")
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in {"{state}": str(folder), "{url}": url, "{printer_port}": str(printer_port)}.items():
        text = text.replace(name, value)
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def hire(house: House) -> None:
    """The clerk who practises, whose PIN everybody may know."""
    training.ensure_clerk(house.ledger, house.config, house.clock)


def _new_folder() -> Path:
    """Beside the everyday one; those of earlier times go, unless somebody practises there still."""
    beside = training.state_dir().with_name("kiosk-train")
    try:
        for old in beside.glob("2*"):
            _clear_away(old)
        folder = beside / f"{datetime.now().astimezone():%Y-%m-%d-%H%M%S-%f}"
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise ConfigError(f"Training keeps its ledger in {beside}, which cannot be used: {error.strerror}.") from None
    return folder


def _clear_away(folder: Path) -> None:
    from kiosk.holder import QueueLock

    with suppress(QueueHeld), QueueLock(folder / "queue.lock", "clearing away"):
        shutil.rmtree(folder)
