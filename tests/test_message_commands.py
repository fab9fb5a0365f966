"""What a clerk sees of messages and does about them, at the command line; two processes never send one twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from kiosk.assembly import House
from kiosk.cli import group
from kiosk.config import load
from kiosk.contacts import Channel, Contact
from kiosk.ledger.desk import open_findings
from kiosk.ledger.messages import leave_contact
from kiosk.notices import kind_of
from kiosk.order import State
from kiosk.sandbox.server import Sandbox
from tests.orders import recorded
from tests.world import CONFIG, PLAIN

SMS = """
[messages.sms]
kind = "twilio"
base_url = "{url}/twilio"
account_sid = "AC00000000000000000000000000000000"
secret = {{ file = "{folder}/airalo-secret" }}
sender = "+15005550006"
"""
PHONE = Contact(Channel.SMS, "+8613800138000", "en")


class Counter:
    """The command line of one kiosk, within the test's own process."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.sandbox, self.config = sandbox, folder / "config.toml"
        (folder / "airalo-secret").touch(0o600)
        (folder / "airalo-secret").write_text("training-secret\n")
        where = {"folder": folder, "state": folder / "state", "url": sandbox.url, "printer_port": 9}
        self.config.write_text(CONFIG.format(**where) + SMS.format(**where))

    def house(self) -> House:
        return House(load(self.config))

    def sell(self, state: State = State.COMPLETED, contact: Contact | None = PHONE) -> str:
        with closing(self.house()) as house:
            order = recorded(house.ledger, state, provider="airalo", tender="cash")
            if contact:
                leave_contact(house.ledger, order, contact, kind_of(order), at=house.clock.now())
        return order.reference

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(group, [*arguments, "--config", str(self.config)])


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with Sandbox(tmp_path / "sandbox.db", limits=False) as sandbox:
        yield Counter(tmp_path, sandbox)


def test_a_clerk_sees_the_messages_of_an_order_and_no_address(counter: Counter) -> None:
    """How each stands, and where it went as far as a clerk may know."""
    name = counter.sell()
    before = counter.run("show", name).output
    counter.run("sync", "--once")
    after = counter.run("show", name).output
    told = json.loads(counter.run("show", name, "--json").output)["messages"]

    assert "message delivered, by sms to +86 *** 8000: waits to be sent" in before
    assert "message delivered, by sms to +86 *** 8000: was taken on; whether it arrived is not known" in after
    assert [(row["kind"], row["status"], row["to"]) for row in told] == [("delivered", "accepted", "+86 *** 8000")]
    assert "13800138000" not in before + after + json.dumps(told)


def test_a_clerk_sends_a_message_again(counter: Counter) -> None:
    """To the address that the customer left, and to no other."""
    name = counter.sell()
    counter.run("sync", "--once")

    said = counter.run("message", name).output
    counter.run("sync", "--once")

    assert "Its message goes to +86 *** 8000" in said
    assert counter.run("show", name).output.count("was taken on") == 2


def test_what_failed_is_listed_until_it_is_sent_again(counter: Counter) -> None:
    """With the reason, for a clerk who goes through them."""
    name = counter.sell(contact=Contact(Channel.SMS, "+15005550009", "en"))
    assert "No message has failed." in counter.run("message", "--failed").output
    counter.run("sync", "--once")
    listed = counter.run("message", "--failed").output
    counter.run("message", name)

    assert "K07-0000-0000-0014  delivered  sms  Twilio 21614: 'To' number is not a valid mobile number" in listed
    assert "No message has failed." in counter.run("message", "--failed").output


@pytest.mark.parametrize(
    ("state", "contact", "told"),
    [
        (State.COMPLETED, None, "Nobody left an address for K07-0000-0000-0014, or it was deleted since."),
        (State.ABANDONED, PHONE, "There is nothing to tell about this order"),
    ],
)
def test_a_message_that_cannot_be_is_refused_with_why(
    counter: Counter, state: State, contact: Contact | None, told: str
) -> None:
    """Nothing is queued."""
    name = counter.sell(state, contact)
    result = counter.run("message", name)

    assert result.exit_code != 0
    assert told in str(result.exception)


def test_a_wrong_table_is_a_finding_and_stops_no_order(counter: Counter) -> None:
    """The owner reads which key is wrong; the queue is worked as always."""
    name = counter.sell(State.SUBMITTING)
    counter.config.write_text(counter.config.read_text().replace("sender =", "sendr ="))
    result = counter.run("sync", "--once")

    assert result.exit_code == 0
    with closing(counter.house()) as house:
        reasons = [finding.reason for finding in open_findings(house.ledger)]
    assert [reason for reason in reasons if "messages.sms.sendr: no such key" in reason]
    assert "waits to be sent" in counter.run("show", name).output


@pytest.mark.prove
def test_a_kill_in_the_middle_of_a_call_sends_the_message_again(counter: Counter) -> None:
    """A real process, killed while the gateway is at it: the next one sends again; the order knows nothing of it."""
    name = counter.sell()
    rule = {"remote": "twilio", "endpoint": "POST *", "delay_s": 1, "times": 1}
    assert httpx.put(f"{counter.sandbox.url}/_knobs", json=rule, verify=PLAIN).status_code == 200
    command = [sys.executable, "-m", "kiosk", "sync", "--once", "--config", str(counter.config)]
    with subprocess.Popen(command) as process:
        while httpx.get(f"{counter.sandbox.url}/_knobs", verify=PLAIN).json()["knobs"]:  # until the call is there
            assert process.poll() is None
        assert "is being sent" in counter.run("show", name).output
        process.kill()
    counter.run("sync", "--once")

    deadline = time.monotonic() + 20
    while len(taken := httpx.get(f"{counter.sandbox.url}/_books/twilio/messages", verify=PLAIN).json()) < 2:
        assert time.monotonic() < deadline, taken
        time.sleep(0.05)
    assert {row["body"] for row in taken} == {taken[0]["body"]}
    assert counter.run("show", name).output.count("was taken on") == 1
    assert "COMPLETED" in counter.run("show", name).output


def test_two_processes_do_not_send_at_the_same_time(counter: Counter) -> None:
    """Who does not hold the queue sends nothing."""
    counter.sell()
    with closing(counter.house()) as house, house.lock("another kiosk"):
        result = counter.run("sync", "--once")

    assert "The queue is worked by another kiosk" in str(result.exception)
    assert httpx.get(f"{counter.sandbox.url}/_books/twilio/messages", verify=PLAIN).json() == []


def test_the_doctor_greets_who_sends_messages(counter: Counter) -> None:
    """A wrong log-in is found before the first customer; nothing is sent."""
    good = counter.run("doctor").output
    text = counter.config.read_text()
    counter.config.write_text(text.replace("AC" + 32 * "0", "AC" + 32 * "1"))
    wrong = counter.run("doctor").output
    counter.config.write_text(text.partition("[messages.sms]")[0])

    assert "ok     messages   sms can be sent" in good
    assert "WRONG  messages   Twilio 20003: Authenticate" in wrong
    assert "note   messages   there are none to customers" in counter.run("doctor").output
    assert httpx.get(f"{counter.sandbox.url}/_books/twilio/messages", verify=PLAIN).json() == []
