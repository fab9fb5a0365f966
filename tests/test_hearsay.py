"""What remotes say is bounded, commands nothing, and holds no secret before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import NotNow, Refused, Unreachable
from kiosk.hearsay import NUMBER_MAX, SAID_MAX, kept, kept_answer, written
from kiosk.money import Money
from kiosk.order import State
from kiosk.ports import Absent, Delivered, NotDelivered, Paid, Processing, Refunded, Started, Unpaid
from kiosk.simulation.shop import Shop

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
HOSTILE = "\x1b]0;gone\x07\x1b[2J\nno\u202e \x00" + "x " * 5000


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("said", "as_kept"),
    [
        (f"we got Authorization: Bearer {TOKEN} from you", "we got Authorization: Bearer *** from you"),
        ('{"client_secret": "s3cr3t-0ne"}', '{"client_secret": "***"}'),
        ("api_key=AKIA99887766&x=1", "api_key=***&x=1"),
        (f"bad signature {'a1B2' * 20}==", "bad signature ***"),
        ("auth_code 134567890123456789 is used up", "auth_code 1345****6789 is used up"),
        ("card 4111 is not 4111111111111111", "card 4111 is not 4111****1111"),
        ("+13055550142 was recharged a minute ago", "+****0142 was recharged a minute ago"),
        ("no operator for 13055550142.", "no operator for +****0142."),
        ("write to li.wei@example.com", "write to ***"),
    ],
)
def test_a_secret_that_a_remote_repeats_is_not_kept(said: str, as_kept: str) -> None:
    """Tokens, keys, signatures, payment codes, card numbers, phone numbers, addresses."""
    assert kept(said) == as_kept


@pytest.mark.parametrize(
    "said",
    [
        "Airalo refuses our access token, a fresh one too: check client_id and client_secret.",
        "No access token: Airalo cannot be reached: no connection opened, nothing was sent (ConnectError).",
        "WeChat Pay refuses this merchant (SIGN_ERROR): check mchid, appid, serial_no and private_key.",
        "the top-up T077Q3F9XKD2MWBT1 is not listed; Airalo's order is 20261122-000001",
        "DT One's transaction is 2204530117, Reloadly's 1100220033, at 1798243200",
        "付款已关闭，没有扣款",
    ],
)
def test_what_a_clerk_has_to_read_stays(said: str) -> None:
    """Our own sentences, references, numbers and Chinese pass as they are."""
    assert kept(said) == said


@given(st.text(max_size=4000))
def test_whatever_is_said_is_one_short_printable_line(said: str) -> None:
    """No control character, no line break, no novel; and what is kept may be kept again."""
    line = kept(said)

    assert len(line) <= SAID_MAX
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 or sign in "\u202e\u2028" for sign in line)


def test_every_answer_is_bounded_in_all_its_texts() -> None:
    """Remarks and numbers alike; what it means stays."""
    money = Money(1800, "USD")
    answers: list[Any] = [Delivered(HOSTILE, money), Processing(HOSTILE, HOSTILE), Absent(HOSTILE)]
    answers += [NotDelivered(HOSTILE), Paid(money, HOSTILE), Unpaid(HOSTILE), Refunded(HOSTILE)]

    for answer in answers:
        found = kept_answer(answer)
        texts = [getattr(found, name) for name in found.__slots__ if isinstance(getattr(found, name), str)]
        assert type(found) is type(answer)
        assert texts
        assert all(len(text) <= SAID_MAX and text.isprintable() for text in texts)
    assert len(kept_answer(Delivered("9" * 4000)).number) == NUMBER_MAX
    assert kept_answer(Paid(money, "4" * 28)).number == "4" * 28


@pytest.mark.parametrize("code", ["weixin://" + "x" * 2000, "weixin://\x1b[2J", "weixin://a\nb"])
def test_a_code_that_cannot_be_shown_is_in_doubt_and_never_altered(code: str) -> None:
    """A shortened code would be another one."""
    with pytest.raises(Unreachable) as caught:
        kept_answer(Started(code))

    assert caught.value.sent


@pytest.mark.parametrize(
    "fault",
    [
        Refused(HOSTILE + TOKEN),
        NotNow(TOKEN + HOSTILE),
        Unreachable(f"token={TOKEN} {HOSTILE}", sent=True),
        ValueError(HOSTILE + TOKEN),
    ],
    ids=["refused", "not now", "unreachable", "defect"],
)
def test_nothing_of_it_reaches_the_ledger(shop: Shop, fault: Exception) -> None:
    """Whatever an adapter lets through: events, orders, attempts and findings stay small and clean."""
    name = shop.sell("cash")
    shop.provider.weather = lambda asked: fault
    shop.wait(hours=5)

    assert shop.state(name) in (State.REFUNDING, State.REVIEW)
    for table, columns in {"events": "body", "orders": "reason", "attempts": "answer", "findings": "reason"}.items():
        for row in shop.ledger.database.rows(f"SELECT {columns} AS said FROM {table}"):  # noqa: S608
            assert len(row["said"]) < 2000
            assert "\x1b" not in row["said"]
            assert "\\u001b" not in row["said"]
            assert TOKEN[:20] not in row["said"]


def test_a_bound_of_attempts_is_a_clerks_with_its_reason(shop: Shop) -> None:
    """What is sent again and again without an answer for good does not go on for ever."""
    shop.provider.repeat_is_lookup = True
    name = shop.sell("cash")
    shop.provider.weather = lambda asked: Unreachable("it broke off", sent=True)
    shop.wait(hours=24)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert order.reason
    assert order.deadline_at is not None
    assert order.deadline_at <= shop.clock.now() + timedelta(hours=4)
    assert len(order.attempts) <= 51


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("call 305 555 0142 tomorrow", "call ****0142 tomorrow"),
        ("(305) 555-0142", "****0142"),
        ("305.555.0142, after six", "****0142, after six"),
        ("+1 305 555 0142", "+****0142"),
        ("DT One says 2238283710, on 2026-11-29, K07-7Q3F-9XKD-2MWB", None),
        ("4200 0012 3456 7 is theirs", None),
    ],
)
def test_a_clerks_words_keep_no_us_number(typed: str, stands: str | None) -> None:
    """With its country or without, as people write it; a remote's number, a date, a reference stay: evidence."""
    assert written(typed).replace("+1****", "+****") == (stands or typed)
