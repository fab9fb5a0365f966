"""A restored ledger forgets; the remotes do not. Whatever was done after the backup is never done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.abilities import Listed
from kiosk.errors import NoAnswer, NotReopened, Refused, Unreachable
from kiosk.facts import Event, Fact
from kiosk.identifiers import Purpose, Reference, grouped_reference, wire_reference
from kiosk.ledger import Ledger
from kiosk.ledger.backup import back_up
from kiosk.ledger.desk import decide_finding, open_findings
from kiosk.ledger.gaps import gaps
from kiosk.ledger.restore import Restored, reopen, restore
from kiosk.ledger.verify import problems
from kiosk.order import SETTLED, State
from kiosk.restoring import Shop as Treated
from kiosk.restoring import search, treat
from kiosk.simulation.remotes import FakeProvider
from kiosk.simulation.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


def copied(shop: Shop) -> Path:
    """A backup of this moment."""
    target = shop.ledger.path.with_name("backup.db")
    target.unlink(missing_ok=True)
    back_up(shop.ledger, target)
    return target


def surroundings(shop: Shop) -> Treated:
    return Treated("T07", shop.tenders, shop.providers, shop.sales, ZoneInfo("America/New_York"))


def put_back(shop: Shop, backup: Path, *, yes: bool = True) -> Restored:
    """The ledger is lost, and its backup restored; a clerk says yes."""
    paper, path, now = shop.ledger.head(), shop.ledger.path, shop.clock.now()
    shop.ledger.close()
    path.unlink()
    done = restore(
        backup,
        path,
        paper,
        mode="training",
        kiosk="T07",
        at=now,
        treat=lambda ledger, restored: treat(ledger, restored, surroundings(shop), now),
    )
    shop.ledger = Ledger(path, mode="training", kiosk="T07", at=now)
    if yes:
        reopen(shop.ledger, "clerk:mei", shop.clock.now())
    shop.restart()
    return done


# --- every story, cut at every step ------------------------------------------------------------------------------

Story = Callable[[Shop, Reference], Iterator[None]]


def worked(shop: Shop, how_often: int = 3) -> Iterator[None]:
    """The queue, one step at a time."""
    for _ in range(how_often):
        while shop.queue.step():
            yield
        shop.clock.go_on(seconds=2)


def paid(shop: Shop, name: Reference) -> Iterator[None]:
    tender = shop.order(name).tender
    if tender == "cash":
        shop.take_cash(name)
    else:
        yield from worked(shop, 1)
        (shop.card if tender == "card" else shop.wallet).pay(name)
    yield


def delivered(shop: Shop, name: Reference) -> Iterator[None]:
    yield from paid(shop, name)
    yield from worked(shop)


def refused(shop: Shop, name: Reference) -> Iterator[None]:
    """The provider says no; the money goes back."""
    yield from paid(shop, name)
    if shop.order(name).tender != "cash":
        while shop.state(name) is State.AUTHORIZING:
            shop.queue.step()
            shop.clock.go_on(seconds=1)
            yield
    shop.provider.faults.append(Refused("this SIM takes no plan"))
    yield from worked(shop)
    if shop.order(name).tender == "cash":
        shop.hand_back(name)
        yield


def left(shop: Shop, name: Reference) -> Iterator[None]:
    """The customer cancels, and pays all the same."""
    yield from worked(shop, 1)
    shop.cancel(name)
    yield
    if shop.order(name).tender != "cash":
        (shop.card if shop.order(name).tender == "card" else shop.wallet).pay(name)
    yield from worked(shop)


def regretted(shop: Shop, name: Reference) -> Iterator[None]:
    """Delivered, and given back by a clerk all the same."""
    yield from delivered(shop, name)
    shop.decide(name, "refund")
    yield
    yield from worked(shop)
    if shop.order(name).tender == "cash":
        shop.hand_back(name)
        yield


def out_of_time(shop: Shop, name: Reference) -> Iterator[None]:
    """Nobody pays."""
    yield from worked(shop, 1)
    shop.clock.go_on(minutes=40)
    yield from worked(shop)


@dataclass
class Account:
    """The order in the books of those outside."""

    executed: int
    back: int
    state: State


def account(shop: Shop, name: Reference) -> Account:
    wire = wire_reference(name, Purpose.TOP_UP)
    executed = sum(reference == wire for reference, _ in shop.provider.executed)
    wallet = {"wallet": shop.wallet, "card": shop.card}.get(shop.order(name).tender)
    payment = wallet.payments.get(wire_reference(name, Purpose.PAYMENT)) if wallet else None
    return Account(executed, len(payment.back) if payment else 0, shop.state(name))


LONG = [pytest.param(story, marks=pytest.mark.prove) for story in (left, regretted, out_of_time)]


@pytest.mark.parametrize("repeat_is_lookup", [False, pytest.param(True, marks=pytest.mark.prove)])
@pytest.mark.parametrize("tender", ["wallet", "card", "cash"])
@pytest.mark.parametrize("story", [delivered, refused, *LONG], ids=lambda story: story.__name__)
def test_whatever_came_after_the_backup_is_not_done_again(
    tmp_path: Path, story: Story, tender: str, repeat_is_lookup: bool
) -> None:
    """A backup after every step of a sale; the rest happens, is lost, and is found out: never twice, never nowhere."""
    cut, over = 0, False
    while not over:
        shop = Shop(tmp_path / str(cut))
        shop.provider.repeat_is_lookup = repeat_is_lookup
        name = shop.open(tender)
        going_on = story(shop, name)
        over = any(next(going_on, "over") == "over" for _ in range(cut))
        backup = copied(shop)
        for _ in going_on:
            pass
        before, asked = account(shop, name), shop.asked("top_up", "refund")
        shop.clock.go_on(minutes=7)

        put_back(shop, backup)
        shop.wait(hours=5)
        if tender == "cash" and before.state is State.REFUNDED:
            assert shop.state(name) is not State.REFUNDING, f"cut at {cut}: cash is owed again"
        shop.wait(hours=55)

        after = account(shop, name)
        assert after.executed == before.executed <= 1, f"cut at {cut}: topped up anew"
        assert after.back <= 1, f"cut at {cut}: given back twice"
        assert shop.asked("top_up") <= max(1, asked), f"cut at {cut}"
        assert (after.state in SETTLED) or shop.order(name).deadline_at, f"cut at {cut}: nowhere: {after}"
        if after.executed and after.back:
            assert story is regretted, f"cut at {cut}: delivered and given back"
        assert list(problems(shop.ledger)) == []
        shop.close()
        cut += 1
    assert cut > 2


def owed(shop: Shop, tender: str) -> Reference:
    """An order whose money is to be given back, with no call made for it yet."""
    name = shop.sell(tender)
    no = Fact(event=Event.REJECTED, by="airtime", reason="this SIM takes no plan")
    shop.ledger.record(shop.order(name), no, at=shop.clock.now())
    return name


# --- single promises ---------------------------------------------------------------------------------------------


def test_nothing_is_sold_and_nothing_new_is_sent_before_a_clerk_says_yes(shop: Shop) -> None:
    """The queue may look; it neither tops up, nor takes, nor gives back; no order is opened."""
    shop.provider.faults += ["dark"]
    doubtful, waiting = shop.sell("wallet"), shop.sell("card")
    shop.queue.step(first=doubtful)
    put_back(shop, copied(shop), yes=False)
    sent = shop.asked("top_up", "start", "refund", "capture", "cancel", "expire")

    shop.wait(minutes=30)

    assert shop.asked("top_up", "start", "refund", "capture", "cancel", "expire") == sent
    assert shop.asked("look_up") > 0
    with pytest.raises(NotReopened, match="kiosk restore --clerk NAME"):
        shop.open("cash")
    reopen(shop.ledger, "clerk:mei", shop.clock.now())
    shop.open("cash")
    assert shop.state(waiting) in (State.SUBMITTING, State.REVIEW)


def test_what_was_put_off_is_due_when_the_clerk_says_yes(shop: Shop) -> None:
    """A refund that waited for the yes goes out at once, not after a backoff of minutes."""
    name = owed(shop, "wallet")
    put_back(shop, copied(shop), yes=False)
    shop.wait(minutes=20)
    assert shop.state(name) is State.REFUNDING

    reopen(shop.ledger, "clerk:mei", shop.clock.now())
    shop.now()

    assert shop.state(name) is State.REFUNDED


def test_open_cash_orders_go_to_a_clerk_with_a_reason_and_a_deadline(shop: Shop) -> None:
    """Nobody can look up what a hand has taken or given."""
    waiting, back = shop.open("cash"), owed(shop, "cash")

    put_back(shop, copied(shop))

    for name in (waiting, back):
        order = shop.order(name)
        assert order.state is State.REVIEW
        assert "look at the receipts and the till" in order.reason
        assert order.deadline_at == shop.clock.now() + timedelta(hours=4)


def test_cash_that_was_taken_after_the_backup_is_delivered_once_the_clerk_says_so(shop: Shop) -> None:
    """The customer's receipt shows it: the clerk resumes and takes it on record; the top-up is found, not repeated."""
    name = shop.open("cash")
    backup = copied(shop)
    shop.take_cash(name)
    shop.now()
    assert shop.state(name) is State.COMPLETED
    put_back(shop, backup)

    shop.decide(name, "resume", State.AUTHORIZING)
    shop.take_cash(name)
    shop.now()

    assert shop.state(name) is State.COMPLETED
    assert len(shop.provider.executed) == 1


