"""What a clerk or a script gives the command line: every wrong word is answered by a sentence and a code."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta

import pexpect
import pytest

from kiosk.facts import Event
from kiosk.identifiers import grouped_reference, new_reference
from kiosk.order import Order, State
from tests.orders import PATHS, a_fact, an_order, reference
from tests.shell import kiosk_says
from tests.world import PIN, PLAN, SIM, World, kill, world

OLD = reference(1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One kiosk for all the questions that change nothing."""
    with world(tmp_path_factory.mktemp("shop")) as made:
        yield made


def recorded(kiosk: World, *events: Event) -> Order:
    """A cash order of this kiosk, after these events."""
    house = kiosk.house()
    at = house.clock.now()
    waits = {"opened_at": at, "since_at": at, "expires_at": at + timedelta(minutes=30)}
    new = an_order(reference=new_reference("T07", lambda _: "7"), tender="cash", **waits)
    order = house.ledger.open_order(new, "clerk:mei", due_at=at)
    for event in events:
        order = house.ledger.record(order, a_fact(event), at=at)
    house.close()
    return order


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ("sell --iccid {sim} --plan {plan} --clerk mei --pin-fd -1", 2, "Invalid value for '--pin-fd'"),
        ("sell --iccid {sim} --plan {plan} --clerk mei --pin-fd 63", 4, "cannot be read from file descriptor 63"),
        ("sell --iccid {sim} --plan {plan} --clerk mei --tendered=", 5, "'' is not an amount of money"),
        ("sell --iccid {sim} --plan {plan} --clerk mei --tendered 1e30", 5, "more USD than there can be"),
        ("sell --iccid {sim} --plan {plan} --clerk mei --wait nan", 2, "Invalid value for '--wait'"),
        ("sell --iccid {sim} --plan {plan} --clerk mei --wait -1", 2, "Invalid value for '--wait'"),
        ("sell --iccid {sim} --plan no-such --clerk mei", 6, "does not take the plan 'no-such'; plans for it: change-"),
        ("sell --iccid {sim} --plan {plan} --clerk mei --tender wechat", 9, "ways to pay: cash"),
        ("orders --iccid 0635", 5, "give the whole number, or its last six digits"),
        ("orders --iccid four-teen", 5, "give the whole number, or its last six digits"),
        ("orders --phone 3055550142", 5, "give the whole number, or its last six digits"),
        ("plans --phone 3055550142", 5, "A card number begins with 89"),
        ("show K07", 5, "is not a reference; one looks like"),
        ("show {old}", 8, "There is no order"),
        ("decide {old} refund --to submitting --clerk mei --reason why", 2, "--to goes with resume only"),
        ("decide F1 refund --clerk mei --reason why", 9, "can only be decided as done"),
        ("decide F1 done --clerk mei --reason why", 8, "There is no open finding F1"),
        ("decide {old} refund --clerk mei --reason=", 9, "A decision needs a reason"),
        ("verify --head 17", 5, "is not the head of a ledger; it looks like"),
        ("verify --head 2:20a4", 5, "is not the head of a ledger; it looks like"),
        ("backup /no/such/folder/copy.db", 8, "/no/such/folder"),
        ("sandbox --port 0 --books /proc/none/books.db", 3, "cannot use its books in /proc/none/books.db"),
        ("sandbox --port 0 --books /", 3, "cannot use its books in /"),
        ("sandbox --port 0 --bind 192.0.2.1", 3, "cannot use port 0 of 192.0.2.1"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_answered_by_a_sentence_and_a_code(
    shop: World, arguments: str, code: int, sentence: str
) -> None:
    """Never by a traceback, never by silence, and nothing is sold."""
    words = [word.format(sim=SIM, plan=PLAN, old=OLD) for word in arguments.split()]
    ended, said = kiosk_says(*words, config=shop.config, given=f"{PIN}\n".encode())

    assert sentence in said
    assert ended == code
    assert "Traceback" not in said
    assert shop.rows("SELECT 1 FROM orders") == []


@pytest.mark.parametrize("given", [b"", b"\n", b"\xff\xfe\n", b"\x00\n"])
def test_bytes_that_are_no_pin_sell_nothing(shop: World, given: bytes) -> None:
    """Nothing, an empty line, or what is no text."""
    ended, said = kiosk_says("sell", "--iccid", SIM, "--plan", PLAN, "--clerk", "mei", config=shop.config, given=given)

    assert ended == 4
    assert "PIN" in said
    assert shop.rows("SELECT 1 FROM orders") == []


def test_a_closed_standard_input_gives_no_pin(shop: World) -> None:
    """As from a service manager that closes it."""
    command = ["/bin/sh", "-c", 'exec "$0" -m kiosk clerk add ana <&-', shop.python]
    done = subprocess.run(command, env=shop.env, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (4, "kiosk: No PIN was given.\n")


def test_a_new_pin_is_typed_twice_and_never_shown(shop: World) -> None:
    """On a terminal: whoever mistypes it would be locked out."""
    program = pexpect.spawn(shop.python, ["-m", "kiosk", "clerk", "add", "zoe"], env=shop.env, encoding="utf-8")
    seen = ""
    for prompt, typed in (("A PIN for zoe", PIN), ("Once more", "135709"), ("A PIN for zoe", PIN), ("Once more", PIN)):
        program.expect(prompt)
        seen += str(program.before)
        program.sendline(typed)
    seen += program.read()
    program.close()

    assert program.exitstatus == 0
    assert "do not match" in seen
    assert "zoe is added" in seen
    assert PIN not in seen


def test_a_full_disk_under_the_output_is_said_in_a_sentence(shop: World) -> None:
    """And has a code of its own: nothing is wrong with the ledger."""
    command = ["/bin/sh", "-c", 'exec "$0" -m kiosk clerk list >/dev/full', shop.python]
    done = subprocess.run(command, env=shop.env, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 14
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_defect_of_ours_is_a_sentence_and_the_log_has_the_rest(kiosk: World) -> None:
    """Here: a row that no kiosk ever wrote."""
    recorded(kiosk, Event.PAID)
    connection = sqlite3.connect(kiosk.state / "ledger.db")
    connection.execute("UPDATE orders SET lines = '{}'")
    connection.commit()
    connection.close()
    ended, said = kiosk_says("orders", config=kiosk.config)

    assert ended == 14
    assert "What was paid is on record" in said
    assert "Traceback" not in said
    assert "Traceback" in (kiosk.state / "kiosk.log").read_text()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('state_dir = "{state}"', 'state_dir = "/proc/none"', "ledger.state_dir: /proc/none cannot be used: No such"),
        ('state_dir = "{state}"', 'state_dir = "{config}"', "ledger.state_dir: {config} cannot be used: File exists"),
        ('file = "{state}/pepper"', 'file = "/proc/none"', "ledger.pepper: /proc/none cannot be made: No such"),
        ('kind = "network"', 'kind = "file"', "other.toml: printer.path: is missing"),
    ],
)
def test_a_place_that_cannot_be_used_is_named_by_its_key(shop: World, old: str, new: str, sentence: str) -> None:
    """Before money is taken."""
    places = {"state": shop.state, "config": shop.config}
    config = shop.folder / "other.toml"
    config.write_text(shop.config.read_text().replace(old.format(**places), new.format(**places)))
    ended, said = kiosk_says(*shop.sell_arguments(), config=config, given=f"{PIN}\n".encode())

    assert sentence.format(**places) in said
    assert ended == 3
    assert shop.rows("SELECT 1 FROM orders") == []


@pytest.mark.parametrize("state", [State.SUBMITTING, State.REFUNDING, State.REFUNDED])
def test_no_cash_is_taken_for_an_order_that_is_paid(kiosk: World, state: State) -> None:
    """The clerk reads that nothing is due, in words of the counter."""
    order = recorded(kiosk, *PATHS[state])
    ended, said = kiosk_says("cash", order.reference, "--clerk", "mei", config=kiosk.config, given=f"{PIN}\n".encode())

    assert ended == 9
    assert f"is {state}: no cash is due for it." in said


@pytest.mark.parametrize(
    ("events", "advice"),
    [
        ((), "Once the cash is taken: kiosk cash {name}"),
        ((Event.PAID,), "while `kiosk run` or `kiosk sync` runs"),
        ((Event.PAID, Event.REJECTED), "Hand back 17.50 USD, then: kiosk cash-back {name}"),
        ((Event.PAID, Event.ESCALATED), "Decide it: kiosk decide {name} resume|refund"),
    ],
)
def test_show_says_what_a_person_does_next(kiosk: World, events: tuple[Event, ...], advice: str) -> None:
    """With the command to type."""
    order = recorded(kiosk, *events)
    ended, said = kiosk_says("show", order.reference, config=kiosk.config)

    assert ended == 0
    assert advice.format(name=grouped_reference(order.reference)) in said


def test_show_tells_a_script_the_whole_order(kiosk: World) -> None:
    """Lines, cost, cash, numbers, attempts and the next look; times in the text by the shop's clock."""
    order = recorded(kiosk, Event.PAID, Event.ESCALATED)
    told = json.loads(kiosk_says("show", order.reference, "--json", config=kiosk.config)[1])
    shown = kiosk_says("show", order.reference, config=kiosk.config)[1]

    assert [(line["kind"], line["amount_minor"]) for line in told["lines"]] == [
        ("plan", 1800), ("discount", -200), ("tax", 150),
    ]  # fmt: skip
    assert (told["wholesale_minor"], told["wholesale_currency"], told["payment_number"]) == (1000, "USD", "4200001234")
    assert (told["paid_minor"], told["attempts"], told["next_look_at"]) == (1750, [], None)
    assert "until 2026-08-01 18:32" in shown  # 22:32 UTC
    assert "deadline_at" not in shown


def test_what_came_from_outside_commands_no_terminal(kiosk: World) -> None:
    """A clerk's reason, or a remote's words, with an ESC in them: shown to the next clerk without it."""
    recorded(kiosk, Event.PAID)
    house = kiosk.house()
    order = house.ledger.orders()[0]
    fact = a_fact(Event.ESCALATED, reason="look\x1b]0;owned\x07 here\nREFUNDED", by="air\x1b[2Jalo")
    house.ledger.record(order, fact, at=house.clock.now())
    house.close()

    for command in (("show", order.reference), ("review",), ("orders",)):
        said = kiosk_says(*command, config=kiosk.config)[1]
        assert "\x1b" not in said
        assert "\x07" not in said
    assert "look]0;owned here REFUNDED" in kiosk_says("review", config=kiosk.config)[1]


def test_review_says_how_to_decide_what_it_lists(kiosk: World) -> None:
    """An order in one way, a finding in another; neither where there is none."""
    from kiosk.ledger.desk import open_finding

    house = kiosk.house()
    at = house.clock.now()
    open_finding(house.ledger, "float", "the float is low", at=at, deadline_at=at + timedelta(hours=4))
    house.close()
    only_finding = kiosk_says("review", config=kiosk.config)[1]
    recorded(kiosk, Event.PAID, Event.ESCALATED)
    both = kiosk_says("review", config=kiosk.config)[1]

    assert "kiosk decide F1 done" in only_finding
    assert "REFERENCE" not in only_finding
    assert "kiosk decide REFERENCE resume|refund" in both


def test_plans_without_a_price_are_named_to_the_owner(kiosk: World) -> None:
    """A kiosk of another currency than the provider's sells nothing, and says why."""
    text = kiosk.config.read_text().replace('id = "K07"', 'id = "K07"\ncurrency = "EUR"')
    kiosk.config.write_text(text)
    ended, said = kiosk_says("plans", "--iccid", SIM, config=kiosk.config)

    assert ended == 0
    assert "8 not for sale: bought in USD, sold in EUR. Give them a price in [prices.fixed]." in said


def selling(kiosk: World) -> subprocess.Popen[str]:
    """A sale of which the provider says no more than that it is busy, its PIN typed."""
    kiosk.turn(endpoint="POST orders/topups", fail_before=429)
    process = kiosk.start(*kiosk.sell_arguments())
    assert process.stdin
    process.stdin.write(PIN + "\n")
    process.stdin.flush()
    kiosk.wait_for("SELECT 1 FROM attempts WHERE outcome IS NOT NULL")
    return process


def test_ctrl_c_ends_the_waiting_and_not_the_sale(kiosk: World) -> None:
    """The money is taken: the clerk is told where it stands, and the customer gets the paper."""
    process = selling(kiosk)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert process.returncode == 10, err
    assert "SUBMITTING: paid; the top-up is being delivered" in out
    assert "while `kiosk run` or `kiosk sync` runs" in out
    assert "It will be delivered automatically." in kiosk.twin.receipts[0]


@pytest.mark.prove
def test_a_sale_takes_the_queue_over_from_a_holder_that_died(kiosk: World) -> None:
    """It watched; then nobody was left to deliver."""
    kiosk.turn(endpoint="POST orders/topups", fail_before=429)
    sync = kiosk.start("sync")
    assert sync.stdout
    sync.stdout.readline()
    process = selling(kiosk)
    kill(sync)
    time.sleep(0.3)
    kiosk.clear_faults()
    out, err = process.communicate(timeout=30)

    assert process.returncode == 0, err
    assert f"worked by kiosk sync (process {sync.pid})" in out
    assert kiosk.orders()[0]["state"] == "COMPLETED"
    assert len(kiosk.delivered()) == 1


def test_training_stands_above_the_environment_s_configuration(kiosk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who exports KIOSK_CONFIG can still practise; both on the command line contradict each other."""
    monkeypatch.setenv("XDG_STATE_HOME", str(kiosk.folder))
    practised = kiosk_says("orders", "--training", config=kiosk.config)
    both = kiosk_says("orders", "--training", "--config", str(kiosk.config))

    assert practised == (0, "No orders.\n")
    assert (kiosk.folder / "kiosk-training" / "ledger.db").exists()
    assert both == (3, "kiosk: --training has a configuration of its own; leave out --config.\n")


def test_a_receipt_is_printed_once_more_or_shown(kiosk: World) -> None:
    """On paper marked COPY, in the other language; on the screen nothing is used up."""
    kiosk.sell()
    name = kiosk.orders()[0]["reference"]
    shown = kiosk_says("receipt", name, "--show", config=kiosk.config)
    printed = kiosk_says("receipt", name, "--lang", "zh", config=kiosk.config)
    kiosk.twin.switch_off()
    failed = kiosk_says("receipt", name, config=kiosk.config)

    assert shown[0] == printed[0] == 0
    assert "Delivered on" in shown[1]
    assert [paper.splitlines()[0].strip() for paper in kiosk.twin.receipts] == ["TRAINING – NO VALUE", "COPY 副本"]
    assert failed[0] == 14
    assert "The receipt is failed" in failed[1]
    assert [row["status"] for row in kiosk.rows("SELECT status FROM print_jobs ORDER BY id")] == [
        "printed", "printed", "failed",
    ]  # fmt: skip
    told, review = kiosk_says("show", name, config=kiosk.config)[1], kiosk_says("review", config=kiosk.config)[1]
    papers = json.loads(kiosk_says("show", name, "--json", config=kiosk.config)[1])["papers"]
    assert "paper (copy of sale): failed  printer at 127.0.0.1" in told
    assert "Receipts that did not come out, or nobody knows:" in review
    assert f"kiosk receipt {grouped_reference(name)}" in review
    assert [(paper["copy"], paper["status"]) for paper in papers] == [(0, "printed"), (1, "printed"), (2, "failed")]


def test_the_printer_is_tested_and_says_how_it_is(kiosk: World) -> None:
    """Well, without paper, switched off: in words, with what to do, and an exit code; and without a printer."""
    well = [kiosk_says("print-test", config=kiosk.config), kiosk_says("doctor", config=kiosk.config)]
    kiosk.twin.turn(paper=False)
    empty = [kiosk_says("print-test", config=kiosk.config), kiosk_says("doctor", config=kiosk.config)]
    kiosk.twin.switch_off()
    away = kiosk_says("doctor", config=kiosk.config)
    kiosk.config.write_text(kiosk.config.read_text(encoding="utf-8").replace('"network"', '"none"'), encoding="utf-8")
    none = [kiosk_says("print-test", config=kiosk.config), kiosk_says("doctor", config=kiosk.config)]

    assert [code for code, _ in (*well, *empty, away, *none)] == [0, 0, 14, 1, 1, 3, 0]
    assert "ready.\nPrinted: the printer says so." in well[0][1]
    assert "it has no paper.\nPut in a new roll" in empty[0][1]
    assert "\nWRONG  printer" in empty[1][1]
    assert "it cannot be reached (Connection refused). Is it on" in away[1]
    assert 'printer.kind: is "none"' in none[0][1]
    assert [text.splitlines()[2] for text in kiosk.twin.receipts] == ["Printer test"]
