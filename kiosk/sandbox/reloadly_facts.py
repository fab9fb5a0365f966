"""What stands in Reloadly's catalogue here, the training numbers, and Reloadly's own codes. Data only.

Source: docs.reloadly.com (airtime; the OpenAPI document of July 2022, its page of error codes), the answers in the
tests of the vendor's own SDKs, and what integrators measured against the vendor's sandbox and wrote down (September
and October 2026). Operators, plans and prices are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

CLIENT_ID = "training-client"
CLIENT_SECRET = "training-secret"  # noqa: S105 -- training only; everybody may know it
AUDIENCES = ("https://topups.reloadly.com", "https://topups-sandbox.reloadly.com")
"""And the address of this sandbox itself. The token is good for what it was asked for, here and there."""
TOKEN_LIFE_S = 86_400
SCOPE = "send-topups read-operators read-promotions read-topups-history read-prepaid-balance read-prepaid-commissions"
FLOAT = Decimal(1000)
"""What the account, in USD, holds when the books are opened."""
RATE = (60, 10.0)
"""Requests and seconds. Reloadly documents that it limits, and not how; integrators met no limit."""
IDENTIFIER_MAX = 150
RECHARGED_S = 120.0
"""A number that was topped up is not topped up again before that: documented."""


@dataclass(frozen=True, slots=True)
class Country:
    name: str
    currency: str
    currency_name: str
    calling_code: str


COUNTRIES = {
    "US": Country("United States", "USD", "US Dollar", "+1"),
    "MX": Country("Mexico", "MXN", "Mexican Peso", "+52"),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator, as Reloadly calls each product line of a mobile network; `network` ties them together here.

    `fixed` are amounts in USD with their descriptions; without them `least` and `most` are the bounds. Fees are percent
    of the amount, and a flat sum on top.
    """

    id: int
    name: str
    network: str
    country: str = "US"
    least: Decimal | None = None
    most: Decimal | None = None
    fixed: dict[str, str] = field(default_factory=dict)
    discount: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    fee_percent: Decimal = Decimal(0)
    rate: Decimal = Decimal(1)
    local: tuple[Decimal, Decimal] | None = None
    bundle: bool = False
    data: bool = False
    pin: bool = False
    active: bool = True

    def takes(self, amount: Decimal) -> bool:
        """Whether it sells that amount, in USD."""
        if self.least is None or self.most is None:
            return amount in map(Decimal, self.fixed)
        return self.least <= amount <= self.most


OPERATORS = {
    operator.id: operator
    for operator in (
        Operator(801, "Training Mobile USA", "mobile", least=Decimal(5), most=Decimal(150), discount=Decimal(3)),
        Operator(
            802,
            "Training Mobile USA Data",
            "mobile",
            fixed={
                "9.00": "Night owl pack",
                "12.00": "1 GB, 7 days",
                "25.00": "5GB of high-speed data, valid for 30 days",
                "40.00": "Unlimited data for 30 days",
            },
            discount=Decimal(5),
            data=True,
        ),
        Operator(
            803,
            "Training Cell USA",
            "cell",
            fixed={"10.00": "", "25.00": "", "45.00": ""},
            discount=Decimal(3),
            fee=Decimal("0.20"),
        ),
        Operator(804, "Training Cell USA PIN", "prepaid cards", fixed={"10.00": "", "25.00": ""}, pin=True),
        Operator(
            805,
            "Training Wireless USA Bundles",
            "wireless",
            fixed={
                "15.00": "Unlimited talk and text, 3GB data, 30 days",
                "30.00": "Unlimited talk and text, 10 GB data, 30 days",
            },
            discount=Decimal(4),
            fee_percent=Decimal(10),
            bundle=True,
        ),
        Operator(
            806,
            "Training Movil Mexico",
            "movil",
            country="MX",
            least=Decimal(3),
            most=Decimal(30),
            discount=Decimal(4),
            rate=Decimal("17.5"),
            local=(Decimal(50), Decimal(500)),
        ),
        Operator(
            807, "Training Past USA", "past", least=Decimal(5), most=Decimal(50), discount=Decimal(3), active=False
        ),
    )
}

AREAS = {"305": 801, "786": 801, "212": 801, "415": 803, "650": 803, "702": 804, "213": 805, "503": 807}
"""By area code: whose numbers these are. Numbers of every other area code cannot be detected."""

PROMOTIONS = {
    9001: (
        801,
        "Training Mobile USA From 01 Nov 2026 00:00 To 31 Dec 2026 23:59 (GMT-05:00)",
        "2 GB more",
        "For top ups of $20 or more, customers receive 2 GB.<br />One bonus a day.",
        "2026-11-01 05:00:00",
        "2027-01-01 04:59:00",
        "USD 20 and up",
    ),
    9002: (
        803,
        "Training Cell USA From 01 Nov 2026 00:00 To 31 Dec 2026 23:59 (GMT-05:00)",
        "Bonus 2x",
        "Double credit.",
        "2026-11-01T05:00",
        "2027-01-01T04:59:00Z",
        "USD 25 and 45",
    ),
}
"""By id: the operator, both titles, the description, first and last moment, and for which amounts."""

SUCCESSFUL, PROCESSING, FAILED, REFUNDED = "SUCCESSFUL", "PROCESSING", "FAILED", "REFUNDED"
ENDINGS = {
    "0200": (FAILED, 0.0),
    "0201": (REFUNDED, 0.0),
    "0202": (SUCCESSFUL, 10.0),
    "0203": (SUCCESSFUL, 300.0),
    "0204": (FAILED, 10.0),
    "0205": (REFUNDED, 300.0),
}
"""Our own, by a number's last four digits: how a top-up ends, and after how many seconds of PROCESSING."""
REFUSED = {
    "0210": "INVALID_RECIPIENT_PHONE",
    "0211": "PHONE_BANNED_BY_OPERATOR",
    "0212": "RECIPIENT_REACHED_MAX_TOPUP_NUMBER",
    "0213": "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE",
    "0214": "PROVIDER_INTERNAL_ERROR",
}
"""Likewise: with which code a top-up is refused, leaving no record."""