def test_cash_that_the_lost_part_may_have_handed_back_is_not_owed_again(shop: Shop) -> None:
    """The network refused it after the backup, and the clerk gave the cash back: again only by a clerk's word."""
    name = shop.sell("cash")
    backup = copied(shop)
    shop.provider.takes, shop.provider.fails = timedelta(minutes=1), True
    shop.wait(minutes=10)
    shop.hand_back(name)
    assert shop.state(name) is State.REFUNDED
    put_back(shop, backup)

    shop.wait(minutes=10)

    assert shop.state(name) is State.REVIEW
    assert "the cash may have been handed back" in shop.order(name).reason


def test_a_refund_from_before_waits_for_the_last_look_when_the_provider_is_away(shop: Shop) -> None:
    """Nobody has ordered it since: where the provider cannot be asked, it is asked again, and the money stays."""
    name = owed(shop, "wallet")
    put_back(shop, copied(shop))
    shop.provider.weather = lambda asked: "down"
    shop.wait(minutes=30)
    assert shop.state(name) is State.REFUNDING
    assert shop.asked("refund") == 0

    shop.provider.weather = lambda asked: None
    shop.wait(minutes=30)

    assert shop.state(name) is State.REFUNDED


def test_a_clerks_own_order_to_give_back_stands_after_a_restore_too(shop: Shop) -> None:
    """As ever: one last look, and where the provider is away, the clerk's word counts."""
    name = shop.sell("wallet")
    put_back(shop, copied(shop))
    shop.wait(hours=1)
    assert shop.state(name) is State.REVIEW
    shop.provider.weather = lambda asked: "down"

    shop.decide(name, "refund")
    shop.wait(minutes=30)

    assert shop.state(name) is State.REFUNDED


