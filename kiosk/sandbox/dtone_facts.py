"""What stands in DT One's catalogue here, the training SIMs, and DT One's own codes and states. Data only.

Source: the OpenAPI document of DVS 1.23.0; developers.dtone.com, pages `reference/sandbox`, `reference/transactions-1`,
`docs/esim-topup` (summer 2026). Products, operators and prices are made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

API_KEY = "training-key"
API_SECRET = "training-secret"  # noqa: S105 -- training only; everybody may know it
FLOAT_CENTS = 1_000_00
"""What the account holds when the books are opened."""
CONFIRM_WITHIN_S = 3600.0  # as far apart as the two dates of a published answer
RATE = (60, 10.0)
"""Requests and seconds for each key. DT One limits, and does not publish how."""


@dataclass(frozen=True, slots=True)
class Operator:
    id: int
    name: str
    country: str


USA = Operator(9901, "Training Mobile USA", "USA")
GLOBAL = Operator(9902, "Training Roam", "GXX")
OPERATORS = {operator.id: operator for operator in (USA, GLOBAL)}
COUNTRIES = {"USA": "United States", "GXX": "Global"}
SERVICES = {1: "Mobile", 13: "eSIM"}
ESIM = 13


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `amount` -1 means unlimited, `days` are told in `validity_unit`s; prices are in cents."""

    id: int
    name: str
    operator: Operator
    amount: float
    unit: str
    validity: int
    validity_unit: str
    cost_cents: int
    fee_cents: int = 0
    retail_cents: int | None = None
    bonus: float = 0
    service: int = ESIM
    needs_purchaser: bool = False

    @property
    def type(self) -> str:
        return "FIXED_VALUE_PIN_PURCHASE" if self.service == ESIM else "FIXED_VALUE_RECHARGE"

    @property
    def megabytes(self) -> int:
        """With the bonus; -1 where it is unlimited."""
        if self.amount == -1:
            return -1
        return round((self.amount + self.bonus) * {"MB": 1, "GB": 1024}[self.unit])


PRODUCTS = {
    product.id: product
    for product in (
        Product(50101, "USA 1 GB", USA, 1, "GB", 7, "DAY", 3_50, 10, 4_90),
        Product(50102, "USA 3 GB", USA, 3, "GB", 1, "MONTH", 8_20, 10, 10_90),
        Product(50103, "USA 5 GB + 1 GB", USA, 5, "GB", 30, "DAY", 11_90, 10, 15_90, bonus=1),
        Product(50104, "USA 10 GB", USA, 10, "GB", 30, "DAY", 19_40, 10, 25_90),
        Product(50105, "USA 500 MB", USA, 500, "MB", 24, "HOUR", 1_90),
        Product(50106, "USA unlimited", USA, -1, "GB", 2, "WEEK", 31_00, 10, 39_00),
        Product(50107, "USA 2 GB, named buyers", USA, 2, "GB", 15, "DAY", 6_00, needs_purchaser=True),
        Product(50201, "Global 2 GB", GLOBAL, 2, "GB", 30, "DAY", 14_50),
        Product(50301, "USA airtime 10 USD", USA, 10, "USD", -1, "DAY", 9_30, service=1),
    )
}

PROMOTIONS = {
    7001: (50103, "1 GB more", "Top up 5 GB and receive 6 GB.", "2026-11-01T00:00:00Z", "2026-12-31T23:59:59Z"),
}
"""By id: the product, title, description, first and last moment."""


class SimKind(StrEnum):
    ACTIVE = "active"  # in use, data left
    NEW = "new"  # sold, not yet in a phone
    SILENT = "silent"  # in use, but its operator answers no questions about it: 1007500


@dataclass(frozen=True, slots=True)
class Sim:
    iccid: str
    kind: SimKind
    operator: Operator = USA
    remaining_mb: int = 0


SIMS = {
    sim.iccid: sim
    for sim in (
        Sim("8901260744102835179", SimKind.ACTIVE, remaining_mb=740),
        Sim("8901260744102836920", SimKind.NEW, remaining_mb=1024),
        Sim("8901260744102844718", SimKind.SILENT),
        Sim("8944500219384756484", SimKind.ACTIVE, operator=GLOBAL, remaining_mb=300),
    )
}
"""All of them pass the check-digit test. An eSIM that was bought here is ours too."""

CODES = {
    1000400: (400, "Bad Request"),
    1000401: (401, "Unauthorized"),
    1000404: (404, "Resource not found"),
    1000429: (429, "Too many requests"),
    1003001: (404, "Product is not available in your account"),
    1003002: (400, "Requested product amount is out of range"),
    1003003: (400, "Requested product unit is invalid"),
    1003101: (404, "Benefits not defined for available products"),
    1003201: (404, "Promotion not found"),
    1003301: (404, "Campaign not found"),
    1005003: (400, "Credit party mobile number is invalid"),
    1005004: (404, "Service not found"),
    1005005: (404, "Country not found"),
    1005006: (404, "Operator not found"),
    1005503: (400, "Sender mobile number is invalid"),
    1006001: (400, "Insufficient balance"),
    1006003: (400, "Debit party mobile number is invalid"),
    1006009: (404, "Account balance not found"),
    1006503: (400, "Beneficiary mobile number is invalid"),
    1007001: (400, "Transaction external ID has already been used"),
    1007002: (400, "Transaction has already been confirmed"),
    1007004: (400, "Transaction can no longer be confirmed"),
    1007005: (400, "Transaction has already been cancelled"),
    1007007: (400, "Transaction can no longer be cancelled"),
    1007500: (400, "Method not supported by operator"),
    1008004: (404, "Transaction not found"),
    1009001: (500, "Unexpected error, please contact our support team"),
    1009503: (503, "Service unavailable, please retry later"),
}
"""By code: the HTTP status, and DT One's words."""

CLASSES = {
    "CREATED": 1,
    "CONFIRMED": 2,
    "REJECTED": 3,
    "CANCELLED": 4,
    "SUBMITTED": 5,
    "COMPLETED": 7,
    "REVERSED": 8,
    "DECLINED": 9,
}

STATUS_IDS = {"CONFIRMED": 20000, "REJECTED-OPERATOR-CURRENTLY-UNAVAILABLE": 30400, "COMPLETED": 70000}
"""The ones that have been published. The others here are the class's digit and zeros: nobody may branch on them."""

UNAVAILABLE = "REJECTED-OPERATOR-CURRENTLY-UNAVAILABLE"
OUTCOMES = (
    "COMPLETED",
    "COMPLETED",  # with a PIN
    "DECLINED-INVALID-CREDIT-PARTY",
    "DECLINED-BARRED-CREDIT-PARTY",
    "DECLINED-OPERATOR-CURRENTLY-UNAVAILABLE",
    "DECLINED-DUPLICATED-TRANSACTION",
    "DECLINED",
    "DECLINED-EXCEPTION",
)
"""By the last digit of a number that ends in 100 to 107, 200 to 207 or 300 to 307."""
DELAYS_S = {"1": 3.0, "2": 20.0, "3": 300.0}
"""By the third digit from the right of such a number."""
SPECIAL = re.compile(r".*([123])0([0-7])")


def special(number: str) -> tuple[str, float] | None:
    """How a top-up of this number ends and after how many seconds, where its last three digits say so."""
    found = SPECIAL.fullmatch(number)
    return (OUTCOMES[int(found[2])], DELAYS_S[found[1]]) if found else None
