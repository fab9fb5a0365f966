"""Every fault can be rehearsed, says what it does, and does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.sandbox.app import application
from kiosk.sandbox.knobs import ReplyLost
from tests.sandbox.conftest import CREDENTIALS, JSON, SetClock, executed, turn

FIELDS = {"package_id": "change-7days-1gb-topup", "iccid": "8900000461442300635", "description": "K077Q3F9XKD2MWBT1"}
SUBMIT = "POST orders/topups"


def submit(airalo: httpx.Client) -> httpx.Response:
    return airalo.post("orders/topups", json=FIELDS)


def test_a_lost_reply_is_executed_and_the_socket_closed(airalo: httpx.Client, http: httpx.Client) -> None:
    """Not a byte of answer, one order on the books; the next one is answered again."""
    turn(http, endpoint=SUBMIT, lose_reply=True, times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        submit(airalo)

    assert len(executed(http)) == 1
    assert submit(airalo).status_code == 200


def test_down_executes_nothing(airalo: httpx.Client, http: httpx.Client) -> None:
    """The socket closes before anything happens, for every endpoint, until the knob is cleared."""
    turn(http, down=True)
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            submit(airalo)

    cleared = http.delete("/_knobs").json()

    assert executed(http) == []
    assert cleared == {"knobs": []}
    assert airalo.get("balance").status_code == 200


def test_a_rule_is_read_whatever_its_sender_calls_it(http: httpx.Client) -> None:
    """As in the help of `kiosk sandbox`: `curl -X PUT -d` sends JSON and calls it a form."""
    rule = '{"remote": "airalo", "endpoint": "POST orders/topups", "lose_reply": true, "times": 1}'
    answer = http.put("/_knobs", content=rule, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["knobs"][0]["lose_reply"] is True


@pytest.mark.parametrize(
    ("knob", "status", "orders"),
    [({"fail_before": 502}, 502, 0), ({"fail_after": True}, 500, 1), ({"garbage": True}, 200, 1)],
)
def test_a_server_in_trouble_executes_or_not(
    airalo: httpx.Client, http: httpx.Client, knob: dict[str, Any], status: int, orders: int
) -> None:
    """What the caller sees is a page of HTML; only the books know whether it was executed."""
    turn(http, endpoint=SUBMIT, **knob)

    answer = submit(airalo)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert len(executed(http)) == orders


@pytest.mark.parametrize("code", [11, 13, 14, 23, 33, 34, 43, 53, 73, 89])
def test_every_documented_code_can_be_rehearsed(airalo: httpx.Client, http: httpx.Client, code: int) -> None:
    """A 422 with the code and a reason; the allow list alone is a 403. Nothing is executed."""
    turn(http, endpoint=SUBMIT, reject=code)

    answer = submit(airalo)

    assert answer.status_code == (403 if code == 89 else 422)
    assert answer.json()["code"] == code
    assert executed(http) == []


def test_a_new_order_may_show_late_in_the_list(airalo: httpx.Client, http: httpx.Client, clock: SetClock) -> None:
    """It is executed at once, can be read by number at once, and is listed after the time."""
    turn(http, endpoint="GET orders", list_late_s=90)
    id = submit(airalo).json()["data"]["id"]

    hidden = airalo.get("orders").json()["meta"]["total"]
    clock.forward(91)

    assert hidden == 0
    assert airalo.get(f"orders/{id}").status_code == 200
    assert airalo.get("orders").json()["meta"]["total"] == 1


def test_a_delay_comes_before_everything_else(tmp_path: Path) -> None:
    """The sleeping is done by whoever composes the application, so a simulator sleeps in its own time."""
    slept: list[float] = []
    app = application(tmp_path / "books.db", sleep=slept.append, clock=lambda: datetime(2026, 11, 22, tzinfo=UTC))
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://sandbox", headers=JSON) as client:
        turn(client, endpoint="token", delay_s=2.5)
        answer = client.post("/airalo/v2/token", data=CREDENTIALS)

    assert answer.status_code == 200
    assert slept == [2.5]


def test_an_in_process_caller_sees_the_lost_reply_as_an_exception(tmp_path: Path) -> None:
    """Without a socket there is nothing to close; the exception says what became of the request."""
    app = application(tmp_path / "books.db")
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://sandbox", headers=JSON) as client:
        turn(client, lose_reply=True, times=1)

        with pytest.raises(ReplyLost, match="was executed"):
            client.post("/airalo/v2/token", data=CREDENTIALS)


def test_times_counts_down_and_the_rule_clears_itself(airalo: httpx.Client, http: httpx.Client) -> None:
    """Two failures, then as if nothing had been; meanwhile the panel says how often it fired."""
    turn(http, endpoint="balance", fail_before=503, times=2)

    first = airalo.get("balance")
    shown = http.get("/_knobs").json()["knobs"]
    rest = [airalo.get("balance").status_code for _ in range(2)]

    assert (first.status_code, first.headers["Retry-After"]) == (503, "1")
    assert shown == [{"remote": "airalo", "endpoint": "balance", "fail_before": 503, "times": 2, "fired": 1}]
    assert rest == [503, 200]
    assert http.get("/_knobs").json() == {"knobs": []}


def test_a_rule_holds_for_its_endpoints_only(airalo: httpx.Client, http: httpx.Client) -> None:
    """A pattern with a method, a pattern over paths, and a rule put again for the same endpoint replaces the first."""
    turn(http, endpoint="sims/*/usage", fail_before=500)
    turn(http, endpoint="sims/*/usage", fail_before=502)

    usage = airalo.get("sims/8900000461442300635/usage").status_code
    assert (usage, airalo.get("sims/8900000461442300635/topups").status_code) == (502, 200)


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (lambda: "lose everything", "JSON object"),
        (lambda: {"remote": "acme", "down": True}, "airalo"),
        (lambda: {"remote": "airalo", "explode": True}, "lose_reply"),
        (lambda: {"remote": "airalo"}, "at least one knob"),
        (lambda: {"remote": "airalo", "reject": 12}, "11, 13"),
        (lambda: {"remote": "airalo", "delay_s": -1}, "seconds"),
        (lambda: {"remote": "airalo", "fail_before": 200}, "400 to 599"),
        (lambda: {"remote": "airalo", "down": "yes"}, "true"),
        (lambda: {"remote": "airalo", "down": True, "times": 0}, "1 or more"),
        (lambda: {"remote": "airalo", "down": True, "endpoint": 5}, "pattern"),
    ],
)
def test_a_bad_knob_is_told_what_is_allowed(http: httpx.Client, rule: Callable[[], object], names: str) -> None:
    """400, a sentence that names the choices, and nothing is turned."""
    answer = http.put("/_knobs", json=rule())

    assert answer.status_code == 400
    assert names in answer.json()["message"]
    assert http.get("/_knobs").json() == {"knobs": []}