def test_cancelled_and_paid_over_a_lost_part_is_a_clerks(shop: Shop) -> None:
    """It may have been delivered in the lost part: giving back by itself could be a second settlement."""
    name = shop.open("wallet")
    shop.queue.step(first=name)
    shop.cancel(name)
    shop.wallet.pay(name)
    put_back(shop, copied(shop))

    shop.wait(hours=1)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert "it may be delivered as well" in order.reason
    assert order.paid


# --- what only the remotes know ----------------------------------------------------------------------------------


@dataclass
class Listing(FakeProvider):
    """A provider that lists what it has."""

    away: NoAnswer | None = None
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)

    def listed(self, prefix: str, since: datetime, until: datetime) -> tuple[Listed, ...]:
        if self.away:
            raise self.away
        self.spans.append((since, until))
        return tuple(Listed(name, "A1", "completed") for name, _ in self.executed if name.startswith(prefix))


def listing(shop: Shop) -> Listing:
    shop.provider = Listing(shop.clock)
    shop.providers["airtime"] = shop.provider
    shop.restart()
    return shop.provider


def test_a_reference_that_only_the_provider_knows_becomes_one_finding(shop: Shop) -> None:
    """An order that was opened, paid and delivered after the backup is visible again, once, with what to do."""
    provider = listing(shop)
    known = shop.sell("wallet")
    shop.now()
    backup, then = copied(shop), shop.clock.now()
    shop.clock.go_on(minutes=3)
    lost = shop.sell("wallet")
    shop.now()
    put_back(shop, backup)

    gap, now = gaps(shop.ledger)[-1], shop.clock.now()
    found = search(shop.ledger, gap, surroundings(shop), now)
    again = search(shop.ledger, gap, surroundings(shop), now)

    assert len(found) == 1
    assert grouped_reference(lost) in found[0]
    assert "is to be given back" in found[0]
    assert grouped_reference(known) not in found[0]
    assert again == []
    assert [finding.reason for finding in open_findings(shop.ledger) if finding.reason in found] == found
    assert provider.spans[0] == (then, now)


