"""The owner's views: sales, deliveries, refunds, failures, promotion_use. docs/reports.md says what each column is.

No view has a customer's number or address. Every column has a name of its own (AS): where a later migration renames a
column of `orders`, SQLite follows in the view, and the view's own column keeps its name. A migration that drops or
rebuilds `orders` or `events` drops these views first, and makes them anew; so does one that changes a view.
"""

from __future__ import annotations

from kiosk.ledger.causes import FAILED, GIVEN_BACK, cause_of_failure, cause_of_refund, kind_of_failure, listed

NO_DECIMALS = (
    *("ADP", "AFN", "ALL", "BIF", "BYR", "CLP", "DJF", "ESP", "GNF", "IQD", "IRR", "ISK", "ITL", "JPY", "KMF"),
    *("KPW", "KRW", "LAK", "LBP", "LUF", "MGA", "MGF", "MMK", "MRO", "PYG", "RSD", "RWF", "SLL", "SOS", "STD"),
    *("SYP", "TMM", "TRL", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF", "YER", "ZMK", "ZWD"),
)
THREE_DECIMALS = ("BHD", "JOD", "KWD", "LYD", "OMR", "TND")
FOUR_DECIMALS = ("CLF", "UYW")
"""The currencies whose decimals are not two, as kiosk.money has them (a test compares)."""


def _quoted(currencies: tuple[str, ...]) -> str:
    return ", ".join(f"'{currency}'" for currency in currencies)


def _text(minor: str, currency: str) -> str:
    """SQL: the amount as decimal text, `-17.50`; NULL where there is none."""

    def decimals(many: int) -> str:
        sign = f"CASE WHEN {minor} < 0 THEN '-' ELSE '' END"
        return f"printf('%s%d.%0{many}d', {sign}, abs({minor}) / {10**many}, abs({minor}) % {10**many})"

    return (
        f"CASE WHEN {minor} IS NULL THEN NULL WHEN {currency} IN ({_quoted(NO_DECIMALS)}) THEN printf('%d', {minor})"
        f" WHEN {currency} IN ({_quoted(THREE_DECIMALS)}) THEN {decimals(3)}"
        f" WHEN {currency} IN ({_quoted(FOUR_DECIMALS)}) THEN {decimals(4)} ELSE {decimals(2)} END"
    )


def _lines(kinds: str) -> str:
    """SQL: the sum of the order's lines of these kinds."""
    return (
        "coalesce((SELECT sum(json_extract(line.value, '$.amount.amount_minor')) FROM json_each(orders.lines) AS line"
        f" WHERE json_extract(line.value, '$.kind') IN ({kinds})), 0)"
    )


BILLED_OTHERWISE = "events.event = 'delivered' AND json_extract(events.body, '$.wholesale') IS NOT NULL"
"""Few orders have such an event: an index of these alone is asked instead of one of all events."""


def _billed(what: str, known: str) -> str:
    """SQL: what the provider has billed where that is not what was known (kiosk/costs.py), else what was known."""
    return (
        f"coalesce((SELECT json_extract(events.body, '$.wholesale.{what}') FROM events INDEXED BY events_of_costs"
        f" WHERE events.order_id = orders.reference AND {BILLED_OTHERWISE} ORDER BY events.seq DESC LIMIT 1), {known})"
    )


BOUGHT_IN = _billed("currency", "orders.wholesale_currency")
COST = f"CASE WHEN orders.delivered_at IS NOT NULL THEN {_billed('amount_minor', 'orders.wholesale_minor')} END"
PLAN = "CASE WHEN orders.plan_data_mb = 0 THEN orders.plan_title || ' credit' ELSE orders.plan_title END"
SECONDS = "round((julianday(orders.delivered_at) - julianday(orders.paid_at)) * 86400, 2)"
LAST_CAUSE = (
    "(SELECT events.event FROM events WHERE events.order_id = orders.reference"
    f" AND events.event IN ({listed(GIVEN_BACK)}) ORDER BY events.seq DESC LIMIT 1)"
)
IS_FAILURE = f"event IN ({listed(FAILED)})"

SALES = f"""
CREATE VIEW sales AS SELECT
  sold.reference AS reference, sold.paid_at AS paid_at, sold.delivered_at AS delivered_at,
  sold.refunded_at AS refunded_at, sold.tender AS tender, sold.provider AS provider,
  sold.plan_id AS plan_id, sold.plan AS plan, sold.language AS language,
  sold.currency AS currency,
  sold.paid_minor AS paid_minor, {_text("sold.paid_minor", "sold.currency")} AS paid,
  sold.discount_minor AS discount_minor, {_text("sold.discount_minor", "sold.currency")} AS discount,
  sold.taxes_and_fees_minor AS taxes_and_fees_minor,
  {_text("sold.taxes_and_fees_minor", "sold.currency")} AS taxes_and_fees,
  sold.returned_minor AS returned_minor, {_text("sold.returned_minor", "sold.currency")} AS returned,
  sold.cost_currency AS cost_currency,
  sold.cost_minor AS cost_minor, {_text("sold.cost_minor", "sold.cost_currency")} AS cost,
  sold.margin_minor AS margin_minor, {_text("sold.margin_minor", "sold.currency")} AS margin
FROM (SELECT *, CASE WHEN (delivered_at IS NOT NULL OR refunded_at IS NOT NULL) AND currency = cost_currency
        THEN paid_minor - returned_minor - coalesce(cost_minor, 0) END AS margin_minor
  FROM (SELECT orders.reference AS reference, orders.paid_at AS paid_at, orders.delivered_at AS delivered_at,
    orders.refunded_at AS refunded_at, orders.tender AS tender, orders.provider AS provider,
    orders.plan_id AS plan_id, {PLAN} AS plan, orders.language AS language,
    orders.paid_currency AS currency, orders.paid_minor AS paid_minor,
    -{_lines("'discount'")} AS discount_minor, {_lines("'tax', 'fee'")} AS taxes_and_fees_minor,
    CASE WHEN orders.refunded_at IS NOT NULL THEN orders.paid_minor ELSE 0 END AS returned_minor,
    {BOUGHT_IN} AS cost_currency, {COST} AS cost_minor
    FROM orders WHERE orders.paid_at IS NOT NULL)) AS sold;
"""

DELIVERIES = f"""
CREATE VIEW deliveries AS SELECT
  made.reference AS reference, made.paid_at AS paid_at, made.delivered_at AS delivered_at, made.seconds AS seconds,
  made.provider AS provider, made.tender AS tender, made.plan AS plan, made.currency AS currency,
  made.cost_currency AS cost_currency, made.cost_minor AS cost_minor,
  {_text("made.cost_minor", "made.cost_currency")} AS cost
FROM (SELECT orders.reference AS reference, orders.paid_at AS paid_at, orders.delivered_at AS delivered_at,
  CASE WHEN orders.paid_at <= orders.delivered_at THEN {SECONDS} END AS seconds,
  orders.provider AS provider, orders.tender AS tender, {PLAN} AS plan, orders.currency AS currency,
  {BOUGHT_IN} AS cost_currency, {COST} AS cost_minor
  FROM orders WHERE orders.delivered_at IS NOT NULL) AS made;
"""

REFUNDS = f"""
CREATE VIEW refunds AS SELECT
  orders.reference AS reference, orders.refunded_at AS refunded_at, orders.paid_at AS paid_at,
  orders.tender AS tender, orders.provider AS provider, {PLAN} AS plan,
  {cause_of_refund(LAST_CAUSE)} AS cause, orders.paid_currency AS currency,
  orders.paid_minor AS returned_minor, {_text("orders.paid_minor", "orders.paid_currency")} AS returned,
  {BOUGHT_IN} AS cost_currency
FROM orders WHERE orders.refunded_at IS NOT NULL;
"""

FAILURES = f"""
CREATE VIEW failures AS SELECT
  events.at AS at, events.order_id AS reference, {kind_of_failure("events.event")} AS kind,
  {cause_of_failure("events.event", "json_extract(events.body, '$.reason')")} AS cause,
  orders.provider AS provider, orders.tender AS tender, orders.currency AS currency,
  orders.total_minor AS total_minor, {_text("orders.total_minor", "orders.currency")} AS total
FROM events JOIN orders ON orders.reference = events.order_id WHERE events.{IS_FAILURE};
"""

PROMOTION_USE = f"""
CREATE VIEW promotion_use AS SELECT
  used.reference AS reference, used.paid_at AS paid_at, used.kind AS kind, used.promotion AS promotion,
  used.language AS language, used.currency AS currency, used.off_minor AS off_minor,
  {_text("used.off_minor", "used.currency")} AS off
FROM (SELECT orders.reference AS reference, orders.paid_at AS paid_at,
  json_extract(line.value, '$.kind') AS kind, json_extract(line.value, '$.name') AS promotion,
  orders.language AS language, orders.currency AS currency,
  -json_extract(line.value, '$.amount.amount_minor') AS off_minor
  FROM orders, json_each(orders.lines) AS line
  WHERE orders.paid_at IS NOT NULL AND json_extract(line.value, '$.kind') IN ('discount', 'bonus')) AS used;
"""


REPORTS = f"""
CREATE INDEX orders_paid_at ON orders (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX orders_delivered ON orders (delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX events_of_failures ON events (at) WHERE {IS_FAILURE};
CREATE INDEX events_of_costs ON events (order_id, seq) WHERE {BILLED_OTHERWISE.replace("events.", "")};
{SALES}{DELIVERIES}{REFUNDS}{FAILURES}{PROMOTION_USE}"""
