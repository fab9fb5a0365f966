"""A stranger leaves a mobile number by touch alone, in a real terminal, and the message is on the phone."""

from __future__ import annotations

import time

import httpx
import pytest

from kiosk.sandbox.twilio import ACCOUNT, SENDERS
from tests.journeys.terminal import Terminal
from tests.journeys.visits import to_payment
from tests.world import PIN, PLAIN, World

SMS = f"""
[messages.sms]
kind = "twilio"
base_url = "{{url}}/twilio"
account_sid = "{ACCOUNT}"
secret = {{{{ file = "{{folder}}/airalo-secret" }}}}
sender = "{SENDERS[0]}"

[printer]"""


@pytest.mark.prove
def test_a_message_that_is_asked_for_by_touch_is_on_the_phone(kiosk: World) -> None:
    """Although its first reply is lost; the address is on no screen afterwards, and in no log."""
    text = kiosk.config.read_text(encoding="utf-8")
    made = SMS.format(url=kiosk.sandbox.url, folder=kiosk.folder)
    kiosk.config.write_text(text.replace("\n[printer]", made), encoding="utf-8")
    kiosk.turn(remote="twilio", endpoint="POST *", lose_reply=True, times=1)
    with Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, "1")
        terminal.wait_for("Please pay")
        order = kiosk.orders()[0]["reference"]
        kiosk.run("cash", order, "--clerk", "mei", "--tendered", "30", pin=PIN)
        terminal.wait_for("Delivered: 10 GB")
        terminal.touch("M  Message")
        terminal.wait_for("To which mobile number")
        for key in "+447400123456":
            terminal.touch_key(key)
        terminal.wait_for("Mobile number +44 7400 123456")
        terminal.touch_key("OK")
        seen = terminal.wait_for("Messages go to +44 *** 3456")

    deadline = time.monotonic() + 30
    while len(taken := httpx.get(f"{kiosk.sandbox.url}/_books/twilio/messages", verify=PLAIN).json()) < 2:
        assert time.monotonic() < deadline, taken
        kiosk.run("sync", "--once")
    assert {(row["to"], row["body"]) for row in taken} == {("+447400123456", taken[0]["body"])}
    assert "delivered, 10 GB, 30 days" in taken[0]["body"]
    assert "7400" not in seen + (kiosk.state / "kiosk.log").read_text()
    assert "to +44 *** 3456: was taken on" in kiosk.run("show", order)
    kiosk.run("verify")
