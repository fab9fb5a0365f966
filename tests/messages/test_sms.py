"""SMS through Twilio (its sandbox, over real HTTP) and through any gateway: what is a yes, what a no, what in doubt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.abilities import TellsFate
from kiosk.contacts import Message
from kiosk.errors import ConfigError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.messages import build, channels
from kiosk.ports import Messenger
from kiosk.sandbox.server import Sandbox
from kiosk.sandbox.twilio import ACCOUNT, SENDERS, TOKEN
from tests.providers.fakes import FixedClock, Script, answer
from tests.providers.line import Break, Line
from tests.world import PLAIN

MESSAGE = Message("K077Q3F9XKD2MWBD0", "+8613800138000", "", '充值K07-7Q3F-9XKD-2MWB："已到账"&=')


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def sandbox(tmp_path: Path, clock: FixedClock) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "books.db", clock=clock.now) as running:
        yield running


def secret(folder: Path, text: str) -> dict[str, str]:
    (folder / f"secret-{text}").write_text(text)
    return {"file": str(folder / f"secret-{text}")}


def twilio(folder: Path, url: str, *, token: str = TOKEN, transport: Any = None, **more: Any) -> Messenger:
    table: dict[str, Any] = {
        "kind": "twilio",
        "base_url": f"{url}/twilio",
        "account_sid": ACCOUNT,
        "sender": SENDERS[0],
    }
    table |= {"secret": secret(folder, token), "timeout_s": 5.0, **more}
    where: dict[str, Any] = {"path": "config.toml: messages.sms", "training": True, "clock": FixedClock()}
    return build("sms", table, transport=transport, **where)


def turn(sandbox: Sandbox, **rule: Any) -> None:
    rule = {"remote": "twilio", **rule}
    assert httpx.put(f"{sandbox.url}/_knobs", json=rule, verify=PLAIN).status_code == 200


def taken(sandbox: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{sandbox.url}/_books/twilio/messages", verify=PLAIN).json()
    return found


# --- Twilio --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender", SENDERS)
def test_an_sms_is_sent_and_arrives_when_twilio_says_so(
    tmp_path: Path, sandbox: Sandbox, clock: FixedClock, sender: str
) -> None:
    """`queued` and `sent` are not `delivered`; from a number of ours, or a Messaging Service."""
    messenger = twilio(tmp_path, sandbox.url, sender=sender)
    number = messenger.send(MESSAGE)
    assert isinstance(messenger, TellsFate)
    told = []
    for _ in range(3):
        told.append(messenger.arrived(number))
        clock.forward(seconds=2)

    assert told == [False, False, True]
    assert [(row["to"], row["body"], row["sender"]) for row in taken(sandbox)] == [(MESSAGE.to, MESSAGE.text, sender)]
    assert MESSAGE.text.replace("&", "&amp;") in httpx.get(f"{sandbox.url}/phone/messages", verify=PLAIN).text.replace(
        "&quot;", '"'
    )


def test_an_sms_that_never_arrives_is_a_definite_no(tmp_path: Path, sandbox: Sandbox, clock: FixedClock) -> None:
    """With Twilio's own reason."""
    turn(sandbox, ends_undelivered=True)
    messenger = twilio(tmp_path, sandbox.url)
    number = messenger.send(MESSAGE)
    clock.forward(seconds=4)

    assert isinstance(messenger, TellsFate)
    with pytest.raises(Refused, match="undelivered, error 30003"):
        messenger.arrived(number)


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("+15005550001", Refused),
        ("+15005550002", Refused),
        ("+15005550004", Refused),
        ("+15005550009", Refused),
        ("+1", Refused),
    ],
)
def test_a_number_that_takes_no_sms_is_refused_for_good(
    tmp_path: Path, sandbox: Sandbox, to: str, error: type[NoAnswer]
) -> None:
    """The numbers of Twilio's own test credentials: invalid, unreachable, not allowed, STOP, a landline."""
    with pytest.raises(error):
        twilio(tmp_path, sandbox.url).send(Message("K", to, "", "text"))

    assert taken(sandbox) == []


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"token": "guess"}, Misconfigured, "Twilio 20003"),
        ({"sender": "+13055550142"}, Misconfigured, "Twilio 21606"),
        ({"sender": "+15005550001"}, Misconfigured, "Twilio 21212"),
        ({"sender": "+15005550008"}, NotNow, "Twilio 21611"),
        ({"to": "+15005550003"}, Misconfigured, "Twilio 21408: Permission .* region indicated by the 'To' number: …"),
        ({"account_sid": "AC" + 32 * "1"}, Misconfigured, "Twilio 20003"),
    ],
)
def test_what_is_wrong_with_us_is_not_the_customers(
    tmp_path: Path, sandbox: Sandbox, more: dict[str, Any], error: type[NoAnswer], told: str
) -> None:
    """A wrong log-in or sender is the owner's, a region that is not switched on as well; a busy one is tried again."""
    to = more.get("to", MESSAGE.to)
    more = {key: value for key, value in more.items() if key != "to"}
    with pytest.raises(error, match=told) as caught:
        twilio(tmp_path, sandbox.url, **more).send(Message("K", to, "", "text"))

    assert to not in str(caught.value)


