"""A bilingual receipt in the printer's own letters, against the same as a picture through plain python-escpos.

Limits: at least 20 times fewer bytes on 58 and 80 mm paper; at most 2 s on a serial line at 9,600 baud. Seconds on the
line are computed: 10 bits a byte, start and stop bit included. What the paper itself takes comes on top of both, and
what it takes to draw the picture on top of python-escpos's time.
"""

from __future__ import annotations

import logging
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import structs
from PIL import Image

from devices.encode import escpos
from devices.paper import Paper
from devices.photo import photograph
from devices.profiles import MODELS, Profile
from kiosk.bilingual import bilingual
from kiosk.fonts import faces
from kiosk.identifiers import Reference, SimNumber
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.plans import Line, LineKind, Plan
from kiosk.receipt import Document, ReceiptShop, receipt
from kiosk.texts import texts

FEWER_MIN, LINE_MAX_S = 20.0, 2.0
BAUDS = (9_600, 19_200, 115_200)
ROUNDS = 30
AT, ZONE = datetime(2026, 8, 1, 18, 32, tzinfo=UTC), ZoneInfo("America/New_York")
HEAD = "1234:0123456789abcdef0123"
SHOP = ReceiptShop(
    "出境通上网卡",
    ("JFK Airport, Terminal 4", "Queens, NY 11430"),
    "K07",
    "+1 555 010 2030",
    training=False,
    refund_policy="未到账的充值全额退款；已到账的充值无法撤回。",
    footer=("谢谢惠顾，旅途愉快。",),
)


def usd(amount_minor: int) -> Money:
    return Money(amount_minor, "USD")


ORDER = Order(
    reference=Reference("K077Q3F9XKD2MWB"),
    sim_number=SimNumber("8901260862291477122"),
    provider="airalo",
    tender="wechat",
    language="zh",
    plan=Plan("us-10gb-30d", "10 GB for 30 days", 10240, 30, usd(1000)),
    lines=(
        Line(LineKind.PLAN, "10GB 30天", usd(1800)),
        Line(LineKind.DISCOUNT, "国庆优惠", usd(-200)),
        Line(LineKind.TAX, "销售税", usd(150)),
        Line(LineKind.FEE, "911 费", usd(50)),
    ),
    total=usd(1800),
    captures_later=False,
    opened_at=AT,
    expires_at=AT + timedelta(minutes=5),
    since_at=AT,
    state=State.COMPLETED,
    paid=usd(1800),
    paid_at=AT,
    delivered_at=AT + timedelta(seconds=40),
    payment_number="4200001234202608011234567890",
)


def bilingual_receipt() -> Document:
    english = structs.replace(ORDER, language="en")
    papers = [
        receipt(order, SHOP, "1234:0123456789abcdef0123", texts(order.language), ZONE, AT) for order in (ORDER, english)
    ]
    return bilingual(*papers)


def as_picture(document: Document, profile: Profile) -> Image.Image:
    """The very paper that our bytes print, as dots: what a program does that draws its receipts."""
    paper = Paper()
    paper.feed(escpos(document, profile))
    grey = photograph(paper.sheets[0], profile.dots)
    margin = (grey.width - profile.dots) // 2
    return grey.crop((margin, margin, grey.width - margin, grey.height - margin)).point(
        lambda shade: 255 * (shade > 127)
    )


def through_python_escpos(picture: Image.Image) -> bytes:
    """GS v 0, its default."""
    logging.getLogger().addHandler(logging.NullHandler())  # its import writes to the terminal otherwise
    from escpos.printer import Dummy

    printer = Dummy(profile="TM-T20II")
    printer.image(picture)
    printer.cut()
    return bytes(printer.output)


def timed_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def show(name: str, job: bytes, build_ms: float) -> None:
    lines = "  ".join(f"{len(job) * 10 / baud:6.2f} s" for baud in BAUDS)
    print(f"  {name:<28} {len(job):>7,} bytes  {build_ms:6.2f} ms to build  at 9,600 / 19,200 / 115,200: {lines}")


def main() -> None:
    if not faces(""):
        sys.exit("no font is installed to draw the raster with: apt install fonts-wqy-microhei")
    document, past = bilingual_receipt(), False
    for model in ("generic-58mm", "generic-80mm"):
        profile = MODELS[model]
        own = escpos(document, profile)
        picture = as_picture(document, profile)
        raster = through_python_escpos(picture)
        print(f"{model}, {profile.dots} dots, {picture.height} rows:")
        show("own letters", own, timed_ms(lambda p=profile: escpos(document, p)))  # type: ignore[misc]
        show("raster through python-escpos", raster, timed_ms(lambda p=picture: through_python_escpos(p)))  # type: ignore[misc]
        western = replace(profile, chinese=False)
        drawn = timed_ms(lambda p=western: escpos(document, p))  # type: ignore[misc]
        show("ours, without hanzi", escpos(document, western), drawn)
        fewer, line_s = len(raster) / len(own), len(own) * 10 / BAUDS[0]
        print(
            f"  {fewer:.1f} times fewer bytes (limit {FEWER_MIN:.0f});"
            f" {line_s:.2f} s at 9,600 baud (limit {LINE_MAX_S:.0f})"
        )
        past |= fewer < FEWER_MIN or line_s > LINE_MAX_S
    sys.exit(past)


if __name__ == "__main__":
    main()
