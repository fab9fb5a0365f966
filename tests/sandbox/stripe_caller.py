"""A caller of Stripe's API over plain HTTP. Every answer, errors too, must keep to Stripe's published schemas."""

from __future__ import annotations

from typing import Any

import httpx

from kiosk.sandbox.stripe_books import READER
from tests.sandbox.stripe_schemas import objections

KEY = "sk_test_training"
ORDER = "T077Q3F9XKD2MWBP1"
PROCESS = f"terminal/readers/{READER}/process_payment_intent"
CANCEL_ACTION = f"terminal/readers/{READER}/cancel_action"
PRESENT = f"test_helpers/terminal/readers/{READER}/present_payment_method"
Answer = dict[str, Any]


class Caller:
    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def send(self, method: str, path: str, *, key: str = "", secret: str = KEY, **wish: str) -> httpx.Response:
        """One request."""
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        headers |= {"Idempotency-Key": key} if key else {}
        how = {"data": wish} if method == "POST" else {"params": wish}
        answer = self.http.request(method, f"/stripe/v1/{path}", headers=headers, **how)  # type: ignore[arg-type]
        assert objections(answer.json()) == []
        return answer

    def post(self, path: str, *, key: str = "", **wish: str) -> Answer:
        answer = self.send("POST", path, key=key, **wish)
        assert answer.status_code == 200, answer.text
        said: Answer = answer.json()
        return said

    def get(self, path: str, **wish: str) -> Answer:
        answer = self.send("GET", path, **wish)
        assert answer.status_code == 200, answer.text
        said: Answer = answer.json()
        return said

    def refused(self, path: str, method: str = "POST", **wish: str) -> Answer:
        """The error; whatever its status, it is not a yes."""
        answer = self.send(method, path, **wish)
        assert answer.status_code >= 400
        error: Answer = answer.json()["error"]
        return error | {"status": answer.status_code}

    # --- a sale, step by step ------------------------------------------------------------------------------------

    def intent(self, amount: int = 2400, key: str = ORDER) -> str:
        wish = {"amount": str(amount), "currency": "usd", "payment_method_types[]": "card_present"}
        wish |= {"capture_method": "manual", "metadata[order]": ORDER}
        id: str = self.post("payment_intents", key=key, **wish)["id"]
        return id

    def process(self, intent: str) -> Answer:
        return self.post(PROCESS, payment_intent=intent, **{"process_config[enable_customer_cancellation]": "true"})

    def look(self, intent: str) -> Answer:
        return self.get(f"payment_intents/{intent}", **{"expand[]": "latest_charge"})

    def reader(self) -> Answer:
        return self.get(f"terminal/readers/{READER}")

    def authorized(self, amount: int = 2400, key: str = ORDER) -> str:
        """An intent whose money is held."""
        intent = self.intent(amount, key)
        self.process(intent)
        self.act("tap")
        assert self.look(intent)["status"] == "requires_capture"
        return intent

    def act(self, act: str) -> int:
        """What a customer does at the reader's page."""
        return self.http.post("/reader", data={"act": act}).status_code
