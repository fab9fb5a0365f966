"""Nothing is cut: at 80x24, in every language, with the longest words that a shop may configure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.widget import Widget

from kiosk.errors import NoAnswer, Refused, Unreachable
from kiosk.ledger.promotions import note_promotions
from kiosk.ledger.settings import changed_settings, put_setting
from kiosk.paper import Condition
from kiosk.plans import Sim
from kiosk.promotions import ProviderPromotion
from kiosk.settings import MESSAGE_LINES, OUT_OF_SERVICE
from kiosk.texts import LANGUAGES, wrapped
from screens.clerk import ClerkScreen, DoorScreen, cash_words
from screens.closed import ClosedScreen
from screens.delivery import DeliveryScreen
from screens.done import DoneScreen
from screens.frame import KioskScreen
from screens.help import HelpScreen
from screens.language import LanguageScreen
from screens.number import NumberScreen
from screens.parts import Words
from screens.pay import pay_screen
from screens.plan import PlanScreen
from screens.sim import SimScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import EITHER, NARROW, PHONE, PLANS, SIM, Host, Room, at_rest, on

DAYS = {"first_day": date(2026, 8, 1), "last_day": date(2026, 8, 7)}
MESSAGE = "Wir sind gegen fünfzehn Uhr wieder da."
"""What a clerk wrote for customers: it is shown as it was typed."""
LONG: dict[str, Any] = {
    "tenders": {"wechat": {}, "alipay": {}, "card": {}, "cash": {}},
    "kiosk": {
        "id": "K07",
        "name": "Grand Concourse Travel Data & Luggage Store",
        "help_line": "+1 305 555 0142",
        "address": ["Terminal 4, Arrivals hall, desk 7", "New York"],
        "refund_policy": {
            "en": "What is not delivered is refunded in full, the way it was paid, within five working days."
            " A delivered top-up cannot be taken back or exchanged.",
            "zh": "未到账的充值全额退款，原路退回，五个工作日内到账；已到账的充值无法撤回、更换或转移到其他卡。",
            "zh_Hant": "未入帳的儲值五個工作天內全額退款；已入帳的儲值無法撤回。",
            "es": "Lo no entregado se devuelve en cinco días hábiles. Una recarga entregada no se devuelve.",
            "ja": "未完了のチャージは5営業日以内に全額返金します。完了したチャージは取り消せません。",
            "ko": "충전되지 않은 금액은 5영업일 이내에 전액 환불됩니다. 완료된 충전은 취소할 수 없습니다.",
            "fr": "Ce qui n'est pas livré est remboursé sous cinq jours ouvrés. Une recharge livrée n'est pas reprise.",
            "pt": "O que não é entregue é devolvido em cinco dias úteis. Uma recarga entregue não pode ser devolvida.",
        },
    },
    "wifi": {"name": "Airport Free Wi-Fi Concourse B", "password": "a-password-of-some-length-2026"},
    "promotions": [
        {"name": {"en": "Summer week for all travellers", "zh": "夏季旅客优惠周"}, "percent": 20, **DAYS},
        {"name": {"en": "Weekend for early birds", "zh": "周末早鸟优惠"}, "amount": "1.50", **DAYS, "plans": ["1gb"]},
    ],
    "charges": [
        {"kind": "fee", "name": {"en": "Emergency call fee"}, "amount": "0.50"},
        {"kind": "tax", "name": {"en": "Sales tax"}, "percent": 8},
    ],
}


LONG_NETWORK = "Grand Union Wireless Prepaid Data USA bundles"


@pytest.fixture
def wordy(tmp_path: Path) -> Room:
    """A shop with much to say, and a mobile network that adds to it."""
    return a_wordy_room(tmp_path)


def a_wordy_room(folder: Path, **tables: Any) -> Room:
    room = Room(folder, **LONG | tables)
    now = room.time.now()
    title = "Ten gigabytes more for every traveller"
    told = ProviderPromotion("1", title, now, now + timedelta(days=7), tuple(plan.id for plan in PLANS))
    note_promotions(room.ledger, "airtime", (told,), now)
    return room


def paid(room: Room) -> DoneScreen:
    room.sell("cash")
    room.pay_cash()
    return DoneScreen(room, room.only_order())


def delivered(room: Room) -> DoneScreen:
    screen = paid(room)
    room.work()
    screen.order = room.only_order()
    return screen


def waiting(room: Room) -> DeliveryScreen:
    return DeliveryScreen(room, paid(room).order)


def clerk(room: Room) -> ClerkScreen:
    order = room.sell("cash")
    return ClerkScreen(room, lambda name, pin: False, lambda texts: cash_words(texts, order))


def no_line(room: Room) -> SimScreen:
    room.network.says = Unreachable("nobody there", sent=False)
    return SimScreen(room, SIM)


def another_code(room: Room) -> KioskScreen[Any]:
    """The longest words that a code which took nothing gives rise to."""
    room.scanner.faults.append(Unreachable("nobody there", sent=False))
    return pay_screen(room, room.sell("alipay"), room.tenders["alipay"], room.scan(room.sell("alipay")))


def confirming(room: Room) -> KioskScreen[Any]:
    room.scanner.must_confirm = lambda: True
    return pay_screen(room, room.scan(room.sell("alipay")), room.tenders["alipay"])


def at_the_reader(room: Room, says: NoAnswer | None = None) -> KioskScreen[Any]:
    """It asks for a card, or the card was declined: the longest words that it has."""
    order = room.sell("card")
    room.work()
    room.card.says = says
    room.time.go_on(seconds=10)
    room.work()
    return pay_screen(room, order, room.tenders["card"])


def owned(room: Room) -> SimScreen:
    room.network.called = LONG_NETWORK
    return SimScreen(room, PHONE)


def no_paper(room: Room) -> SummaryScreen:
    room.paper.condition = Condition.OUT
    room.paper_watch.look()
    return SummaryScreen(room, room.network.sim(SIM), PLANS[2], changed=True)


def closed(room: Room) -> ClosedScreen:
    """As much as somebody at the counter may type; the ledger says it, too, else the screen would go by itself."""
    message = "\n".join([MESSAGE] * MESSAGE_LINES)
    with room.ledger.database.transaction():
        seen = changed_settings(room.ledger).get(OUT_OF_SERVICE)
        put_setting(room.ledger, OUT_OF_SERVICE, message, seen=seen, by="clerk:sue", at=room.time.now())
    return ClosedScreen(room, message)


WIDEST = ("zh", "fr")
"""Of those with wide signs, and of those with many: these find most of what is cut."""
BY_LANGUAGES = pytest.mark.parametrize(
    "languages",
    [WIDEST, pytest.param([each for each in LANGUAGES if each not in WIDEST], marks=pytest.mark.prove)],
    ids=["widest", "others"],
)

SCREENS: dict[str, Callable[[Room], KioskScreen[Any]]] = {
    "welcome": WelcomeScreen,
    "closed": closed,
    "number": NumberScreen,
    "sim": no_line,
    "plan": lambda room: PlanScreen(room, room.network.sim(SIM)),
    "summary": lambda room: SummaryScreen(room, room.network.sim(SIM), PLANS[2], changed=True),
    "summary without paper": no_paper,
    "code": lambda room: pay_screen(room, room.sell("wechat"), room.tenders["wechat"]),
    "scan": lambda room: pay_screen(room, room.sell("alipay"), room.tenders["alipay"]),
    "scan again": another_code,
    "confirm": confirming,
    "counter": lambda room: pay_screen(room, room.sell("cash"), room.tenders["cash"]),
    "reader": at_the_reader,
    "reader, declined": lambda room: at_the_reader(room, Refused("no", again=True, code="reader_lost")),
    "delivery": waiting,
    "paid": paid,
    "delivered": delivered,
    "help": lambda room: HelpScreen(room, NumberScreen(room)),
    "language": LanguageScreen,
    "clerk": clerk,
    "door": lambda room: DoorScreen(room, lambda name, pin: False, counter=True),
}


def cut(screen: KioskScreen[Any]) -> list[str]:
    """Every sentence of which a part cannot be seen."""
    body = screen.query_one("#body")
    return [
        f"{words.id or words.classes}: {words.said!r} has {words.content_region} in {body.region}"
        for words in body.query(Words)
        if words.said.strip() and words.display and words.id != "receipt-text" and not fits(words, body)
    ]


def fits(words: Words, body: Any) -> bool:
    columns, height = words.content_size
    lines = [line for long in words.said.split("\n") for line in wrapped(long, max(1, columns))]
    around = (each for each in words.ancestors if isinstance(each, Widget) and body in each.ancestors_with_self)
    inside = all(
        each.content_region.contains_region(words.region) for each in around
    )  # a tile cuts what hangs out of it
    return inside and len(lines) <= height and not broken(words)


def broken(words: Words) -> set[str]:
    """What stands whole in no line of the screen. Between hanzi and kana a line breaks anywhere, a word nowhere."""
    shown = [strip.text for strip in words.render_lines(words.outer_size.region)]
    return {word for word in WORD.findall(words.said) if not any(word in line for line in shown)}


WORD = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
"""No hanzi, no kana, none of their signs."""


PHONE_SCREENS: dict[str, Callable[[Room], KioskScreen[Any]]] = {
    "welcome": WelcomeScreen,
    "number": NumberScreen,
    "sim": owned,
    "plan": lambda room: PlanScreen(room, of_phone(room)),
    "summary": lambda room: SummaryScreen(room, of_phone(room), PLANS[2], changed=True),
    "help": lambda room: HelpScreen(room, NumberScreen(room)),
}


def of_phone(room: Room) -> Sim:
    room.network.called = LONG_NETWORK
    return room.network.sim(PHONE)


@pytest.mark.prove
@BY_LANGUAGES
@pytest.mark.parametrize("name", PHONE_SCREENS)
@pytest.mark.parametrize("kinds", [EITHER, EITHER[:1]], ids=["either", "phones"])
async def test_nothing_is_cut_where_phone_numbers_are_taken(
    tmp_path: Path, name: str, kinds: list[dict[str, str]], languages: Sequence[str]
) -> None:
    """Two kinds of number take more words, and a network has a name of its own."""
    await nothing_is_cut(a_wordy_room(tmp_path, sims=kinds), PHONE_SCREENS[name], languages)
    if name == "summary":
        await nothing_is_cut(Room(tmp_path, **LONG, sims=kinds), PHONE_SCREENS[name], languages)


@pytest.mark.prove
@BY_LANGUAGES
@pytest.mark.parametrize("name", SCREENS)
async def test_nothing_is_cut_on_the_smallest_terminal(wordy: Room, name: str, languages: Sequence[str]) -> None:
    """Half a sentence about money is worse than none."""
    await nothing_is_cut(wordy, SCREENS[name], languages)


async def nothing_is_cut(room: Room, make: Callable[[Room], KioskScreen[Any]], languages: Sequence[str]) -> None:
    app = Host(room, make)
    found: dict[str, list[str]] = {}
    async with app.run_test(size=NARROW) as pilot:
        await on(pilot, KioskScreen)
        screen = app.screen
        assert isinstance(screen, KioskScreen)
        screen.idle_s = None  # who looks at all of it takes longer than a customer
        for language in languages:
            app.language = language
            await pilot.pause(0.1)
            found[language] = await at_rest(pilot, lambda: cut(screen))
    room.close()

    assert found == {language: [] for language in languages}