@pytest.mark.parametrize(
    ("knobs", "error", "executed"),
    [
        ({"lose_reply": True}, Unreachable, 1),
        ({"fail_after": 500}, Unreachable, 1),
        ({"garbage": True}, Unreachable, 1),
        ({"down": True}, Unreachable, 0),
        ({"fail_before": 503}, Unreachable, 0),
        ({"reject": 20429}, NotNow, 0),
    ],
)
def test_an_answer_that_says_nothing_leaves_the_sms_in_doubt(
    tmp_path: Path, sandbox: Sandbox, knobs: dict[str, Any], error: type[NoAnswer], executed: int
) -> None:
    """Whether it was sent cannot be told from here; only a documented no is one."""
    turn(sandbox, endpoint="POST *", **knobs)
    with pytest.raises(error) as caught:
        twilio(tmp_path, sandbox.url).send(MESSAGE)

    assert len(taken(sandbox)) == executed
    assert not isinstance(caught.value, Unreachable) or caught.value.sent


@pytest.mark.parametrize("how", list(Break))
def test_a_line_that_breaks_leaves_the_sms_in_doubt(tmp_path: Path, sandbox: Sandbox, how: Break) -> None:
    """Wherever it breaks; what was answered whole is an answer."""
    with Line(sandbox.url, "POST", how) as line:
        try:
            sent = bool(twilio(tmp_path, line.url, timeout_s=1.0).send(MESSAGE))
        except Unreachable as error:
            sent = error.sent

    assert (sent, len(taken(sandbox))) == (True, 1)


def test_a_look_that_fails_says_nothing_of_the_sms(tmp_path: Path, sandbox: Sandbox) -> None:
    """A log-in that is refused at the look is no failed message."""
    messenger = twilio(tmp_path, sandbox.url)
    number = messenger.send(MESSAGE)
    assert isinstance(messenger, TellsFate)
    for code in (20003, 20404, 20429, 21610):
        turn(sandbox, endpoint="GET *", reject=code, times=1)
        with pytest.raises(NoAnswer) as caught:
            messenger.arrived(number)
        assert not isinstance(caught.value, Refused)


@pytest.mark.parametrize(
    "body",
    [{}, {"sid": "SM1", "status": "queued"}, {"sid": f"SM{32 * 'a'}"}, {"sid": f"SM{32 * 'a'}", "status": 7}, [], "x"],
)
def test_what_is_no_message_of_twilios_is_in_doubt(tmp_path: Path, body: Any) -> None:
    """A captive portal answers 200 and 201, too."""
    script = Script().on(f"POST /twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json", answer(201, body))
    with pytest.raises(Unreachable) as caught:
        twilio(tmp_path, "http://127.0.0.1:1", transport=script).send(MESSAGE)

    assert caught.value.sent


# --- any gateway -----------------------------------------------------------------------------------------------------


def gateway(folder: Path, script: Script, **more: Any) -> Messenger:
    table: dict[str, Any] = {"kind": "http_sms", "url": "http://127.0.0.1:1/send", "secret": secret(folder, "s3cret")}
    table |= {"headers": {"Content-Type": "application/json", "Authorization": "Bearer {secret}"}}
    table |= {"body": '{"to": "{to}", "text": "{text}", "id": "{name}"}', **more}
    table = {key: value for key, value in table.items() if value is not None}
    where: dict[str, Any] = {"path": "config.toml: messages.sms", "training": True, "clock": FixedClock()}
    return build("sms", table, transport=script, **where)


def test_a_json_gateway_gets_the_message_within_its_quotes(tmp_path: Path) -> None:
    """No text can leave its place, and the secret stands where the owner put it."""
    script = Script().on("POST /send", answer())
    gateway(tmp_path, script).send(MESSAGE)

    (asked,) = script.asked
    assert json.loads(asked.content) == {"to": MESSAGE.to, "text": MESSAGE.text, "id": MESSAGE.name}
    assert asked.headers["authorization"] == "Bearer s3cret"


