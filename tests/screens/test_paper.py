"""The receipt on the screen: bold where the printer is bold, as wide as it was drawn, and its code can be scanned."""

from __future__ import annotations

from rich.segment import Segment

from screens.done import DoneScreen
from tests.screens.room import Host, Room, on, said, settled
from tests.screens.test_done import delivered
from tests.screens.test_pay import photographed

ROOMY = (100, 80)


def lines(app: Host) -> list[list[Segment]]:
    return [list(strip) for strip in app.screen.query_one("#receipt-text").render_lines(app.screen.size.region)]


def text(line: list[Segment]) -> str:
    return "".join(segment.text for segment in line)


async def test_the_receipt_on_the_screen_is_bold_where_the_paper_is_and_its_code_is_read(room: Room) -> None:
    order = delivered(room)
    app = Host(room, lambda room: DoneScreen(room, order))
    async with app.run_test(size=ROOMY) as pilot:
        await on(pilot, DoneScreen)
        await settled(pilot, lambda: any(part.style and part.style.bold for line in lines(app) for part in line), "ink")
        drawn = lines(app)
        bold = [text(line) for line in drawn if any(part.style and part.style.bold for part in line)]
        code = "\n".join(text(line)[4:-4] for line in drawn if any(sign in text(line) for sign in "▀▄█"))

        assert any("Top-up receipt" in line for line in bold)
        assert any(line.startswith("Total") for line in bold)
        assert not any(line.startswith("Tendered") for line in bold)
        assert photographed(code) == order.reference
        assert max(len(line) for line in said(pilot, "receipt-text").split("\n")) <= 38
