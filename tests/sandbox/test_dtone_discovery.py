"""The stand-in of DT One: products, look-ups, pages, and the exact keys of the published OpenAPI document.

That document (DVS 1.23.0) is in no package that could be pinned; its keys are therefore written down here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kiosk.sandbox.dtone_facts import PRODUCTS
from kiosk.sandbox.server import Sandbox
from tests.sandbox.dtone_buyer import ACTIVE, NEW, PLAN, SILENT, STRANGER, buyer, code, create

BASE = {"id", "name", "description", "tags", "type", "service", "operator", "regions"}
PARTIES = ("debit_party_identifier", "credit_party_identifier", "sender", "beneficiary")
REQUIRED = {f"required_{who}_fields" for who in PARTIES}
REQUIRED |= {"required_statement_identifier_fields", "required_additional_identifier_fields"}
PRODUCT = BASE | REQUIRED | {"validity", "availability_zones", "source", "destination", "prices", "rates"}
PRODUCT |= {"benefits", "promotions"}
TRANSACTION = {"id", "external_id", "creation_date", "confirmation_expiration_date", "status", "product", "prices"}
TRANSACTION |= {"rates", "benefits", "promotions"}
TRANSACTION_MORE = {
    "confirmation_date",
    "credit_party_identifier",
    "callback_url",
    "operator_reference",
    "pin",
    "metadata",
}
PROMOTION = {"id", "title", "description", "terms", "start_date", "end_date"}


@pytest.fixture
def dtone(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with buyer(sandbox) as client:
        yield client


def ids(dtone: httpx.Client, **asked: Any) -> set[int]:
    return {found["id"] for found in dtone.get("products", params=asked).json()}


def ask(dtone: httpx.Client, what: str, iccid: str, service_id: Any = 13) -> httpx.Response:
    party = {"account_number": iccid}
    return dtone.post(f"lookup/credit-party-{what}", json={"service_id": service_id, "credit_party_identifier": party})


def test_a_product_has_the_documented_keys(dtone: httpx.Client) -> None:
    """All of them, and no other: the document allows none."""
    for found in dtone.get("products").json():
        assert set(found) == PRODUCT | ({"pin"} if found["type"] == "FIXED_VALUE_PIN_PURCHASE" else set())
        assert set(found["operator"]) == {"id", "name", "country", "regions"}
        assert set(found["prices"]["wholesale"]) == {"unit_type", "unit", "amount", "fee"}
        assert set(found["rates"]) == {"base", "wholesale", "retail"}
        assert set(found["validity"]) == {"unit", "quantity"}
        for benefit in found["benefits"]:
            assert set(benefit) == {"type", "unit_type", "unit", "amount", "additional_information"}
            amounts = {"base", "promotion_bonus", "total_excluding_tax", "total_including_tax"}
            assert set(benefit["amount"]) == amounts
        assert [set(promotion) for promotion in found["promotions"] or []] in ([], [PROMOTION])


def test_a_transaction_has_the_documented_keys(dtone: httpx.Client) -> None:
    """For a top-up and for a new eSIM."""
    for number, iccid in enumerate((ACTIVE, None)):
        found = dtone.get(f"transactions/{create(dtone, f'K07{number}', iccid)['id']}").json()

        assert set(found) >= TRANSACTION
        assert set(found) - TRANSACTION <= TRANSACTION_MORE
        assert set(found["product"]) == BASE
        assert set(found["metadata"]) - {"profile"} == {"type", "activation_type", "balance"}
        assert set(found["metadata"]["balance"]) == {"size", "validity", "country_set", "extended_data_policy"}


def test_products_are_searched_by_service_country_operator_and_benefit(dtone: httpx.Client) -> None:
    """And what there is not is a 404 with its own code."""
    assert ids(dtone) == set(PRODUCTS)
    assert ids(dtone, country_iso_code="GXX") == {50201}
    assert ids(dtone, service_id=1) == {50301}
    assert ids(dtone, type="FIXED_VALUE_PIN_PURCHASE", operator_id=9902) == {50201}
    assert ids(dtone, benefit_types="CREDITS,SMS") == {50301}
    assert code(dtone.get("products", params={"country_iso_code": "ATA"})) == (404, 1005005)
    assert code(dtone.get("products", params={"service_id": 99})) == (404, 1005004)
    assert code(dtone.get("products", params={"operator_id": 1})) == (404, 1005006)
    assert code(dtone.get("products/1")) == (404, 1003001)
    assert dtone.get(f"products/{PLAN}").json()["id"] == PLAN


def test_pages_say_how_many_there_are(dtone: httpx.Client) -> None:
    """50 by default, 100 at most; beyond the last page there is nothing."""
    middle = dtone.get("products", params={"per_page": 4, "page": 2})
    last = dtone.get("products", params={"per_page": 4, "page": 3})
    told = {name: value for name, value in middle.headers.items() if name.startswith("x-")}

    assert [found["id"] for found in middle.json()] == sorted(PRODUCTS)[4:8]
    assert told == {
        "x-total": "9",
        "x-total-pages": "3",
        "x-per-page": "4",
        "x-page": "2",
        "x-next-page": "3",
        "x-prev-page": "1",
    }
    assert last.headers["X-Next-Page"] == ""
    assert dtone.get("products", params={"page": 9}).json() == []
    assert code(dtone.get("products", params={"per_page": 101})) == (400, 1000400)
    assert code(dtone.get("products", params={"page": "two"})) == (400, 1000400)
    assert middle.headers["Content-Language"] == "en"


def test_a_sims_state_can_be_asked(dtone: httpx.Client) -> None:
    """Not yet installed, in use, of an operator that does not say, a stranger's; another service is refused."""
    assert ask(dtone, "status", NEW).json() == {"installation_date": None, "activation_date": None}
    assert ask(dtone, "status", ACTIVE).json()["activation_date"] is not None
    assert code(ask(dtone, "status", SILENT)) == (400, 1007500)
    assert code(ask(dtone, "status", STRANGER)) == (400, 1005003)
    assert code(ask(dtone, "status", ACTIVE, 1)) == (404, 1005004)
    assert code(ask(dtone, "status", ACTIVE, "13")) == (400, 1000400)


