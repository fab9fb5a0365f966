"""Training mode as it is shipped: its own sandbox, keys and ledger, and nothing that is slow before it is needed."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kiosk import training
from kiosk.assembly import House
from kiosk.errors import ConfigError
from kiosk.holder import drain
from kiosk.order import State
from kiosk.sandbox.server import Sandbox
from tests.providers.fakes import FixedClock, server
from tests.tenders.till import sold
from tests.world import PLAIN

AT_ONCE = """
import sys
from threading import Thread
from kiosk import training
from kiosk.assembly import House
house = House(training.config(int(sys.argv[1])))
house.ledger
slow = {"httpx", "cryptography", "werkzeug"} & set(sys.modules)
assert not slow, slow
failed = []
def ask(part):
    try:
        getattr(house, part)
    except Exception as error:
        failed.append(error)
threads = [Thread(target=ask, args=(part,)) for part in ("providers", "tenders")]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not failed, failed
print(*house.tenders)
house.close()
"""


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.mark.parametrize("way", ["wechat", "alipay"])
def test_training_sells_by_wallets(way: str) -> None:
    """The shipped configuration and the sandbox's own merchants fit each other."""
    clock = FixedClock()
    with Sandbox(training.state_dir() / "sandbox.db", clock=clock.now) as sandbox:
        house = House(training.config(int(sandbox.url.rpartition(":")[2])), clock)
        queue, name = house.queue(), sold(house, way).reference
        drain(queue)
        httpx.post(house.ledger.order(name).code, data={"answer": "pay"}, verify=PLAIN)
        clock.forward(seconds=2)
        drain(queue)
        order = house.ledger.order(name)
        house.close()

    assert order.state is State.COMPLETED


def test_training_starts_light_and_its_sandbox_starts_once() -> None:
    """The ledger opens without network or keys; providers and tenders, asked for at once, share one sandbox."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, str(port)], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.stdout, done.returncode) == ("cash wechat wechat_scan alipay alipay_scan card\n", 0), done.stderr


def test_a_port_of_somebody_else_is_named() -> None:
    """Another program at the sandbox's port: a sentence for the owner, and no sale to a stranger."""
    with server(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n[]")) as url:
        config = training.config(int(url.rstrip("/").rpartition(":")[2]))

        with pytest.raises(ConfigError, match="another program uses port"):
            training.ensure_sandbox(config)
