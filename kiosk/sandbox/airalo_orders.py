"""The list of orders: its filters, its pages, its mistakes. Reads only."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.airalo_books import AiraloBooks
from kiosk.sandbox.airalo_shapes import listed
from kiosk.sandbox.airalo_wire import SUCCESS, done, invalid

STATUSES = ("completed", "failed", "partially_refunded", "refunded")
SPAN = re.compile(r"(\d{4}-\d\d-\d\d) - (\d{4}-\d\d-\d\d)")


def order_list(request: Request, books: AiraloBooks, shown_until: float) -> Response:
    """One page of the orders made until `shown_until`, newest first."""
    if wrong := _mistakes(request.args):
        return invalid(request, wrong)
    limit, page = int(request.args.get("limit", "25")), int(request.args.get("page", "1"))
    total, orders = books.search(_conditions(request.args, shown_until), limit, page)
    last = max(1, math.ceil(total / limit))
    first_shown = (page - 1) * limit + 1
    meta = {
        **SUCCESS,
        "current_page": page,
        "from": first_shown if orders else None,
        "last_page": last,
        "path": request.base_url,
        "per_page": str(limit),
        "to": first_shown + len(orders) - 1 if orders else None,
        "total": total,
    }
    links = {
        "first": f"{request.base_url}?page=1",
        "last": f"{request.base_url}?page={last}",
        "prev": f"{request.base_url}?page={page - 1}" if page > 1 else None,
        "next": f"{request.base_url}?page={page + 1}" if page < last else None,
    }
    return done([listed(order, included(request)) for order in orders], meta, links=links)


def included(request: Request) -> list[str]:
    return request.args.get("include", "").split(",")


def _mistakes(asked: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        name: f"The {name} must be an integer."
        for name in ("limit", "page")
        if not re.fullmatch(r"[1-9][0-9]{0,8}", asked.get(name, "1"))
    }
    if (days := asked.get("filter[created_at]")) and not SPAN.fullmatch(days):
        wrong["filter.created_at"] = "The filter.created at format is invalid."
    if (status := asked.get("filter[order_status]")) and status not in STATUSES:
        wrong["filter.order_status"] = "The selected filter.order status is invalid."
    return wrong


def _conditions(asked: Mapping[str, str], shown_until: float) -> dict[str, object]:
    """SQL conditions with one `?` each, and their values."""
    where: dict[str, object] = {"at <= ?": shown_until}
    for name in ("code", "description"):
        if text := asked.get(f"filter[{name}]"):
            where[f"{name} LIKE ?"] = f"%{text}%"
    if status := asked.get("filter[order_status]"):
        where["status = ?"] = status
    if span := SPAN.fullmatch(asked.get("filter[created_at]", "")):
        where |= {"date(at, 'unixepoch') >= ?": span[1], "date(at, 'unixepoch') <= ?": span[2]}
    if iccid := asked.get("filter[iccid]"):
        # It searches the `sims` of an order, and those of a top-up are empty in the documented example.
        where["0 AND ?"] = iccid
    return where