def test_a_top_up_adds_to_what_is_left(dtone: httpx.Client) -> None:
    """In MB; unlimited is -1."""

    def left() -> Any:
        (told,) = ask(dtone, "benefits", ACTIVE).json()
        assert set(told) == {"type", "unit_type", "unit", "amount", "expiration_date", "country"}
        return told["amount"]

    before = left()
    create(dtone, "K07A")
    after = left()
    create(dtone, "K07B", plan=50106)

    assert (before, after, left()) == (740, 740 + 10_240, -1)


def test_promotions_are_listed_with_their_products(dtone: httpx.Client) -> None:
    """And a bonus stands in the product's benefit."""
    (told,) = dtone.get("promotions", params={"country_iso_code": "USA"}).json()

    assert set(told) == PROMOTION | {"operator", "products"}
    assert [product["id"] for product in told["products"]] == [50103]
    assert dtone.get("promotions", params={"product_id": PLAN}).json() == []
    assert dtone.get("promotions/7001").json() == told
    assert code(dtone.get("promotions/1")) == (404, 1003201)


@pytest.mark.parametrize(
    ("path", "key"),
    [("services", "id"), ("countries", "iso_code"), ("operators", "id"), ("benefit-types", "name")],
)
def test_what_there_is_can_be_listed(dtone: httpx.Client, path: str, key: str) -> None:
    """The lists that a client reads first; there are no campaigns."""
    found = dtone.get(path)

    assert found.json()
    assert all(key in entry for entry in found.json())
    assert dtone.get("campaigns").json() == []
