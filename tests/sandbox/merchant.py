"""A merchant who signs as WeChat Pay's documentation says, and believes only what the platform has signed."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, training_keys

NUMBER = "K077Q3F9XKD2MWBP1"
OVERSEAS, MAINLAND = "global/transactions", "pay/transactions"


class Merchant:
    """Talks to `/wechat/v3/...` of a sandbox. `tamper` changes the signature of the next request."""

    def __init__(self, http: httpx.Client, folder: Path, clock: Callable[[], datetime]) -> None:
        keys = training_keys(folder)
        private = load_pem_private_key(keys.merchant_private.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
        platform = load_pem_public_key(keys.platform_public.read_bytes())
        assert isinstance(private, rsa.RSAPrivateKey)
        assert isinstance(platform, rsa.RSAPublicKey)
        self._http, self._private, self._platform, self._clock = http, private, platform, clock
        self.tamper = ""

    def send(self, method: str, path: str, body: object = None, *, age_s: int = 0) -> httpx.Response:
        """One signed request; the answer's signature is checked whatever its status."""
        path, raw = f"/wechat/v3/{path}", b"" if body is None else json.dumps(body).encode()
        timestamp, nonce = str(int(self._clock().timestamp()) - age_s), "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
        text = f"{method}\n{path}\n{timestamp}\n{nonce}\n".encode() + raw + b"\n"
        signature = b64encode(self._private.sign(text, PKCS1v15(), SHA256())).decode()
        fields = {"mchid": MCHID, "nonce_str": nonce, "signature": self.tamper or signature}
        fields |= {"timestamp": timestamp, "serial_no": MERCHANT_SERIAL}
        line = ",".join(f'{name}="{value}"' for name, value in fields.items())
        headers = {"Authorization": f"WECHATPAY2-SHA256-RSA2048 {line}", "Wechatpay-Serial": PLATFORM_KEY_ID}
        answer = self._http.request(method, path, content=raw, headers=headers | {"Content-Type": "application/json"})
        self._check(answer)
        return answer

    def _check(self, answer: httpx.Response) -> None:
        """Raises InvalidSignature where the platform did not sign exactly this."""
        said = [answer.headers[f"Wechatpay-{name}"] for name in ("Timestamp", "Nonce")]
        text = b"".join(line + b"\n" for line in (*map(str.encode, said), answer.content))
        self._platform.verify(b64decode(answer.headers["Wechatpay-Signature"]), text, PKCS1v15(), SHA256())
        assert answer.headers["Wechatpay-Serial"] == PLATFORM_KEY_ID

    def order(self, number: str = NUMBER, **changes: Any) -> httpx.Response:
        return self.send("POST", f"{OVERSEAS}/native", wish(number) | changes)

    def look(self, number: str = NUMBER) -> httpx.Response:
        return self.send("GET", f"{OVERSEAS}/out-trade-no/{number}?mchid={MCHID}")

    def close(self, number: str = NUMBER) -> httpx.Response:
        return self.send("POST", f"{OVERSEAS}/out-trade-no/{number}/close", {"mchid": MCHID})

    def refund(self, cents: int = 2600, number: str = "K077Q3F9XKD2MWBR1", total: int = 2600) -> httpx.Response:
        amount = {"refund": cents, "total": total, "currency": "USD"}
        body = {"appid": APPID, "mchid": MCHID, "out_trade_no": NUMBER, "out_refund_no": number, "amount": amount}
        return self.send("POST", "global/refunds", body)

    def look_at_refund(self, number: str = "K077Q3F9XKD2MWBR1") -> httpx.Response:
        return self.send("GET", f"global/refunds/out-refund-no/{number}?mchid={MCHID}")


def wish(number: str = NUMBER) -> dict[str, Any]:
    """An order of 26 dollars that may be paid for five minutes after noon."""
    return {
        "appid": APPID,
        "mchid": MCHID,
        "description": "Travel data top-up",
        "out_trade_no": number,
        "trade_type": "NATIVE",
        "merchant_category_code": "4814",
        "notify_url": "https://example.com/notify",
        "time_expire": "2026-11-22T20:05:00+08:00",
        "amount": {"total": 2600, "currency": "USD"},
    }


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def pay(http: httpx.Client, merchant: Merchant) -> httpx.Response:
    """Order it, scan the code, press Pay."""
    return http.post(merchant.order().json()["code_url"], data={"answer": "pay"})
