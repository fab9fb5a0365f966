"""Where each call of WeChat Pay goes, overseas (`/global/...`) and in the mainland, below `/v3`."""

from __future__ import annotations

from werkzeug.routing import Map, Rule


def _routes() -> Map:
    rules = []
    for dialect, refunds, by_number, charge, reverse in (
        (
            "/global/transactions",
            "/global/refunds",
            "/global/refunds/out-refund-no",
            "/global/micropay/transactions/pay",
            "/global/micropay/transactions",
        ),
        (
            "/pay/transactions",
            "/refund/domestic/refunds",
            "/refund/domestic/refunds",
            "/pay/transactions/codepay",
            "/pay/transactions",
        ),
    ):
        rules += [
            Rule(f"{dialect}/native", methods=["POST"], endpoint="create"),
            Rule(f"{dialect}/out-trade-no/<number>", methods=["GET"], endpoint="look"),
            Rule(f"{dialect}/id/<id>", methods=["GET"], endpoint="look"),
            Rule(f"{dialect}/out-trade-no/<number>/close", methods=["POST"], endpoint="close"),
            Rule(charge, methods=["POST"], endpoint="charge"),
            Rule(f"{reverse}/out-trade-no/<number>/reverse", methods=["POST"], endpoint="reverse"),
            Rule(refunds, methods=["POST"], endpoint="refund"),
            Rule(f"{by_number}/<number>", methods=["GET"], endpoint="look_at_refund"),
        ]
    rules += [
        Rule("/global/refunds/id/<id>", methods=["GET"], endpoint="look_at_refund"),
        Rule("/global/certificates", methods=["GET"], endpoint="certificates"),
        Rule("/certificates", methods=["GET"], endpoint="certificates"),
        Rule("/global/statements", methods=["GET"], endpoint="statements"),
        Rule("/bill/tradebill", methods=["GET"], endpoint="trade_bill"),
        Rule("/billdownload/file", methods=["GET"], endpoint="bill_file"),
    ]
    return Map(rules)


ROUTES = _routes()
