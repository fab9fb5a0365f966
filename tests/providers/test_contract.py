"""Every provider keeps the contract: one line each."""

from __future__ import annotations

from tests.providers.contract import ProviderContract, WithTokens
from tests.providers.stand import AIRALO, DTONE, RELOADLY


class TestAiralo(ProviderContract, WithTokens):
    case = AIRALO


class TestDtOne(ProviderContract):
    case = DTONE


class TestReloadly(ProviderContract, WithTokens):
    case = RELOADLY
