"""What Antom's pages say, as data: client, result codes, time limits.

Sources: the pages of pay (Order Code Payment), pay (User-presented Mode Payment), inquiryPayment, cancel, refund and
inquiryRefund, and the classes of the vendor's library (global-open-sdk-python 1.7.1). What is not from there says so.
Our and Antom's keys are the training keys (wechat_keys.py).
"""

from __future__ import annotations

from kiosk.sandbox.alipay_facts import REFUSED

CLIENT_ID = "SANDBOX_5Y00000000000109"

RESULTS = {
    "SUCCESS": "S",
    "PAYMENT_IN_PROCESS": "U",
    "REFUND_IN_PROCESS": "U",
    "REQUEST_TRAFFIC_EXCEED_LIMIT": "U",
    "UNKNOWN_EXCEPTION": "U",
    "ACCESS_DENIED": "F",
    "BUSINESS_NOT_SUPPORT": "F",
    "CANCEL_WINDOW_EXCEED": "F",
    "CURRENCY_NOT_SUPPORT": "F",
    "EXPIRED_CODE": "F",
    "FRAUD_REJECT": "F",
    "INVALID_CLIENT": "F",
    "INVALID_CODE": "F",
    "INVALID_CONTRACT": "F",
    "INVALID_MERCHANT_STATUS": "F",
    "INVALID_PAYMENT_CODE": "F",
    "INVALID_SIGNATURE": "F",
    "KEY_NOT_FOUND": "F",
    "MEDIA_TYPE_NOT_ACCEPTABLE": "F",
    "MERCHANT_BALANCE_NOT_ENOUGH": "F",
    "MERCHANT_NOT_REGISTERED": "F",
    "METHOD_NOT_SUPPORTED": "F",
    "NO_INTERFACE_DEF": "F",
    "ORDER_IS_CANCELED": "F",
    "ORDER_IS_CLOSED": "F",
    "ORDER_NOT_EXIST": "F",
    "ORDER_STATUS_INVALID": "F",
    "PARAM_ILLEGAL": "F",
    "PAYMENT_AMOUNT_EXCEED_LIMIT": "F",
    "PAYMENT_COUNT_EXCEED_LIMIT": "F",
    "PROCESS_FAIL": "F",
    "REFUND_AMOUNT_EXCEED": "F",
    "REFUND_NOT_EXIST": "F",  # inferred: the page of inquiryRefund was not at hand
    "REFUND_WINDOW_EXCEED": "F",
    "REPEAT_REQ_INCONSISTENT": "F",
    "RISK_REJECT": "F",
    "SYSTEM_ERROR": "F",
    "USER_AMOUNT_EXCEED_LIMIT": "F",
    "USER_BALANCE_NOT_ENOUGH": "F",
    "USER_KYC_NOT_QUALIFIED": "F",
    "USER_NOT_EXIST": "F",
    "USER_PAYMENT_VERIFICATION_FAILED": "F",
    "USER_STATUS_ABNORMAL": "F",
}
"""Every resultCode and its resultStatus: success, failure, unknown."""

CODES = tuple(code for code in RESULTS if code != "SUCCESS")

EXPIRY_MAX_S = 30 * 60
"""A paymentExpiryTime must be nearer than this."""
EXPIRY_S = 14 * 60
"""How long a payment may be paid, unless the wish says."""
CHARGED_S = 3 * 60
"""The same where the payer's code was scanned."""
REFUND_WITHIN_S = 365 * 86_400
"""By contract; taken."""

REFUSED_CODES = dict(zip(REFUSED, ("USER_BALANCE_NOT_ENOUGH", "EXPIRED_CODE"), strict=True))
"""Of the payment codes to rehearse with (alipay_facts.py), those that are refused, in Antom's words."""
