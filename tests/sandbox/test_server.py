"""The shell around the sandbox: one port, quiet, keeps connections alive, and two of them share one set of books."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from kiosk.sandbox.server import Sandbox
from tests.sandbox.conftest import PLAIN, SetClock, executed, logged_in

FIELDS = {"package_id": "change-7days-1gb-topup", "iccid": "8900000461442300635"}


def test_health_names_the_remotes(http: httpx.Client) -> None:
    """And an unknown path is a 404 in Airalo's words."""
    unknown = http.get("/airalo/v3/orders")

    assert "airalo" in http.get("/_health").json()["remotes"]
    assert (unknown.status_code, unknown.json()["meta"]["message"]) == (404, "messages.resource_not_found")


def test_every_answer_tells_the_time_of_the_sandbox_s_own_clock(http: httpx.Client, clock: SetClock) -> None:
    """A kiosk that is rehearsed at another time is not told that its clock is wrong."""
    clock.forward(86_400)

    assert http.get("/_health").headers["Date"] == "Mon, 23 Nov 2026 12:00:00 GMT"


def test_a_connection_is_kept_alive_and_bodies_nobody_reads_do_not_disturb_it(sandbox: Sandbox) -> None:
    """Two requests on one socket; the first has a body that its 404 never looks at."""
    host, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line, line.makefile("rb") as reader:
        statuses = []
        for request in (
            b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
            b"GET /_health HTTP/1.1\r\nHost: x\r\n\r\n",
        ):
            line.sendall(request)
            statuses.append(reader.readline().split()[1])
            length = 0
            while (header := reader.readline()) != b"\r\n":
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            reader.read(length)

    assert statuses == [b"404", b"200"]


def test_stopping_hangs_up_on_connections_that_are_kept_alive(tmp_path: Path) -> None:
    """After a stop nobody is answered from the old books."""
    sandbox = Sandbox(tmp_path / "books.db").start()
    with httpx.Client(base_url=sandbox.url, verify=PLAIN) as client:
        client.get("/_health")
        sandbox.stop()

        with pytest.raises(httpx.TransportError):
            client.get("/_health")


def test_a_taken_port_is_said_to_the_caller(sandbox: Sandbox, tmp_path: Path) -> None:
    """An OSError, not an exit of the whole program."""
    with pytest.raises(OSError, match="in use"):
        Sandbox(tmp_path / "other.db", port=int(sandbox.url.rpartition(":")[2]))


def test_nothing_is_said_on_stdout_or_stderr(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The kiosk's own terminal is a screen: one line there would be a hole in it."""
    with Sandbox(tmp_path / "books.db", limits=False) as sandbox, logged_in(sandbox) as client:
        client.get("orders")
        client.get("nowhere")

    assert capfd.readouterr() == ("", "")


def test_a_caller_who_dies_in_the_middle_of_a_request_is_no_news(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A killed kiosk leaves half a body behind: nothing is executed, and nothing is said."""
    with Sandbox(tmp_path / "books.db") as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(b"POST /airalo/v2/orders/topups HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf")
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(1)

    assert answer == b""
    assert capfd.readouterr() == ("", "")


def test_many_threads_lose_no_order(sandbox: Sandbox, http: httpx.Client) -> None:
    """Every top-up that was answered is on the books, each under its own number."""
    with logged_in(sandbox) as client:
        threads = [threading.Thread(target=lambda: client.post("orders/topups", json=FIELDS)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len({order["code"] for order in executed(http)}) == 12


def test_two_processes_share_the_books(sandbox: Sandbox, http: httpx.Client, tmp_path: Path) -> None:
    """A second sandbox in another process writes to the same file while this one does."""
    program = (
        "import httpx, sys, pathlib\n"
        "from kiosk.sandbox.server import Sandbox\n"
        "from tests.sandbox.conftest import logged_in\n"
        "with Sandbox(pathlib.Path(sys.argv[1]), limits=False) as s, logged_in(s) as c:\n"
        f"    for _ in range(5): c.post('orders/topups', json={FIELDS!r}).raise_for_status()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "books.db")]) as other:
        with logged_in(sandbox) as client:
            for _ in range(5):
                client.post("orders/topups", json=FIELDS).raise_for_status()
        other.wait(60)

    assert other.returncode == 0
    assert len(executed(http)) == 10
