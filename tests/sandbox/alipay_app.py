"""An app that signs as Alipay's documentation says, by hand, and believes only what Alipay has signed."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.sandbox.alipay_facts import APP_ID
from kiosk.sandbox.wechat_keys import load_private, load_public, training_keys

NUMBER = "K077Q3F9XKD2MWBP1"
REFUND = "K077Q3F9XKD2MWBR1"


class App:
    """Talks to `/alipay/gateway.do` of a sandbox."""

    def __init__(self, http: httpx.Client, folder: Path, clock: Callable[[], datetime]) -> None:
        keys = training_keys(folder)
        self.private, self.theirs = load_private(keys.merchant_private), load_public(keys.platform_public)
        self.http, self._clock = http, clock

    def fields(self, api: str, body: object, *, age: timedelta = timedelta(0), **changes: str) -> dict[str, str]:
        """What goes over the wire, signed; `changes` are made before, and an empty one leaves a field out."""
        at = self._clock() - age + timedelta(hours=8)
        fields = {
            "app_id": APP_ID,
            "method": f"alipay.trade.{api}",
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": at.strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": body if isinstance(body, str) else json.dumps(body, ensure_ascii=False),
        }
        fields = {name: value for name, value in (fields | changes).items() if value}
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        return fields | {"sign": b64encode(self.private.sign(text.encode(), PKCS1v15(), SHA256())).decode()}

    def raw(self, api: str, body: object, **how: Any) -> httpx.Response:
        return self.http.post("/alipay/gateway.do", data=self.fields(api, body, **how))

    def call(self, api: str, body: object, **how: Any) -> dict[str, Any]:
        """The inner object. Raises InvalidSignature where Alipay did not sign exactly its text."""
        answer = self.raw(api, body, **how).text
        node = f"alipay_trade_{api.replace('.', '_')}_response"
        text = answer.removeprefix(f'{{"{node}":').partition(',"sign":"')[0]
        signature = json.loads(answer)["sign"]
        self.theirs.verify(b64decode(signature), text.encode(), PKCS1v15(), SHA256())
        inner: dict[str, Any] = json.loads(text)
        return inner

    def show(self, number: str = NUMBER, **changes: Any) -> str:
        """Order it; the code."""
        return str(self.call("precreate", wish(number) | changes)["qr_code"])

    def query(self, number: str = NUMBER) -> dict[str, Any]:
        return self.call("query", {"out_trade_no": number})

    def state(self, number: str = NUMBER) -> str:
        found = self.query(number)
        return str(found.get("trade_status") or found["sub_code"])

    def cancel(self, number: str = NUMBER) -> dict[str, Any]:
        return self.call("cancel", {"out_trade_no": number})

    def refund(self, yuan: str = "168.00", request: str = REFUND) -> dict[str, Any]:
        return self.call("refund", {"out_trade_no": NUMBER, "refund_amount": yuan, "out_request_no": request})

    def look_at_refund(self, request: str = REFUND) -> dict[str, Any]:
        return self.call("fastpay.refund.query", {"out_trade_no": NUMBER, "out_request_no": request})


def wish(number: str = NUMBER) -> dict[str, Any]:
    """168 yuan, for a code of five minutes."""
    return {
        "out_trade_no": number,
        "total_amount": "168.00",
        "subject": "流量充值",
        "qr_code_timeout_express": "5m",
        "timeout_express": "2m",
    }


def pay(http: httpx.Client, code: str) -> httpx.Response:
    """Scan the code, press Pay."""
    return http.post(code, data={"answer": "pay"})
