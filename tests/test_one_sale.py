"""One whole sale without a screen: real processes, real HTTP, a real ledger, a real TCP printer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from kiosk.identifiers import SimNumber, grouped_reference
from kiosk.money import Money
from kiosk.unseen import remember
from tests.shell import kiosk_says
from tests.world import PIN, PLAN, SIM, World


@pytest.mark.parametrize(
    ("language", "said", "due"), [("en", "Delivered on", "$24.50"), ("zh", "充值成功", "US$24.50")]
)
def test_a_cash_sale_leaves_four_books_that_agree(kiosk: World, language: str, said: str, due: str) -> None:
    """Order, events, the provider's books and the paper tell the same sale."""
    told = kiosk.sell("--lang", language)

    order = kiosk.orders()[0]
    assert (order["state"], order["total_minor"], order["currency"]) == ("COMPLETED", 2450, "USD")
    assert f"Order {grouped_reference(order['reference'])}" in told
    assert "change 5.50 USD" in told
    events = [row["event"] for row in kiosk.rows("SELECT event FROM events WHERE order_id IS NOT NULL ORDER BY seq")]
    assert events == ["opened", "paid", "noted", "delivered", "captured"]
    delivered = kiosk.delivered()
    assert [(row["description"], row["package_id"], row["iccid"]) for row in delivered] == [
        (order["reference"] + "T1", PLAN, SIM)
    ]
    receipt = kiosk.twin.receipts[0]
    assert len(kiosk.twin.receipts) == 1
    assert grouped_reference(order["reference"]) in receipt
    assert said in receipt.replace("\n", "")
    assert due in receipt
    assert kiosk.twin.qr == [order["reference"]]
    head = kiosk.rows("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")[0]
    assert f"{head['seq']}:{head['hash'][:20]}" in receipt
    assert SIM not in receipt
    assert "The ledger is whole" in kiosk.run("verify", "--head", f"{head['seq']}:{head['hash'][:20]}")


def test_a_sale_takes_no_more_than_six_commits(kiosk: World) -> None:
    """Opened, paid, the attempt, delivered with its receipt queued, the receipt claimed, the receipt printed."""
    house = kiosk.house()
    kiosk.sell()  # the first one opens the shift
    before = house.ledger.head().seq
    kiosk.sell()

    jobs = kiosk.rows("SELECT status FROM print_jobs ORDER BY id")
    assert house.ledger.head().seq - before == 5
    assert [row["status"] for row in jobs] == ["printed", "printed"]
    house.close()


def test_the_pin_is_taken_from_a_file_descriptor_and_checked_before_money(kiosk: World) -> None:
    """A wrong PIN sells nothing; a right one may come on any descriptor."""
    assert "not the PIN" in kiosk.run(*kiosk.sell_arguments(), pin="000111", code=4)
    assert kiosk.orders() == []
    reading, writing = os.pipe()
    os.write(writing, PIN.encode() + b"\n")
    os.close(writing)
    command = [sys.executable, "-m", "kiosk", *kiosk.sell_arguments("--pin-fd", str(reading))]
    done = subprocess.run(command, env=kiosk.env, pass_fds=(reading,), capture_output=True, text=True, timeout=60)
    os.close(reading)

    assert done.returncode == 0, done.stderr
    assert kiosk.orders()[0]["state"] == "COMPLETED"


def test_a_refused_top_up_is_given_back_by_the_clerk(kiosk: World) -> None:
    """The provider says no for good: the sale ends in front of the clerk, who hands the cash back once."""
    kiosk.turn(endpoint="POST orders/topups", reject=33)
    told = kiosk.sell(code=11)
    reference = kiosk.orders()[0]["reference"]

    assert "REFUNDING: the money is to be given back" in told
    assert "Hand back 24.50 USD" in kiosk.run("cash-back", reference, "--clerk", "mei", pin=PIN)
    assert kiosk.orders()[0]["state"] == "REFUNDED"
    assert "no cash to hand back" in kiosk.run("cash-back", reference, "--clerk", "mei", pin=PIN, code=9)
    assert kiosk.delivered() == []
    assert "Handed back on" in kiosk.twin.receipts[-1]
    kiosk.run("verify")