CODES = {
    "ACCOUNT_NOT_FOUND": (404, "The account was not found"),
    "AUTHENTICATION_FAILURE": (401, "Authentication failed"),
    "CONNECTION_TO_OPERATOR_FAILED": (500, "The connection to the operator failed"),
    "CONNECTION_TO_OPERATOR_TEMPORARILY_DOWN": (503, "The connection to the operator is temporarily down"),
    "COULD_NOT_AUTO_DETECT_OPERATOR": (404, "Could not auto detect operator for given phone number"),
    "COUNTRY_NOT_SUPPORTED": (409, "The country is not supported"),
    "CUSTOM_IDENTIFIER_ALREADY_USED": (400, "The custom identifier is already used"),
    "INACTIVE_ACCOUNT": (403, "The account is not active"),
    "INSUFFICIENT_BALANCE": (400, "Insufficient balance"),
    "INTERNAL_SERVER_ERROR": (500, "An internal server error has occurred"),
    "INVALID_AMOUNT": (400, "Invalid amount"),
    "INVALID_AMOUNT_FOR_OPERATOR": (400, "The amount is not valid for the operator"),
    "INVALID_AMOUNT_FOR_RECIPIENT_PHONE": (400, "The amount is not valid for the recipient phone"),
    "INVALID_AUDIENCE": (400, "The provided audience is not valid"),
    "INVALID_CREDENTIALS": (401, "Access Denied"),
    "INVALID_INPUT_PROVIDED": (400, "Invalid input provided"),
    "INVALID_LOCAL_AMOUNT_FOR_OPERATOR": (400, "The local amount is not valid for the operator"),
    "INVALID_PHONE_NUMBER": (400, "The phone number is not valid"),
    "INVALID_RECIPIENT_PHONE": (400, "Recipient phone number is not valid"),
    "INVALID_REQUEST": (400, "The request is not well-formed"),
    "INVALID_SENDER_PHONE": (400, "Sender phone number is not valid"),
    "INVALID_TOKEN": (401, "Full authentication is required to access this resource"),
    "LOCAL_AMOUNTS_NOT_SUPPORTED_BY_OPERATOR": (400, "Local amounts are not supported by the operator"),
    "MAX_DAILY_TRANSACTION_AMOUNT_REACHED": (400, "The maximum daily transaction amount is reached"),
    "MAX_DAILY_TRANSACTION_COUNT_REACHED": (400, "The maximum daily transaction count is reached"),
    "MEDIA_TYPE_NOT_ACCEPTABLE": (406, "The media type is not acceptable"),
    "METHOD_NOT_SUPPORTED": (405, "The method is not supported"),
    "MISSING_TOKEN": (401, "Full authentication is required to access this resource"),
    "NOT_AUTHORIZED": (403, "Authorization failed due to insufficient permissions"),
    "OPERATOR_AND_RECIPIENT_PHONE_MISMATCH": (400, "The recipient phone is not one of the operator's"),
    "OPERATOR_NOT_FOUND": (404, "The operator was not found"),
    "OPERATOR_NOT_IN_SERVICE": (400, "The operator is not in service"),
    "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE": (503, "The operator is currently unavailable or inactive"),
    "PHONE_BANNED_BY_OPERATOR": (400, "The phone is banned by the operator"),
    "PHONE_RECENTLY_RECHARGED": (400, "The phone was recently recharged, try again in 2 minutes"),
    "PROVIDER_INTERNAL_ERROR": (500, "An internal error at the provider"),
    "RATE_LIMIT_REACHED": (429, "Too many requests"),
    "RECIPIENT_HAS_PENDING_TRANSACTION": (400, "The recipient has a pending transaction"),
    "RECIPIENT_PHONE_INACTIVE": (400, "The recipient phone is not active"),
    "RECIPIENT_REACHED_MAX_TOPUP_NUMBER": (400, "The recipient has reached the maximum number of top-ups"),
    "REQUEST_FAILED_ON_PROVIDER": (500, "The request failed at the provider"),
    "REQUEST_PROCESSING_FAILED": (500, "Processing of the request failed"),
    "RESOURCE_NOT_FOUND": (404, "The resource was not found"),
    "SERVICE_TO_OPERATOR_TEMPORARILY_UNAVAILABLE": (503, "The service to the operator is temporarily unavailable"),
    "SERVICE_UNAVAILABLE": (503, "Service unavailable"),
    "TOKEN_EXPIRED": (401, "The token is expired"),
    "TOPUP_TRANSACTION_FAILED": (400, "The top-up transaction failed"),
    "TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT": (400, "The transaction cannot be processed at the moment"),
    "TRANSACTION_FAILED_ON_OPERATOR": (400, "The transaction failed at the operator"),
    "TRANSACTION_NOT_FOUND": (404, "The transaction was not found"),
    "TRANSACTION_REFUSED_BY_OPERATOR": (400, "The transaction was refused by the operator"),
    "TRANSACTION_REJECTED_BY_OPERATOR": (400, "The transaction was rejected by the operator"),
    "UNMAPPED_PROVIDER_ERROR_CODE": (500, "An unknown error at the provider"),
    "UNPROCCESSABLE_ENTITY": (422, "The requested action could not be completed"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "The media type of the request is not supported"),
}
"""By code: the HTTP status, and words like Reloadly's. Which statuses are documented: docs/providers.md."""
