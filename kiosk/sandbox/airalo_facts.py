"""What stands in Airalo's catalogue here, the training SIMs, and Airalo's own words. Data only; nothing is done here.

Source: developers.partners.airalo.com, pages `error-handling-780831m0`, `rate-limits-752590m0`,
`sandbox-mode-2114305m0`, `submit-top-up-order-11883026e0`, `request-refund-14583565e0` (autumn 2026).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CLIENT_ID = "training-client"
CLIENT_SECRET = "training-secret"  # noqa: S105 -- training only; everybody may know it
TOKEN_LIFE_S = 86_400
FLOAT_CENTS = 1_000_00
"""The partner's credit when the books are opened."""


@dataclass(frozen=True, slots=True)
class Package:
    """One plan of Change, Airalo's brand in the United States. `amount_mb` 0 means unlimited."""

    id: str
    amount_mb: int
    days: int
    price_cents: int
    net_cents: int
    type: str = "topup"

    @property
    def data(self) -> str:
        return f"{self.amount_mb // 1024} GB" if self.amount_mb else "Unlimited"

    @property
    def title(self) -> str:
        return f"{self.data} - {self.days} Days"


CATALOGUE = {
    package.id: package
    for package in (
        Package("change-7days-1gb-topup", 1024, 7, 4_50, 3_60),
        Package("change-15days-2gb-topup", 2048, 15, 8_00, 6_00),
        Package("change-30days-3gb-topup", 3072, 30, 11_00, 8_25),
        Package("change-30days-5gb-topup", 5120, 30, 16_00, 11_80),
        Package("change-30days-10gb-topup", 10_240, 30, 26_00, 18_70),
        Package("change-30days-20gb-topup", 20_480, 30, 42_00, 29_40),
        Package("change-10days-unlimited-topup", 0, 10, 34_00, 25_50),
        Package("change-30days-unlimited-topup", 0, 30, 69_00, 51_75),
    )
}

FIRST_PACKAGE = Package("change-30days-3gb", 3072, 30, 11_00, 8_25, type="sim")
"""What the training SIMs were sold with."""


class SimKind(StrEnum):
    ACTIVE = "active"  # in use, data left
    NEW = "new"  # sold, not yet in a phone
    RECYCLED = "recycled"  # taken back by Airalo: code 73 for ever
    NO_TOP_UPS = "no_top_ups"  # in use, but its operator offers no top-ups: an empty list


@dataclass(frozen=True, slots=True)
class Sim:
    iccid: str
    kind: SimKind
    remaining_mb: int = 0
    days_used: int = 0


SIMS = {
    sim.iccid: sim
    for sim in (
        Sim("8900000461442300635", SimKind.ACTIVE, remaining_mb=1210, days_used=9),
        Sim("8901260862291477122", SimKind.ACTIVE, remaining_mb=312, days_used=21),
        Sim("89014103277884605127", SimKind.ACTIVE, remaining_mb=2048, days_used=4),
        Sim("8901260711302984552", SimKind.NEW, remaining_mb=3072),
        Sim("8901260455098172630", SimKind.RECYCLED),
        Sim("8901260933410758260", SimKind.NO_TOP_UPS, remaining_mb=890, days_used=12),
    )
}
"""All of them pass the check-digit test. Every other number is not ours: 404."""

REASONS = {
    11: "Insufficient Airalo Credit: {}",
    13: "The requested operator is currently undergoing maintenance. Please try again later.",
    14: "Invalid checksum: {}",
    23: "The requested top-up has been disabled by the operator. {}",
    33: "Insufficient stock of eSIMs remaining: {}. Please try your request again later.",
    34: "The requested eSIM package is invalid or it is currently out of stock. Please try again later.",
    43: "Bad request. {} Please check your input and try again.",
    53: "Something unexpected happened. We're working to resolve the issue. Please try again later.",
    73: "The eSIM with iccid {} has been recycled. It can no longer be used or topped up.",
    89: "Your IP address is not permitted to access the Partner API. Add it to your API IP allowlist in the "
    "Partner Platform, or contact your account manager.",
}

ERROR_PACKAGES = {
    "test-insufficient-balance-7days-1gb": 11,
    "test-maintenance-mode-7days-1gb": 13,
    "test-disabled-top-up-7days-1gb": 23,
    "test-not-enough-7days-1gb": 33,
    "test-out-of-stock-7days-1gb": 34,
}

RATES = {
    "token": [(3, 60.0, "")],
    "usage": [(10, 60.0, "iccid")],
    "history": [(10, 60.0, "iccid")],
    "refund": [(5, 60.0, "")],
}
"""Requests, seconds, and what they are counted by (nothing: by client; there is only one here)."""

SANDBOX_RATE = (5, 1.0, "")
"""Airalo's sandbox mode adds this for every endpoint."""

USAGE_CACHE_S = 60 * 60
"""Airalo's sandbox mode answers the usage of a SIM from a cache of that age; production from one of 20 minutes."""

NOTES_MAX = 255
REFUND_REASONS = (
    "INSTALLATION_FAILURE, NO_COVERAGE, APN_FAILURE, TRIP_CANCELLATION, INTERMITTENT_CONNECTION, BLOCKED_NETWORK, "
    "CHANGE_OF_PLAN, DELETED_ESIM, EARLY_EXPIRY, HOTSPOT_NOT_WORKING, IMSI_CHANGE, INCOMPATIBLE_DEVICE, "
    "LOCKED_DEVICE, NO_VOICE_TEXT_SERVICES, OVERCHARGED, SLOW_SPEED, TOP_UP_PACKAGE_FAILURE, UNKNOWN_CHARGES, "
    "WRONG_PURCHASE, UNABLE_TO_ACCESS_APPS, SERVICE_DEGRADATION, QR_ISSUE_PARTNERS, OTHERS"
)
