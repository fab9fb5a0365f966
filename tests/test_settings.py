"""Settings that change daily: each an event with a name, none loses an order, and all of them hold everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.board import read_board
from kiosk.daily import change, consequence, names_of, parse_value, settings_now
from kiosk.errors import ClerkError, Illegal, Stale
from kiosk.ledger import desk
from kiosk.ledger.backup import back_up
from kiosk.ledger.promotions import note_promotions
from kiosk.ledger.restore import restore
from kiosk.ledger.settings import Value, changed_settings
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.plans import LineKind, total_of
from kiosk.promotions import ProviderPromotion
from kiosk.sale import lines_in, open_sale
from kiosk.settings import OUT_OF_SERVICE, PROVIDER_PROMOTIONS, VOLUME
from kiosk.ways import Hindrance, LineState, ways_to_pay
from tests.screens.room import PLANS, SIM, Room

WEEK = {"first_day": date(2026, 8, 1), "last_day": date(2026, 8, 7)}
SUMMER = {"name": {"en": "Summer week", "zh": "夏季优惠"}, "percent": 20, **WEEK}
SPRING = {"name": {"en": "Spring"}, "percent": 10, **WEEK}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Room]:
    """It takes WeChat Pay and cash, and has two promotions; sue is its supervisor, mei a clerk."""
    made = Room(tmp_path, promotions=[SUMMER, SPRING])
    for name, role in (("sue", "supervisor"), ("mei", "clerk"), ("tom", "owner")):
        desk.add_clerk(made.ledger, name, "-", role, at=made.time.now())
    yield made
    made.close()


def put(room: Room, key: str, value: Value | None, by: str = "clerk:sue", reason: str = "") -> str:
    """As somebody does who has just looked."""
    return change(room, key, value, by=by, seen=changed_settings(room.ledger).get(key), reason=reason)


def standing(room: Room) -> str:
    return next((each.words for each in read_board(room).standings if each.name == "Settings"), "")


def test_a_change_is_an_event_with_what_it_was_what_it_is_and_who_and_the_table_follows(shop: Room) -> None:
    """Set, changed and set back: three events, and a ledger that is whole."""
    put(shop, OUT_OF_SERVICE, "back_soon", reason="the line is down")
    put(shop, OUT_OF_SERVICE, "Back at three", by="clerk:tom")
    put(shop, OUT_OF_SERVICE, None)

    events = [event for event in shop.ledger.events() if event["event"] == "setting_changed"]
    assert [(event["by"], event["body"]) for event in events] == [
        (
            "clerk:sue",
            {"key": OUT_OF_SERVICE, "from": None, "to": "back_soon", "reason": "the line is down"},
        ),
        ("clerk:tom", {"key": OUT_OF_SERVICE, "from": "back_soon", "to": "Back at three"}),
        ("clerk:sue", {"key": OUT_OF_SERVICE, "from": "Back at three", "to": None}),
    ]
    assert list(problems(shop.ledger)) == []
    assert standing(shop) == ""


TAMPERINGS = (
    "UPDATE settings SET value = 'true'",
    "UPDATE settings SET changed_by = 'clerk:mei'",
    "DELETE FROM settings",
    "INSERT INTO settings SELECT 'volume', '25', changed_at, changed_by FROM settings",
)


def test_a_setting_that_was_changed_behind_the_ledgers_back_is_found(shop: Room) -> None:
    """What customers meet follows from events, and from nothing else."""
    put(shop, "tender.wechat", False)
    (row,) = shop.ledger.database.rows("SELECT * FROM settings")

    for tampering in TAMPERINGS:
        shop.ledger.database.execute(tampering)
        (problem,) = problems(shop.ledger)
        assert "changed or removed behind the ledger's back" in problem, tampering
        shop.ledger.database.execute("DELETE FROM settings")
        shop.ledger.database.execute("INSERT INTO settings VALUES (?, ?, ?, ?)", tuple(row.values()))
    assert list(problems(shop.ledger)) == []


def test_of_two_who_change_one_setting_at_once_the_second_is_told_who_and_what(shop: Room) -> None:
    """And nothing of theirs is done; also where the first one has set it back."""
    seen = changed_settings(shop.ledger).get(VOLUME)
    put(shop, VOLUME, 50)

    with pytest.raises(Stale, match=r"sue was faster: set it to 50 at \d\d:\d\d:\d\d UTC"):
        change(shop, VOLUME, 150, by="clerk:tom", seen=seen)
    seen = changed_settings(shop.ledger)[VOLUME]
    put(shop, VOLUME, None)
    with pytest.raises(Stale, match="sue was faster: set it back to what is configured"):
        change(shop, VOLUME, None, by="clerk:tom", seen=seen)
    assert shop.settings().volume == 100


def test_a_clerk_changes_no_setting(shop: Room) -> None:
    """It takes the supervisor, whichever way it is asked for."""
    with pytest.raises(ClerkError, match="Settings take the supervisor, and mei is clerk"):
        put(shop, VOLUME, 50, by="clerk:mei")

    assert changed_settings(shop.ledger) == {}


def test_a_tender_that_is_switched_off_is_not_offered_and_what_waits_for_it_is_paid(shop: Room) -> None:
    """The customer who has scanned the code pays, and gets the top-up."""
    order = shop.sell("wechat")
    shop.work()

    assert consequence(shop, "tender.wechat", False) == (
        "Customers can no longer pay by WeChat Pay; 1 order that waits for it stays payable."
    )
    put(shop, "tender.wechat", False)

    ways = ways_to_pay(shop.tenders, LineState.UP, shop.outlook("airtime"))
    assert [(way.tender.name, way.hindrance) for way in ways] == [("wechat", Hindrance.SWITCHED_OFF), ("cash", None)]
    shop.wallet.pay(order.reference, order.total)
    shop.time.go_on(seconds=30)
    shop.work()
    assert shop.ledger.order(order.reference).state is State.COMPLETED


def test_the_last_tender_stays_on_and_out_of_service_is_offered_instead(shop: Room) -> None:
    """Whoever asks, and whoever was faster: it is looked at in the very moment of the change."""
    put(shop, "tender.wechat", False)

    for ask in (consequence, put):
        with pytest.raises(Illegal, match=r"Cash is the last way to pay that is on.*out of service instead"):
            ask(shop, "tender.cash", False)
    assert shop.settings().tenders_off == {"wechat"}
    put(shop, "tender.wechat", None)
    put(shop, "tender.cash", False)


def test_a_promotion_that_is_switched_off_takes_nothing_off_but_for_who_has_seen_its_price(shop: Room) -> None:
    """The next best one runs; the customer at the summary pays what stands there."""
    sim = shop.network.sim(SIM)
    seen = shop.quote(sim, PLANS[1])
    put(shop, "promotion.Summer week", False)

    now, kept = shop.quote(sim, PLANS[1]), shop.quote(sim, PLANS[1], seen)

    assert [line.name for line in now.lines("en") if line.kind is LineKind.DISCOUNT] == ["Spring"]
    assert kept.same(seen)
    assert not now.same(seen)
    assert total_of(kept.lines("en")) < total_of(now.lines("en"))


def test_an_order_is_told_in_another_language_whatever_was_switched_off_when_it_was_sold(shop: Room) -> None:
    """A receipt that is printed again names the promotion that it was sold with."""
    put(shop, "promotion.Spring", False)
    put(shop, "promotion.Summer week", False)
    sim, now = shop.network.sim(SIM), shop.time.now()
    lines = shop.quote(sim, PLANS[1]).lines("en")
    order = open_sale(
        shop.ledger, sim, PLANS[1], lines, shop.tenders["cash"],
        kiosk="T07", language="en", by="customer", at=now, choose=shop.choose,
    )  # fmt: skip
    put(shop, "promotion.Summer week", None)

    told = lines_in("zh", order, shop.config)

    assert [line.amount for line in told] == [line.amount for line in order.lines]
    assert told[0].name != order.lines[0].name


def test_the_networks_offers_are_shown_or_not(shop: Room) -> None:
    """Neither on the welcome screen nor as a line of the bill."""
    now = shop.time.now()
    told = ProviderPromotion("1", "More for all", now, now + timedelta(days=1), (PLANS[1].id,))
    note_promotions(shop.ledger, "airtime", (told,), now)
    put(shop, PROVIDER_PROMOTIONS, False)

    kinds = [line.kind for line in shop.quote(shop.network.sim(SIM), PLANS[1]).lines("en")]

    assert shop.promotions() == ()
    assert LineKind.BONUS not in kinds
    put(shop, PROVIDER_PROMOTIONS, None)
    assert shop.promotions() == (told,)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("back_soon", "back_soon"), ("  Back at 3 pm \n", "Back at 3 pm"), ("one\\ntwo", "one\ntwo"), ("", "no_message")],
)
def test_a_message_is_kept_as_it_was_typed(typed: str, kept: str) -> None:
    """A line feed may be typed as a shell lets it."""
    assert parse_value(OUT_OF_SERVICE, typed) == kept


@pytest.mark.parametrize(
    ("key", "typed", "why"),
    [
        (OUT_OF_SERVICE, "x" * 39, "at most 2 lines of 38 columns"),
        (OUT_OF_SERVICE, "暂" * 20, "at most 2 lines of 38 columns"),
        (OUT_OF_SERVICE, "a\nb\nc", "at most 2 lines of 38 columns"),
        (OUT_OF_SERVICE, "Call +1 305 555 0142", "No phone number or address"),
        (OUT_OF_SERVICE, "mei@example.com", "No phone number or address"),
        (VOLUME, "80", "one of 25, 50, 75, 100, 125, 150"),
        (VOLUME, "²", "one of 25"),
        ("tender.cash", "maybe", "is on or off"),
    ],
)
def test_what_cannot_be_is_refused_with_what_may_be(key: str, typed: str, why: str) -> None:
    """On record for good, before every customer: so it is looked at first."""
    with pytest.raises(Illegal, match=why):
        parse_value(key, typed)


def test_a_message_commands_no_terminal() -> None:
    """It is typed by hand, and pasted by hand."""
    assert parse_value(OUT_OF_SERVICE, "Back\x1b[2J \x9b31msoon\x07") == "Back[2J 31msoon"


def test_what_is_said_again_is_no_change(shop: Room) -> None:
    """No event for nothing."""
    put(shop, VOLUME, 50)

    with pytest.raises(Illegal, match="it is 50 % already"):
        put(shop, VOLUME, 50)
    with pytest.raises(Illegal, match="it is on already"):
        put(shop, "tender.cash", None)


def test_a_setting_of_something_that_is_configured_no_more_does_nothing_and_is_told(shop: Room) -> None:
    """It may be set back, and nothing else."""
    put(shop, "promotion.Spring", False)
    shop.config = replace(shop.config, promotions=shop.config.promotions[:1])

    (gone,) = [each for each in settings_now(shop) if not each.known]

    assert "no effect" in gone.words
    assert standing(shop) == ""
    put(shop, "promotion.Spring", None)
    with pytest.raises(Illegal, match=r"There is no setting promotion\.Spring"):
        put(shop, "promotion.Spring", False)
    assert "promotion.Spring" not in names_of(shop)


def test_the_board_has_one_line_for_what_is_not_as_configured(shop: Room) -> None:
    """What, since when, by whom; of another day, with its day."""
    put(shop, OUT_OF_SERVICE, "back_soon")
    put(shop, "tender.wechat", False, by="clerk:tom")

    assert standing(shop) == 'out of service: "Back soon." since 08:00 by sue; WeChat Pay off since 08:00 by tom'
    shop.time.go_on(days=1)
    assert standing(shop).startswith('out of service: "Back soon." since 2026-08-01 08:00 by sue')


def test_a_restored_backup_brings_its_settings_back_and_the_board_says_so(shop: Room, tmp_path: Path) -> None:
    """What was set after it is lost: for a day the board says that, too."""
    put(shop, VOLUME, 50)
    backup = tmp_path / "backup.db"
    back_up(shop.ledger, backup)
    put(shop, "tender.wechat", False)
    shop.let_go()
    shop.time.go_on(hours=1)
    at, mode = shop.time.now(), shop.config.file.ledger.mode
    restore(backup, tmp_path / "ledger.db", None, mode=mode, kiosk="T07", at=at, treat=lambda ledger, done: None)

    assert standing(shop) == (
        "Volume of the voice 50 % since 08:00 by sue, as the restored backup has it;"
        " a backup was restored: what was set after 2026-08-01 08:00 is lost, look whether they are right"
    )
    put(shop, VOLUME, None)
    shop.time.go_on(days=1)
    assert standing(shop) == ""
    with closing(shop.ledger) as ledger:
        assert list(problems(ledger)) == []
