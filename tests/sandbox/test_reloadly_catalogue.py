"""The stand-in of Reloadly: countries, operators, promotions, rates, commissions, with the keys of the vendor's SDKs.

No package that could be pinned holds Reloadly's OpenAPI document; its keys are therefore written down here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kiosk.sandbox.reloadly_facts import AREAS, OPERATORS
from kiosk.sandbox.server import Sandbox
from tests.sandbox.reloadly_buyer import buyer, code

OPERATOR = {"id", "operatorId", "name", "bundle", "data", "comboProduct", "pin", "supportsLocalAmounts"}
OPERATOR |= {"supportsGeographicalRechargePlans", "denominationType", "senderCurrencyCode", "senderCurrencySymbol"}
OPERATOR |= {"destinationCurrencyCode", "destinationCurrencySymbol", "commission", "internationalDiscount"}
OPERATOR |= {"localDiscount", "mostPopularAmount", "mostPopularLocalAmount", "minAmount", "maxAmount"}
OPERATOR |= {"localMinAmount", "localMaxAmount", "country", "fx", "logoUrls", "fixedAmounts"}
OPERATOR |= {"fixedAmountsDescriptions", "localFixedAmounts", "localFixedAmountsDescriptions", "suggestedAmounts"}
OPERATOR |= {"suggestedAmountsMap", "geographicalRechargePlans", "fees", "promotions", "status"}
PROMOTION = {"id", "promotionId", "operatorId", "title", "title2", "description", "startDate", "endDate"}
PROMOTION |= {"denominations", "localDenominations"}
COUNTRY = {"isoName", "name", "currencyCode", "currencyName", "currencySymbol", "flag", "callingCodes"}
COMMISSION = {"percentage", "internationalPercentage", "localPercentage", "updatedAt", "operator"}


@pytest.fixture
def reloadly(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with buyer(sandbox) as client:
        yield client


def test_an_operator_has_the_keys_of_the_vendors_clients(reloadly: httpx.Client) -> None:
    """All of them: one in a page, one by its number."""
    page = reloadly.get("operators").json()

    assert {found["id"] for found in page["content"]} == set(OPERATORS)
    assert all(set(found) == OPERATOR for found in page["content"])
    assert reloadly.get("operators/801").json() == page["content"][0]
    assert code(reloadly.get("operators/99")) == (404, "OPERATOR_NOT_FOUND")


def test_operators_of_a_country_are_a_list_and_may_leave_some_out(reloadly: httpx.Client) -> None:
    """PINs, data and bundles, where that is asked for."""

    def ids(**asked: Any) -> set[int]:
        return {found["id"] for found in reloadly.get("operators/countries/US", params=asked).json()}

    assert ids() == set(OPERATORS) - {806}
    assert ids(includePin="false") == ids() - {804}
    assert ids(includeData="false", includeBundles="false") == ids() - {802, 805}
    assert code(reloadly.get("operators/countries/LY")) == (409, "COUNTRY_NOT_SUPPORTED")


@pytest.mark.parametrize(("area", "operator"), AREAS.items())
def test_whose_a_number_is_its_area_code_says(reloadly: httpx.Client, area: str, operator: int) -> None:
    """With the country's digits or without."""
    found = reloadly.get(f"operators/auto-detect/phone/1{area}5550142/countries/US").json()

    assert found == reloadly.get(f"operators/auto-detect/phone/{area}5550142/countries/us").json()
    assert found["id"] == operator


def test_a_strangers_number_cannot_be_detected(reloadly: httpx.Client) -> None:
    """Nor one that is none."""
    for phone in ("19995550142", "123", "words"):
        answer = reloadly.get(f"operators/auto-detect/phone/{phone}/countries/US")
        assert code(answer) == (404, "COULD_NOT_AUTO_DETECT_OPERATOR")


def test_amounts_are_suggested_where_they_are_asked_for(reloadly: httpx.Client) -> None:
    """And what arrives of each."""
    quiet = reloadly.get("operators/801").json()
    told = reloadly.get("operators/806", params={"suggestedAmounts": "true", "suggestedAmountsMap": "true"}).json()

    assert (quiet["suggestedAmounts"], quiet["suggestedAmountsMap"]) == ([], {})
    assert told["suggestedAmounts"] == [5, 10, 20, 30]
    assert told["suggestedAmountsMap"]["10"] == 175


def test_a_rate_says_what_arrives(reloadly: httpx.Client) -> None:
    """Of an amount, with an operator."""
    told = reloadly.post("operators/fx-rate", json={"operatorId": 806, "amount": 10}).json()

    assert told == {"id": 806, "name": "Training Movil Mexico", "fxRate": 175, "currencyCode": "MXN"}
    assert code(reloadly.post("operators/fx-rate", json={"operatorId": 806, "amount": 0})) == (400, "INVALID_AMOUNT")
    assert code(reloadly.post("operators/fx-rate", content=b"amount=1")) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_commissions_are_told_for_each_operator(reloadly: httpx.Client) -> None:
    """In a page, or one."""
    page = reloadly.get("operators/commissions", params={"size": 2, "page": 1}).json()

    assert [set(told) for told in page["content"]] == [COMMISSION, COMMISSION]
    assert page["totalElements"] == len(OPERATORS)
    assert reloadly.get("operators/801/commissions").json() == page["content"][0]


def test_promotions_are_found_by_number_country_and_operator(reloadly: httpx.Client) -> None:
    """And stand with their operator."""
    page = reloadly.get("promotions").json()["content"]

    assert all(set(told) == PROMOTION for told in page)
    assert reloadly.get("promotions/country-codes/US").json() == page
    assert reloadly.get("promotions/country-codes/MX").json() == []
    assert reloadly.get("promotions/operators/803").json() == page[1:]
    assert reloadly.get("promotions/9001").json() == page[0]
    assert reloadly.get("operators/801").json()["promotions"] == page[:1]
    assert code(reloadly.get("promotions/1")) == (404, "RESOURCE_NOT_FOUND")


def test_countries_are_listed(reloadly: httpx.Client) -> None:
    """Each with its currency."""
    found = reloadly.get("countries").json()

    assert all(set(country) == COUNTRY for country in found)
    assert reloadly.get("countries/US").json() == found[0]
    assert code(reloadly.get("countries/LY")) == (409, "COUNTRY_NOT_SUPPORTED")
