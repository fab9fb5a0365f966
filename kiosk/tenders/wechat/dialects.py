"""Two dialects of one language: WeChat Pay, version 3, for merchants outside mainland China and inside. Pure data.

Sources: pay.weixin.qq.com, `wiki/doc/api_external/en/apis/` (chapter3_1_1 pays by payment code, 3_1_7 revokes, 3_2_1
pays by code shown, 3_3_6 has the bill) and `docs/merchant/apis/` (native-payment, code-payment-v3, get-trade-bill).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where each call goes. `orders`, `refund` and `reversals` are followed by a number of ours."""

    host: str
    native: str
    orders: str
    refunds: str
    refund: str
    codes: str
    reversals: str
    certificates: str
    closes_after: timedelta
    """For so long after its making no order can be closed."""
    currency: str
    """The only one that is taken; empty where the contract says which."""


OVERSEAS = Dialect(
    host="https://apihk.mch.weixin.qq.com",
    native="/v3/global/transactions/native",
    orders="/v3/global/transactions/out-trade-no",
    refunds="/v3/global/refunds",
    refund="/v3/global/refunds/out-refund-no",
    codes="/v3/global/micropay/transactions/pay",
    reversals="/v3/global/micropay/transactions/out-trade-no",
    certificates="/v3/global/certificates",
    closes_after=timedelta(minutes=5, seconds=10),  # documented: five minutes
    currency="",
)
MAINLAND = Dialect(
    host="https://api.mch.weixin.qq.com",
    native="/v3/pay/transactions/native",
    orders="/v3/pay/transactions/out-trade-no",
    refunds="/v3/refund/domestic/refunds",
    refund="/v3/refund/domestic/refunds",
    codes="/v3/pay/transactions/codepay",
    reversals="/v3/pay/transactions/out-trade-no",
    certificates="/v3/certificates",
    closes_after=timedelta(0),
    currency="CNY",
)
DIALECTS = {"overseas": OVERSEAS, "mainland": MAINLAND}
