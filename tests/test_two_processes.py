"""Two processes on one ledger: one holds the queue, the other says who, and leaves the remotes alone."""

from __future__ import annotations

import signal

from tests.world import World


def test_a_sale_leaves_the_delivery_to_the_holder_and_watches(kiosk: World) -> None:
    """`sell` beside a running `sync` ends delivered, through the other process."""
    sync = kiosk.start("sync")
    assert sync.stdout
    assert "Working the queue" in sync.stdout.readline()
    told = kiosk.sell()
    sync.send_signal(signal.SIGTERM)
    sync.communicate(timeout=20)

    assert f"worked by kiosk sync (process {sync.pid}). It delivers this order; watching." in told
    assert kiosk.orders()[0]["state"] == "COMPLETED"
    assert len(kiosk.delivered()) == 1
    assert len(kiosk.twin.receipts) == 1
    assert sync.returncode == 0


def test_a_second_sync_says_who_holds_the_queue(kiosk: World) -> None:
    """The second one does nothing, names the first, and ends with the code for it."""
    sync = kiosk.start("sync")
    assert sync.stdout
    sync.stdout.readline()
    told = kiosk.run("sync", "--once", code=7)
    sync.send_signal(signal.SIGTERM)
    sync.communicate(timeout=20)

    assert f"The queue is worked by kiosk sync (process {sync.pid})." in told