@pytest.mark.prove
def test_giving_much_back_takes_the_pins_of_two_clerks(kiosk: World) -> None:
    """One alone, the same one twice, and a second one with a wrong PIN give nothing; two do, and both are on record."""
    kiosk.run("clerk", "add", "li", pin="975310")
    kiosk.set('[sales]\nrefund_second_person_above = "10.00"')
    kiosk.turn(endpoint="POST orders/topups", reject=33)
    kiosk.sell(code=11)
    reference = kiosk.orders()[0]["reference"]
    back = ("cash-back", reference, "--clerk", "mei")

    assert "takes two clerks" in kiosk.run(*back, pin=PIN, code=9)
    assert "must be another one" in kiosk.run(*back, "--second", "mei", pin=f"{PIN}\n{PIN}", code=9)
    assert "not the PIN of li" in kiosk.run(*back, "--second", "li", pin=f"{PIN}\n000111", code=4)
    assert "Hand back 24.50 USD" in kiosk.run(*back, "--second", "li", pin=f"{PIN}\n975310")
    assert kiosk.rows("SELECT by FROM events WHERE event = 'refunded'")[0]["by"] == "clerk:mei, clerk:li"


def test_cash_above_the_limit_is_refused_before_it_is_taken(kiosk: World) -> None:
    """The clerk reads up to how much, and nothing is on record."""
    kiosk.set('[tenders.cash]\namount_max = "20.00"', instead_of="[tenders.cash]")
    told = kiosk.sell(code=9)

    assert "By cash a sale may come to 20.00 USD, and this one comes to 24.50 USD" in told
    assert kiosk.orders() == []


def test_a_printer_that_is_gone_never_fails_a_sale(kiosk: World) -> None:
    """The paper is missing, the top-up is not; the receipt stands on the screen and the job says why."""
    kiosk.twin.switch_off()
    told = kiosk.sell()

    assert "COMPLETED" in told
    assert "The receipt is failed" in told
    assert "Keep" in told or "Delivered" in told
    assert kiosk.rows("SELECT status FROM print_jobs")[0]["status"] == "failed"


def test_too_little_money_sells_nothing(kiosk: World) -> None:
    """What is missing is said before anything is written."""
    told = kiosk.run(*kiosk.sell_arguments("--tendered", "20"), pin=PIN, code=9)

    assert "4.50 USD is missing" in told
    assert kiosk.orders() == []


@pytest.mark.prove
@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("890000046144230063", "18 digits: one or two are missing."),
        ("890000046144230063512", "21 digits: at least one too many."),
        ("8900000461442300636", "The last digit does not match: check the number again."),
        ("8901260862291477114", "does not know this SIM"),
    ],
)
def test_a_wrong_number_gets_its_own_sentence(kiosk: World, number: str, sentence: str) -> None:
    """Short, long, mistyped and unknown numbers are told apart."""
    process = kiosk.start("plans", "--iccid", number)
    out, err = process.communicate(timeout=60)

    assert process.returncode in (5, 6)
    assert sentence in out + err


def test_plans_are_listed_at_retail_prices_for_people_and_for_scripts(kiosk: World) -> None:
    """What the customer pays; never what we pay."""
    listed = json.loads(kiosk.run("plans", "--iccid", SIM, "--json"))
    plan = next(plan for plan in listed["plans"] if plan["id"] == PLAN)

    assert (plan["total_minor"], plan["data_mb"], plan["days"]) == (2450, 10240, 30)
    assert "24.50 USD" in kiosk.run("plans", "--iccid", SIM)