def test_a_form_gateway_and_an_address_get_it_encoded(tmp_path: Path) -> None:
    """Each as its own place needs it; some want the number without its plus."""
    form = Script().on("POST /send", answer())
    gateway(tmp_path, form, headers={}, body="to={to}&text={text}&key={secret}", plus=False).send(MESSAGE)
    address = Script().on("GET /send", answer())
    url = "http://127.0.0.1:1/send?to={to}&text={text}&key={secret}"
    gateway(tmp_path, address, method="GET", url=url, headers={}, body="").send(MESSAGE)

    posted = httpx.QueryParams(form.asked[0].content.decode())
    assert (posted["to"], posted["text"], posted["key"]) == ("8613800138000", MESSAGE.text, "s3cret")
    asked = address.asked[0].url.params
    assert (asked["to"], asked["text"], asked["key"]) == (MESSAGE.to, MESSAGE.text, "s3cret")


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (200, "OK 1", None),
        (200, "ERR 13 invalid number", Refused),
        (200, "something else", Unreachable),
        (400, "", Refused),
        (401, "", Misconfigured),
        (429, "", NotNow),
        (500, "OK", Unreachable),
        (302, "OK", Unreachable),
    ],
)
def test_only_what_the_owner_calls_a_yes_is_one(
    tmp_path: Path, status: int, text: str, error: type[NoAnswer] | None
) -> None:
    """And only what they call a no; what is neither is in doubt."""
    script = Script().on("POST /send", httpx.Response(status, text=text))
    messenger = gateway(tmp_path, script, accepted_text="OK", refused_text="ERR 13")
    if error is None:
        assert messenger.send(MESSAGE) == ""
    else:
        with pytest.raises(error):
            messenger.send(MESSAGE)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"url": "https://sms.example/send"}, "messages.sms.url: a training ledger allows only a sandbox"),
        ({"body": '{"to": "{phone}"}'}, "messages.sms.body: there is no {phone}; known here: to, text, name, secret"),
        ({"body": '{"to": "{to}"}'}, "messages.sms: {text} stands neither in url nor in body"),
        ({"secret": None}, "messages.sms.secret: a secret and the place {secret} go together"),
    ],
)
def test_what_is_wrong_in_the_table_is_named(tmp_path: Path, more: dict[str, Any], told: str) -> None:
    """Before the first customer."""
    with pytest.raises(ConfigError) as caught:
        gateway(tmp_path, Script(), **more)

    assert told in str(caught.value)


# --- the registry ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"pigeon": {}}, "messages.pigeon: there is no such way to send; known here: folder, http_sms, smtp, twilio"),
        ({"email": {"kind": "pigeon"}}, "messages.email.kind: there is no such way"),
        ({"a": {"kind": "smtp"}, "b": {"kind": "folder"}}, "messages.b: [messages.a] sends email already"),
    ],
)
def test_a_table_that_nobody_can_use_is_named(tables: dict[str, dict[str, Any]], told: str) -> None:
    """The owner reads which."""
    with pytest.raises(ConfigError) as caught:
        channels(tables, "config.toml: messages")

    assert told in str(caught.value)


def test_a_live_ledger_refuses_the_sandboxes_account(tmp_path: Path) -> None:
    """A message to a real customer never ends on the training page."""
    table = {"kind": "twilio", "account_sid": ACCOUNT, "secret": secret(tmp_path, "x"), "sender": SENDERS[0]}
    with pytest.raises(ConfigError, match="this one is for training"):
        build("sms", table, path="messages.sms", training=False, clock=FixedClock())


def test_a_live_gateway_is_never_spoken_to_in_the_clear(tmp_path: Path) -> None:
    """Numbers of customers are in it."""
    table = {"kind": "http_sms", "url": "http://sms.example/send", "body": "{to}{text}"}
    with pytest.raises(ConfigError, match=r"messages\.sms\.url: only https is allowed"):
        build("sms", table, path="messages.sms", training=False, clock=FixedClock())


def test_training_e_mails_are_files(tmp_path: Path) -> None:
    """Any mail program opens them; a live ledger has no such folder."""
    table = {"kind": "folder", "path": str(tmp_path / "mails")}
    mail = Message("K07D0", "mei@example.com", "Top-up", "Delivered.")
    build("email", table, path="messages.email", training=True, clock=FixedClock()).send(mail)

    assert b"To: mei@example.com" in (tmp_path / "mails" / "K07D0.eml").read_bytes()
    with pytest.raises(ConfigError, match=r"messages\.email\.path: a live ledger"):
        build("email", table, path="messages.email", training=False, clock=FixedClock())