def test_a_finding_that_was_decided_does_not_come_back(shop: Shop) -> None:
    """The clerk has dealt with it; the next search leaves it at that."""
    listing(shop)
    backup = copied(shop)
    shop.sell("wallet")
    shop.now()
    put_back(shop, backup)
    gap, now = gaps(shop.ledger)[-1], shop.clock.now()
    (reason,) = search(shop.ledger, gap, surroundings(shop), now)
    finding = next(finding for finding in open_findings(shop.ledger) if finding.reason == reason)
    decide_finding(shop.ledger, finding.name, by="clerk:mei", decision="given back", at=now)

    assert search(shop.ledger, gap, surroundings(shop), now) == []


def test_a_provider_that_cannot_be_asked_is_a_finding_with_the_way_on(shop: Shop) -> None:
    """No answer is no proof that nothing is there."""
    listing(shop).away = Unreachable("no line", sent=False)
    put_back(shop, copied(shop))

    (reason,) = search(shop.ledger, gaps(shop.ledger)[-1], surroundings(shop), shop.clock.now())

    assert "airtime could not be asked" in reason
    assert "kiosk restore asks again" in reason


def test_a_code_that_the_lost_part_charged_is_asked_about_and_never_charged_again(shop: Shop) -> None:
    """The backup knows of no scan: the rail does, and the sale goes on from there."""
    name = shop.open("scanner")
    backup = copied(shop)
    shop.scan(name)
    shop.now()
    put_back(shop, backup)
    shop.scan(name)
    shop.wait(minutes=30)

    assert shop.state(name) is State.COMPLETED
    assert shop.scanner.charged == [f"{name}P1"]
    assert shop.provider.delivered(name) == 1


def test_rails_that_cannot_list_become_findings_with_the_window_to_compare(shop: Shop) -> None:
    """The clerk learns which bill, from when to when by the shop's clock, and by what to know our payments."""
    listing(shop)
    shop.sell("wallet")
    shop.clock.go_on(minutes=90)
    backup = copied(shop)
    shop.clock.go_on(minutes=30)
    put_back(shop, backup)

    reasons = [finding.reason for finding in open_findings(shop.ledger)]

    assert [reason.partition(" ")[0] for reason in reasons if "cannot list" in reason] == [
        "wallet",
        "card",
        "scanner",
    ]
    assert all("2026-08-01 08:00 to 2026-08-01 10:00" in reason for reason in reasons)
    assert all("begins with T07" in reason for reason in reasons if "cannot list" in reason)
    assert sum("compare the receipts and the till" in reason for reason in reasons) == 1