@pytest.mark.prove
def test_a_review_has_a_way_out(kiosk: World) -> None:
    """A top-up in doubt that the provider does not list ends in review, with a reason; the clerk decides."""
    kiosk.config.write_text(kiosk.config.read_text() + "\n[sales]\ndoubt_within_min = 1\n")
    kiosk.turn(endpoint="POST orders/topups", fail_before=503)
    kiosk.sell("--wait", "2", code=10)
    reference = kiosk.orders()[0]["reference"]
    house = kiosk.house()
    order = house.ledger.order(reference)
    from kiosk.settlement import escalation

    fact = escalation("the provider does not list it", house.clock.now(), house.config.file.sales)
    house.ledger.record(order, fact, at=house.clock.now())
    house.close()

    assert "does not list it" in kiosk.run("review")
    decide = ("decide", reference)
    wrong = kiosk.run(*decide, "unpaid", "--clerk", "mei", "--reason", "x", pin=PIN, code=9)
    assert "a payment is on record" in wrong
    kiosk.run(*decide, "refund", "--clerk", "mei", "--reason", "the customer waits", pin=PIN)
    kiosk.run("sync", "--once")
    kiosk.run("cash-back", reference, "--clerk", "mei", pin=PIN)
    assert kiosk.orders()[0]["state"] == "REFUNDED"
    assert "Nothing waits" in kiosk.run("review")
    kiosk.run("verify")


@pytest.mark.prove
def test_while_the_provider_is_away_nothing_is_sold_and_no_pin_is_asked(kiosk: World) -> None:
    """The first sale waits. The second customer, whose plans the provider still lists, is told before money moves."""
    kiosk.turn(endpoint="*orders*", fail_after=503)
    kiosk.sell("--wait", "4", code=10)

    said = kiosk.sell(code=6)

    assert "airalo does not answer" in said
    assert "Nothing was sold; take no money." in said
    assert len(kiosk.orders()) == 1
    kiosk.clear_faults()
    kiosk.run_until_settled()
    assert "COMPLETED" in kiosk.sell()


@pytest.mark.prove
def test_with_rules_the_kiosk_sells_up_to_the_owners_limit(kiosk: World) -> None:
    """One more may wait, and then the limit is named."""
    rules = '\n[offline]\norders_max = 2\namount_max = "200.00"\noldest_max_h = 6\ntenders = ["cash"]\n'
    kiosk.config.write_text(kiosk.config.read_text(encoding="utf-8") + rules, encoding="utf-8")
    kiosk.turn(endpoint="*orders*", fail_after=503)
    kiosk.sell("--wait", "4", code=10)
    kiosk.sell("--wait", "1", code=10)

    said = kiosk.sell(code=6)

    assert "2 orders wait already, and offline.orders_max is 2" in said
    assert len(kiosk.orders()) == 2


@pytest.mark.prove
def test_a_price_that_changes_before_the_pin_is_typed_sells_nothing(kiosk: World) -> None:
    """The clerk has read 24.50 aloud; another kiosk's customer has just learnt that it became dearer."""
    assert kiosk_says("plans", "--iccid", SIM, config=kiosk.config)[0] == 0
    process = kiosk.start(*kiosk.sell_arguments())
    assert process.stderr
    assert "24.50 USD is due." in process.stderr.readline()
    house = kiosk.house()
    sim = house.inquiry.sim_now(SimNumber(SIM))
    dearer = tuple(replace(plan, wholesale=plan.wholesale + Money(200, "USD")) for plan in sim.plans)
    remember(house.ledger, house.config, replace(sim, plans=dearer), house.clock.now())
    house.close()
    out, err = process.communicate(PIN + "\n", timeout=60)

    assert process.returncode == 9, out + err
    assert "The price has changed meanwhile: 24.50 USD before, now 27.00 USD. Nothing was sold" in err
    assert kiosk.orders() == []


@pytest.mark.prove
def test_without_paper_nothing_is_sold_where_the_owner_says_so(kiosk: World) -> None:
    """Said before the PIN is asked for; with a new roll the same command sells."""
    kiosk.set("[printer]\nrequired = true\n", instead_of="[printer]\n")
    kiosk.twin.turn(paper=False)
    refused = kiosk.sell(code=6)
    none = kiosk.orders()
    kiosk.twin.load_paper()
    kiosk.sell()

    assert "No receipt can be printed: it has no paper. Nothing was sold; take no money." in refused
    assert none == []
    assert len(kiosk.twin.receipts) == 1
