"""The stand-in of Twilio answers and refuses as documented, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kiosk.sandbox.server import Sandbox
from kiosk.sandbox.twilio import ACCOUNT, CODES, SENDERS, TOKEN
from tests.sandbox.conftest import PLAIN, SetClock

MESSAGE = {"account_sid", "api_version", "body", "date_created", "date_sent", "date_updated", "direction", "error_code"}
MESSAGE |= {"error_message", "from", "messaging_service_sid", "num_media", "num_segments", "price", "price_unit"}
MESSAGE |= {"sid", "status", "subresource_uris", "to", "uri"}
GOOD = {"To": "+8613800138000", "From": SENDERS[0], "Body": "Delivered."}


@pytest.fixture
def twilio(sandbox: Sandbox) -> Iterator[httpx.Client]:
    base = f"{sandbox.url}/twilio/2010-04-01/Accounts/{ACCOUNT}/"
    with httpx.Client(base_url=base, auth=(ACCOUNT, TOKEN), timeout=10, verify=PLAIN) as client:
        yield client


def test_a_message_has_the_documented_shape_and_is_no_more_than_queued(twilio: httpx.Client) -> None:
    """201; what became of it is asked for later."""
    answer = twilio.post("Messages.json", data=GOOD)
    told = answer.json()

    assert (answer.status_code, set(told), told["status"], told["direction"]) == (
        201,
        MESSAGE,
        "queued",
        "outbound-api",
    )
    assert (told["num_segments"], told["error_code"], told["date_sent"]) == ("1", None, None)
    assert twilio.get(f"Messages/{told['sid']}.json").json() == told


def test_a_message_is_sent_before_it_is_delivered(twilio: httpx.Client, clock: SetClock) -> None:
    """Its status goes on as time does."""
    sid = twilio.post("Messages.json", data=GOOD).json()["sid"]
    told = []
    for _ in range(3):
        told.append(twilio.get(f"Messages/{sid}.json").json()["status"])
        clock.forward(2)

    assert told == ["queued", "sent", "delivered"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"To": "3055550142"}, 21211),
        ({"To": "+0138"}, 21211),
        ({"To": "+15005550009"}, 21614),
        ({"From": "+13055550142"}, 21606),
        ({"Body": "a" * 1601}, 21617),
    ],
)
def test_what_is_wrong_has_its_code_in_the_documented_envelope(
    twilio: httpx.Client, http: httpx.Client, changed: dict[str, str], code: int
) -> None:
    """And nothing is taken on."""
    answer = twilio.post("Messages.json", data=GOOD | changed)

    told = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (CODES[code][0], code, CODES[code][0])
    assert told["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert http.get("/_books/twilio/messages").json() == []


@pytest.mark.parametrize("auth", [(ACCOUNT, "guess"), ("AC" + 32 * "1", TOKEN), None])
def test_a_wrong_log_in_gets_nothing(twilio: httpx.Client, auth: Any) -> None:
    """Error 20003, as documented."""
    twilio.auth = auth
    answer = twilio.post("Messages.json", data=GOOD)

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_an_unknown_message_or_path_is_not_found(twilio: httpx.Client) -> None:
    """Error 20404."""
    paths = (f"Messages/SM{32 * '0'}.json", "Messages/x.json", "Calls.json")

    assert [twilio.get(path).json()["code"] for path in paths] == [20404] * 3


def test_the_phone_shows_what_has_arrived_and_nothing_as_a_command(
    twilio: httpx.Client, http: httpx.Client, clock: SetClock
) -> None:
    """A text of a message is text."""
    twilio.post("Messages.json", data=GOOD | {"Body": "<script>1</script>"})
    before = http.get("/phone/messages").text
    clock.forward(4)
    after = http.get("/phone/messages").text

    assert "No message yet." in before
    assert "&lt;script&gt;1&lt;/script&gt;" in after
