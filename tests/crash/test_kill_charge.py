"""kill -9 of the queue's holder while it charges a scanned code: charged once or not at all, and the code is gone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kiosk.assembly import House
from kiosk.code_slot import NAME, Passed, pass_on
from kiosk.facts import Call
from kiosk.identifiers import SimNumber
from kiosk.order import Order, State
from kiosk.payment_codes import PaymentCode
from kiosk.sale import lines_of, open_sale, plan_of
from tests.crash.parts import LEDGER, STEP
from tests.journeys.test_payment_code import left_behind
from tests.journeys.visits import Phone, scanning_shop
from tests.world import PLAN, SIM, World

PLANTS = Path(__file__).parent / "plants"
NOT_ON_RECORD = (STEP["an order is claimed, nothing is written"], LEDGER["order written, not committed"])
NEVER_SENT = (STEP["prepared"], STEP["written down, before the call"], STEP["connected to nobody yet"])
SENT = (
    STEP["request sent, answer not read"],
    STEP["answer read, not understood"],
    STEP["answered, before it is concluded"],
)


def opened(house: House) -> Order:
    """An order that waits for a code, as the screens open it."""
    sim, now = house.inquiry.sim_now(SimNumber(SIM)), house.clock.now()
    plan = plan_of(sim, PLAN, house.config.prices)
    return open_sale(
        house.ledger,
        sim,
        plan,
        lines_of(house.config, plan, "en", now),
        house.tenders["wechat_scan"],
        kiosk=house.config.kiosk_id,
        language="en",
        by="customer",
        at=now,
        choose=house.choose,
    )


def holder(kiosk: World, cut: str = "") -> subprocess.Popen[str]:
    """Whoever holds the queue, until it kills itself at this part."""
    usual = kiosk.env
    if cut:
        kiosk.env = usual | {"PYTHONPATH": str(PLANTS), "CUT": f"{cut} 1", "ARMED": str(kiosk.folder / "armed")}
    process = kiosk.start("sync")
    kiosk.env = usual
    assert process.stdout
    assert "Working the queue" in process.stdout.readline()
    while not (kiosk.state / NAME).exists():
        assert process.poll() is None, "the holder is gone"
    return process


@pytest.mark.prove
@pytest.mark.parametrize("cut", [*NOT_ON_RECORD, *NEVER_SENT, *SENT])
def test_killed_while_it_charges(tmp_path: Path, cut: str) -> None:
    """The next holder has no code: what was sent is asked about, and delivered once; the rest is charged by nobody."""
    with scanning_shop(tmp_path) as kiosk:
        house, phone = kiosk.house(), Phone(kiosk)
        process = holder(kiosk, cut)
        order = opened(house)
        (kiosk.folder / "armed").touch()
        passed = pass_on(kiosk.state, order.reference, PaymentCode(phone.code))
        process.communicate(timeout=20)
        after = house.ledger.order(order.reference)
        kiosk.run("sync", "--once")
        if cut in SENT:
            kiosk.run_until_settled()
        order, payments = house.ledger.order(order.reference), kiosk.books("wechat/payments")
        house.close()

        assert passed in (Passed.TAKEN, Passed.NOT_NOW)
        assert bool(after.of(Call.CHARGE)) is (cut not in NOT_ON_RECORD)
        assert order.state is (State.COMPLETED if cut in SENT else State.AUTHORIZING)
        assert len(payments) == len(kiosk.delivered()) == int(cut in SENT)
        assert left_behind(kiosk, phone.code) == []
        kiosk.run("verify")


@pytest.mark.prove
def test_killed_before_anything_was_on_record_the_customer_scans_again(tmp_path: Path) -> None:
    """The order waits as it did: another code pays it, once the queue has a holder again."""
    with scanning_shop(tmp_path) as kiosk:
        house = kiosk.house()
        process = holder(kiosk, NOT_ON_RECORD[0])
        order = opened(house)
        (kiosk.folder / "armed").touch()
        lost = pass_on(kiosk.state, order.reference, PaymentCode(Phone(kiosk).code))
        process.communicate(timeout=20)
        nobody = pass_on(kiosk.state, order.reference, PaymentCode(Phone(kiosk).code))
        (kiosk.state / NAME).unlink()
        process = holder(kiosk)
        taken = pass_on(kiosk.state, order.reference, PaymentCode(Phone(kiosk).code))
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'")
        process.terminate()
        process.communicate(timeout=20)
        house.close()

        assert (lost, nobody, taken) == (Passed.NOT_NOW, Passed.NOT_NOW, Passed.TAKEN)
        assert len(kiosk.books("wechat/payments")) == len(kiosk.delivered()) == 1


@pytest.mark.prove
def test_killed_once_it_is_paid_the_next_holder_goes_on_from_there(tmp_path: Path) -> None:
    """Paid is on record with the intent to top up: the provider is asked for it, and nothing is sent twice."""
    with scanning_shop(tmp_path) as kiosk:
        house, phone = kiosk.house(), Phone(kiosk)
        process = holder(kiosk, STEP["concluded"])
        order = opened(house)
        (kiosk.folder / "armed").touch()
        pass_on(kiosk.state, order.reference, PaymentCode(phone.code))
        process.communicate(timeout=20)
        kiosk.run("sync", "--once")
        order = house.ledger.order(order.reference)
        house.close()

        assert (order.state, order.paid) == (State.SUBMITTING, order.total)
        assert len(order.of(Call.CHARGE)) == len(order.of(Call.TOP_UP)) == len(kiosk.books("wechat/payments")) == 1
        assert left_behind(kiosk, phone.code) == []
