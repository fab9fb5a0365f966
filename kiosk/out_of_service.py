"""What stands before the customer while there are no screens: in English and Chinese, and a line for the clerk."""

from __future__ import annotations

import textwrap

from kiosk.untrusted import printable

RESET = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?1049l\x1b[<u\x1b[?25h\x1b[0m"
"""Mouse and paste reporting off, the ordinary screen, the ordinary keyboard, the cursor: what a killed child leaves."""
CLEAR = "\x1b[2J\x1b[H"


def back_in_a_moment(last_words: str, pause_s: float) -> str:
    """What the customer sees, and under it one line for the clerk."""
    cause = next(line for line in reversed(last_words.splitlines()) if line.strip())
    kind = printable(cause.split(":")[0].strip()[:60])
    return (
        "\r\n\r\n   Out of service. Back in a moment.\r\n   暂停服务，请稍候。\r\n\r\n"
        "   What was paid is safe: it is delivered or given back by itself.\r\n"
        "   已付款项安全：将自动充值或退款。\r\n\r\n\r\n"
        f"   For the clerk: {kind}.\r\n"
        f"   The log is kiosk.log. Starting again in {pause_s:.0f} s.\r\n"
    )


def cannot_sell(trouble: str, columns: int) -> str:
    """What stands there while nothing can be recorded: nobody may pay meanwhile, and nobody's money is lost."""
    told = textwrap.fill(f"For the clerk: {printable(trouble)}", max(40, columns - 6), break_on_hyphens=False)
    cause = told.replace("\n", "\r\n   ")
    return (
        "\r\n\r\n   Out of service. Please do not pay now, not even a code that you have scanned.\r\n"
        "   暂停服务。请勿付款，已扫描的付款码也请不要支付。\r\n\r\n"
        "   What was paid is not lost: delivered, given back, or settled by the clerk.\r\n"
        "   已付款项不会丢失：将自动充值、退款，或由店员处理。\r\n\r\n\r\n"
        f"   {cause}\r\n"
    )
