"""What Alipay's pages say, as data: merchant, codes, time limits, and payment codes to rehearse with.

Sources: the pages of alipay.trade.precreate, pay, query, close, cancel, refund and fastpay.refund.query; what is not
from there says so. The app's and Alipay's keys are the training keys (wechat_keys.py).
"""

from __future__ import annotations

APP_ID = "9021000100000109"

GATEWAY = {
    "isp.unknow-error": ("20000", "Service Currently Unavailable"),
    "aop.invalid-app-auth-token": ("20001", "Insufficient Token Permissions"),
    "isv.missing-method": ("40001", "Missing Required Arguments"),
    "isv.missing-signature": ("40001", "Missing Required Arguments"),
    "isv.missing-timestamp": ("40001", "Missing Required Arguments"),
    "isv.invalid-method": ("40002", "Invalid Arguments"),
    "isv.invalid-format": ("40002", "Invalid Arguments"),
    "isv.invalid-charset": ("40002", "Invalid Arguments"),
    "isv.invalid-signature-type": ("40002", "Invalid Arguments"),
    "isv.invalid-signature": ("40002", "Invalid Arguments"),
    "isv.invalid-timestamp": ("40002", "Invalid Arguments"),
    "isv.invalid-app-id": ("40002", "Invalid Arguments"),
    "isv.missing-app-id": ("40001", "Missing Required Arguments"),
    "isv.app-call-limited": ("40005", "Call Limited"),
    "isv.insufficient-isv-permissions": ("40006", "Insufficient Permissions"),
}
"""The gateway's own refusals: the sub_code, its code and msg."""

BUSINESS = {
    "ACQ.SYSTEM_ERROR": "系统错误",
    "ACQ.INVALID_PARAMETER": "参数无效",
    "ACQ.ACCESS_FORBIDDEN": "无权限使用接口",
    "ACQ.PARTNER_ERROR": "应用APP_ID填写错误",
    "ACQ.SELLER_BEEN_BLOCKED": "商家账号被冻结",
    "ACQ.MERCHANT_AGREEMENT_NOT_EXIST": "商户协议不存在",
    "ACQ.MERCHANT_AGREEMENT_INVALID": "商户协议已失效",
    "ACQ.EXIST_FORBIDDEN_WORD": "订单信息中包含违禁词",
    "ACQ.TOTAL_FEE_EXCEED": "订单总金额超过限额",
    "ACQ.BEYOND_PER_RECEIPT_RESTRICTION": "商户收款金额超过月限额",
    "ACQ.CONTEXT_INCONSISTENT": "交易信息被篡改",
    "ACQ.TRADE_HAS_SUCCESS": "交易已被支付",
    "ACQ.TRADE_HAS_CLOSE": "交易已经关闭",
    "ACQ.TRADE_NOT_EXIST": "交易不存在",
    "ACQ.TRADE_STATUS_ERROR": "交易状态不合法",
    "ACQ.TRADE_CANCEL_TIME_OUT": "超过撤销时间范围",
    "ACQ.PAYMENT_AUTH_CODE_INVALID": "支付授权码无效",
    "ACQ.BUYER_BALANCE_NOT_ENOUGH": "买家余额不足",
    "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH": "用户银行卡余额不足",
    "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR": "买家付款日限额超限",
    "ACQ.BUYER_ENABLE_STATUS_FORBID": "买家状态非法",
    "ACQ.BUYER_SELLER_EQUAL": "买卖家不能相同",
    "ACQ.ERROR_BALANCE_PAYMENT_DISABLE": "余额支付功能关闭",
    "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT": "买家未通过人行认证",
    "ACQ.MOBILE_PAYMENT_SWITCH_OFF": "用户的无线支付开关关闭",
    "ACQ.USER_FACE_PAYMENT_SWITCH_OFF": "用户当面付付款开关关闭",
    "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE": "没有可用的支付工具",
    "ACQ.PULL_MOBILE_CASHIER_FAIL": "唤起移动收银台失败",
    "ACQ.PAYMENT_FAIL": "支付失败",
    "ACQ.PAYMENT_REQUEST_HAS_RISK": "支付有风险",
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "卖家余额不足",
    "ACQ.REFUND_CHARGE_ERROR": "退收费异常",
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": "退款金额超限",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": "退款金额无效",
    "ACQ.REASON_TRADE_BEEN_FREEZEN": "请求退款的交易被冻结",
    "ACQ.TRADE_NOT_ALLOW_REFUND": "当前交易不允许退款",
    "ACQ.TRADE_HAS_FINISHED": "交易已完结",
    "ACQ.DISCORDANT_REPEAT_REQUEST": "不一致的请求",
    "ACQ.CANCEL_NOT_ALLOWED": "交易不允许撤销",
}
"""What the business side refuses, all with code 40004, and its words."""

CODES = (*GATEWAY, *BUSINESS)

BILL = {
    "BILL_NOT_EXIST": "账单不存在",
    "NO_BILL_DATA": "商户在请求的账单时间内没有发生当前账单类型的业务",
    "BILL_DATE_BEFORE_REGISTRATION": "请求的账单时间早于注册时间",
    "INVAILID_ARGUMENTS": "入参不合法",
    "TYPE_NOT_SUPPORTED": "此账单类型不支持下载",
    "SYSTEM_RATE_LIMIT": "系统当前负载较高，请求被限流",
    "USER_RATE_LIMIT": "调用频率超限",
    "UNKNOWN_ERROR": "未知错误",
}
"""What a wish for a bill is refused with, as its page spells it; the gateway writes `isp.` before it, in small."""

STALE_S = 30 * 60
"""How old a request may be; documented of the older gateway, taken to hold."""

DAY_S = 86_400
CODE_LIFE_S = 2 * 3600
"""How long a code that nobody scanned lives, unless the wish says."""
TRADE_LIFE_S = 15 * DAY_S
"""How long a scanned trade may be paid, unless the wish says."""
CHARGED_LIFE_S = 180
"""The same where the payer's code was scanned (docs.antom.com names three minutes as an example)."""
CANCEL_WITHIN_S = DAY_S
REFUND_WITHIN_S = 90 * DAY_S
LISTED_AFTER_S = 10
"""A refund is not looked up earlier than this."""

WITHOUT_PASSWORD_FEN = 100_000
PAYMENT_CODE_LIFE_S = 60

PAYS = "280000000000000001"
ASKS_PASSWORD = "280000000000000002"  # noqa: S105  a payment code to rehearse with
UNKNOWN_PAID = "280000000000000005"
UNKNOWN_UNPAID = "280000000000000006"
REFUSED = {
    "280000000000000003": "ACQ.BUYER_BALANCE_NOT_ENOUGH",
    "280000000000000004": "ACQ.PAYMENT_AUTH_CODE_INVALID",
}
REHEARSED = (PAYS, ASKS_PASSWORD, UNKNOWN_PAID, UNKNOWN_UNPAID, *REFUSED)
"""Payment codes that may be used any number of times. All others come from the phone's page, once each."""
