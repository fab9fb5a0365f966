"""Orders and shops that the tests of receipts and printers share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import structs

from kiosk.identifiers import Reference, SimNumber
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.plans import Line, LineKind, Plan
from kiosk.receipt import Document, ReceiptShop, receipt
from kiosk.texts import texts

AT = datetime(2026, 8, 1, 18, 32, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
HEAD = "1234:0123456789abcdef0123"


def usd(amount_minor: int) -> Money:
    return Money(amount_minor, "USD")


SHOP = ReceiptShop(
    name="SIM & Go",
    address=("JFK Airport, Terminal 4", "Queens, NY 11430"),
    kiosk="K07",
    help_line="+1 555 010 2030",
    training=False,
    refund_policy="A plan that was not delivered is refunded in full.",
)
SHOP_ZH = replace(SHOP, name="出境通上网卡", training=True, refund_policy="未到账的充值全额退款。")

ORDER = Order(
    reference=Reference("K077Q3F9XKD2MWB"),
    sim_number=SimNumber("8901260862291477122"),
    provider="airalo",
    tender="cash",
    language="en",
    plan=Plan("us-10gb-30d", "10 GB for 30 days", 10240, 30, usd(1000)),
    lines=(
        Line(LineKind.PLAN, "10 GB for 30 days", usd(1800)),
        Line(LineKind.DISCOUNT, "Welcome discount", usd(-200)),
        Line(LineKind.TAX, "Sales tax", usd(150)),
    ),
    total=usd(1750),
    captures_later=False,
    opened_at=AT,
    expires_at=AT + timedelta(minutes=5),
    since_at=AT,
    state=State.COMPLETED,
    paid=usd(1750),
    paid_at=AT,
    delivered_at=AT + timedelta(seconds=40),
    tendered=usd(2000),
    change=usd(250),
)
ORDER_ZH = structs.replace(
    ORDER,
    tender="wechat",
    language="zh",
    lines=(Line(LineKind.PLAN, "10GB 30天", usd(1600)), Line(LineKind.TAX, "销售税", usd(150))),
    state=State.SUBMITTING,
    delivered_at=None,
    tendered=None,
    change=None,
    payment_number="4200001234202608011234567890",
    deadline_at=AT + timedelta(hours=24),
)


def printed(order: Order, shop: ReceiptShop) -> Document:
    return receipt(order, shop, HEAD, texts(order.language), NEW_YORK, AT + timedelta(minutes=1))
