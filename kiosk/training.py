"""Training mode: a whole kiosk on this machine, with a ledger, a sandbox and a clerk of its own. No real money."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from kiosk.config import EMBEDDED, Config, check
from kiosk.errors import ClerkError, ConfigError

if TYPE_CHECKING:
    from kiosk.ledger import Ledger
    from kiosk.ports import Clock

CLERK, PIN = "demo", "246810"
PORT = 8731
PRINTER_PORT = 9109
"""Where the simulated printer of training mode listens: `kiosk devices simulate printer --training`."""
SCANNER = "scanner"
"""The line of a simulated scanner, in the state folder: `kiosk devices simulate scanner --training`."""
SECRETS = {"training-secret": "training-secret", "stripe-key": "sk_test_training"}
"""What the sandbox takes, each in a file of its own: worth nothing anywhere else."""
TEMPLATE = Path(__file__).parent / "training.toml"

_starting = Lock()


def state_dir() -> Path:
    """Where training keeps its ledger: the user's own state folder."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "kiosk-training"


def banner() -> str:
    """What somebody who practises needs to know."""
    return (
        f"Training mode: no real money. The ledger and the receipts are in {state_dir()}.\n"
        f"The clerk is {CLERK}, the PIN {PIN}. A card to try: 8900 0004 6144 2300 635,\n"
        f"a phone number: 305 555 0142.\n"
        f"A phone that shows a payment code: http://127.0.0.1:{PORT}/phone/wechat\n"
        f"Cash is taken at the kiosk (K), or in a second terminal: kiosk cash REFERENCE --training --clerk {CLERK}\n"
        f"Messages to customers: http://127.0.0.1:{PORT}/phone/messages, e-mails in {state_dir() / 'mails'}\n"
        f"Bank cards are held to a page: http://127.0.0.1:{PORT}/reader\n"
        f"A printer that runs out of paper: kiosk devices simulate printer --training, started before the kiosk.\n"
        f"For clerks: F10 opens the counter at the kiosk, F10 twice ends the kiosk."
    )


def config(port: int = PORT) -> Config:
    """The embedded configuration of training mode; makes its folder and its (worthless) secrets."""
    state = state_dir()
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in SECRETS.items():
            if not (secret := state / name).exists():
                secret.touch(0o600)
                secret.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"Training keeps its ledger in {state}, which cannot be used: {error.strerror}.") from None
    text = TEMPLATE.read_text(encoding="utf-8").replace("{state}", str(state)).replace("{port}", str(port))
    raw = tomllib.loads(text)
    if _listens(PRINTER_PORT):
        raw["printer"] = {"kind": "network", "host": "127.0.0.1", "port": PRINTER_PORT}
    return check(raw, EMBEDDED)


def _listens(port: int) -> bool:
    """Whether somebody does at this port of this machine."""
    import socket

    with socket.socket() as knock:
        knock.settimeout(1)
        return knock.connect_ex(("127.0.0.1", port)) == 0


def ensure_clerk(ledger: Ledger, config: Config, clock: Clock) -> None:
    """The clerk `demo`, whose PIN everybody may know, in the embedded training ledger only."""
    from kiosk.ledger import desk

    try:
        desk.pin_hash_of(ledger, CLERK)
    except ClerkError:
        from kiosk.clerks import add_clerk, pepper_of  # argon2 costs 60 ms

        add_clerk(ledger, pepper_of(config.file.ledger.pepper, "ledger.pepper"), CLERK, PIN, "owner", at=clock.now())


def ensure_sandbox(config: Config) -> None:
    """See that the sandbox runs, in this process or in another training process, and that its keys are made.

    Threads may ask at the same time. Raises ConfigError.
    """
    from kiosk.sandbox.wechat_keys import training_keys  # costs 50 ms, and only training needs it

    training_keys(config.state_dir)
    port = config.file.sandbox.port
    with _starting:
        if _answers(port):
            return
        from kiosk.sandbox.server import Sandbox  # costs 150 ms more

        try:
            Sandbox(config.state_dir / "sandbox.db", port=port).start()
        except OSError:  # taken, by another training process in this very moment or by something else
            if not _answers(port):
                raise ConfigError(f"sandbox.port: another program uses port {port} of this machine; stop it.") from None


def _answers(port: int) -> bool:
    """Whether a sandbox stands at this port."""
    import json
    import urllib.request
    from http.client import HTTPException

    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_health", timeout=2) as answer:
            return "remotes" in json.load(answer)
    except (OSError, HTTPException, ValueError, TypeError):
        return False
