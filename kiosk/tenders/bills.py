"""When a rail's bill of a day can be there. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.errors import NotNow

CHINA = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")
PLACES = {CHINA: "in China", UTC: "UTC"}


def check_ready(rail: str, day: date, ready: time, zone: ZoneInfo, now: datetime) -> None:
    """Raises NotNow until `ready`, by the rail's clock, of the day after: earlier there is no whole bill."""
    ready_at = datetime.combine(day + timedelta(days=1), ready, zone)
    if now < ready_at:
        wait_s = (ready_at - now).total_seconds()
        said = f"{rail} has the bill of {day} after {ready_at:%Y-%m-%d %H:%M} {PLACES[zone]}."
        raise NotNow(said, retry_after_s=wait_s)
