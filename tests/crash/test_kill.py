"""kill -9 in the middle of a sale: what was paid is delivered once, whatever was lost."""

from __future__ import annotations

import subprocess

import pytest

from tests.world import PIN, World, kill


def start_selling(kiosk: World) -> subprocess.Popen[str]:
    """A sale as a process of its own, its PIN typed."""
    process = kiosk.start(*kiosk.sell_arguments())
    assert process.stdin
    process.stdin.write(PIN + "\n")
    process.stdin.flush()
    return process


def test_killed_between_payment_and_delivery_it_is_delivered_once(kiosk: World) -> None:
    """Paid on disk and nothing sent: the next process that works the queue sends it, once."""
    house = kiosk.house()
    with house.lock("a holder that does nothing"):
        process = start_selling(kiosk)
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'SUBMITTING'")
        kill(process)
    assert kiosk.delivered() == []
    kiosk.run("sync", "--once")
    kiosk.run("sync", "--once")

    assert kiosk.orders()[0]["state"] == "COMPLETED"
    assert len(kiosk.delivered()) == 1
    kiosk.run("verify")


@pytest.mark.prove
def test_killed_with_the_reply_lost_it_is_found_in_the_provider_s_list(kiosk: World) -> None:
    """The top-up was executed and its answer never came: it is found by its reference, not sent again."""
    kiosk.turn(endpoint="POST orders/topups", lose_reply=True)
    kiosk.turn(endpoint="GET orders", down=True)
    process = start_selling(kiosk)
    kiosk.wait_for("SELECT 1 FROM attempts WHERE call = 'top_up' AND outcome = 'unknown'")
    kill(process)
    kiosk.clear_faults()
    assert len(kiosk.delivered()) == 1
    kiosk.run_until_settled()

    assert kiosk.orders()[0]["state"] == "COMPLETED"
    assert len(kiosk.delivered()) == 1
    kiosk.run("verify")


@pytest.mark.prove
def test_killed_in_the_middle_of_the_call_it_is_looked_up_and_never_sent_again_by_itself(kiosk: World) -> None:
    """Nobody knows whether it was sent, and the provider does not list it: a clerk will decide, not a retry."""
    kiosk.turn(endpoint="POST orders/topups", delay_s=30, down=True)
    process = start_selling(kiosk)
    kiosk.wait_for("SELECT 1 FROM attempts WHERE call = 'top_up' AND outcome IS NULL")
    kill(process)
    kiosk.clear_faults()
    kiosk.run("sync", "--once")

    assert kiosk.orders()[0]["state"] == "SUBMITTING"
    assert kiosk.delivered() == []
    assert len(kiosk.rows("SELECT 1 FROM attempts WHERE call = 'top_up'")) == 1
    kiosk.run("verify")
