"""The list of orders, which is how a lost answer is cleared up, searches and pages as documented."""

from __future__ import annotations

import httpx

from tests.sandbox.partner import ACTIVE, order


def test_an_order_is_found_by_part_of_its_description(airalo: httpx.Client) -> None:
    """A LIKE search: any part matches, an underscore is a wildcard; prices and validity are strings; sims is empty."""
    order(airalo, "K077Q3F9XKD2MWBT1")
    order(airalo, "K0700000000000AT1")

    found = airalo.get("orders", params={"filter[description]": "7Q3F9X", "include": "sims,status"}).json()
    wild = airalo.get("orders", params={"filter[description]": "K07_Q3F", "limit": 1}).json()

    (shown,) = found["data"]
    assert (shown["validity"], shown["price"], shown["quantity"], shown["sims"]) == ("30", "26.00", 1, [])
    assert shown["status"] == {"name": "Completed", "slug": "completed"}
    assert wild["meta"]["total"] == 1


def test_the_list_comes_in_pages_newest_first(airalo: httpx.Client) -> None:
    """limit and page, links and totals; per_page is a string, as documented."""
    for number in range(3):
        order(airalo, f"REF{number}")

    answer = airalo.get("orders", params={"limit": 2, "page": 2}).json()

    assert [shown["description"] for shown in answer["data"]] == ["REF0"]
    assert (answer["meta"]["total"], answer["meta"]["last_page"], answer["meta"]["per_page"]) == (3, 2, "2")
    assert answer["links"]["next"] is None
    assert "status" not in answer["data"][0]
    assert airalo.get("orders", params={"limit": "many"}).json()["data"] == {"limit": "The limit must be an integer."}


def test_filters_by_day_code_and_status_narrow_the_list(airalo: httpx.Client) -> None:
    """Each filter counts; filter[iccid] never finds a top-up."""
    code = order(airalo)["code"]

    def total(**filters: str) -> int:
        params = {f"filter[{name}]": value for name, value in filters.items()}
        return int(airalo.get("orders", params=params).json()["meta"]["total"])

    assert total(code=code, order_status="completed", created_at="2026-11-22 - 2026-11-22") == 1
    assert total(created_at="2026-11-23 - 2026-11-30") == 0
    assert total(order_status="refunded") == 0
    assert total(iccid=ACTIVE) == 0


def test_an_order_is_read_back_by_its_number(airalo: httpx.Client) -> None:
    """One that is not ours is a 401 in Airalo's words."""
    id = order(airalo)["id"]

    stranger = airalo.get("orders/1")
    assert airalo.get(f"orders/{id}", params={"include": "status"}).json()["data"]["status"]["slug"] == "completed"
    assert (stranger.status_code, stranger.json()["meta"]["message"]) == (401, "This action is unauthorized.")
