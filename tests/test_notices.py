"""What a message says: where it stands, what comes next, whom to ask; in one SMS; and never a SIM's number."""

from __future__ import annotations

import pytest
from msgspec import structs

from kiosk.contacts import Channel, Contact, channel_of, masked_address, read_contact
from kiosk.money import Money
from kiosk.notices import notice
from kiosk.order import State
from kiosk.plans import Plan
from kiosk.sandbox.sms_lengths import segments
from kiosk.texts import LANGUAGES, texts
from tests.orders import an_order_in

HELP = "+1 305 555 0142"
TOLD = (State.SUBMITTING, State.CAPTURING, State.COMPLETED, State.REFUNDING, State.REFUNDED, State.REVIEW)
CREDIT = Plan("801-10.00", "10.00 USD", 0, 0, Money(1000, "USD"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tender", ["wechat", "cash"])
@pytest.mark.parametrize("state", TOLD)
def test_an_sms_has_all_that_a_customer_needs_and_no_number_of_a_sim(state: State, tender: str, language: str) -> None:
    """The reference, what happened, the help line; one SMS in English and Chinese, never more than three."""
    order = an_order_in(state, tender=tender, language=language)
    subject, text = notice(order, Channel.SMS, texts(language), HELP, training=False)

    assert (subject, "K07-0000-0000-0014" in text, HELP in text) == ("", True, True)
    assert order.sim_number[-6:] not in text
    assert segments(text) <= (1 if language in ("en", "zh") else 3), text


@pytest.mark.parametrize(
    ("state", "english"),
    [
        (State.SUBMITTING, "paid, not delivered yet. It comes by itself; you will get a message. Do not pay again."),
        (State.COMPLETED, "delivered, 10 GB, 30 days. Turn on mobile data for this card."),
        (State.REFUNDING, "not possible; your money goes back. You will get a message."),
        (State.REFUNDED, "refunded in full, $17.50. Your bank may take some days to show it."),
        (State.REVIEW, "a clerk is looking into it. You will get a message. Do not pay again."),
    ],
)
def test_each_standing_has_its_words(state: State, english: str) -> None:
    """What happened, and what comes next."""
    _, text = notice(an_order_in(state), Channel.SMS, texts("en"), HELP, training=False)

    assert text == f"Top-up K07-0000-0000-0014: {english} Help: {HELP}"


def test_cash_has_its_own_way_back() -> None:
    """It waits at the counter; when it was handed back, no bank shows it."""
    waits = notice(an_order_in(State.REFUNDING, tender="cash"), Channel.SMS, texts("en"), "", training=False)[1]
    is_back = notice(an_order_in(State.REFUNDED, tender="cash"), Channel.SMS, texts("en"), "", training=False)[1]

    assert "Get your cash back at the counter" in waits
    assert is_back == "Top-up K07-0000-0000-0014: refunded in full, $17.50."


def test_credit_is_not_called_data() -> None:
    """There is no mobile data to turn on by itself."""
    order = structs.replace(an_order_in(State.COMPLETED), plan=CREDIT)

    assert "mobile data" not in notice(order, Channel.SMS, texts("en"), HELP, training=False)[1]


@pytest.mark.parametrize(("language", "mark"), [("en", "TRAINING: "), ("zh", "【演示】")])
def test_training_says_so_first(language: str, mark: str) -> None:
    """Nobody takes a rehearsal for a top-up."""
    for channel in Channel:
        subject, text = notice(an_order_in(State.COMPLETED), channel, texts(language), HELP, training=True)
        assert text.startswith(mark)
        assert channel is Channel.SMS or subject.startswith(mark)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("中" * 70, 1),
        ("中" * 71, 2),
        ("a" * 159 + "ç", 3),
    ],
)
def test_the_sandbox_counts_sms_as_they_are_billed(text: str, parts: int) -> None:
    """3GPP TS 23.038 and 23.040."""
    assert segments(text) == parts


@pytest.mark.parametrize(
    ("typed", "language", "address"),
    [
        ("mei.wang@example.com", "en", "mei.wang@example.com"),
        ("mei@EXAMPLE.com", "en", "mei@example.com"),
        ("mei@", "en", ""),
        ("mei@example", "en", ""),
        ("mei wang@example.com", "en", ""),
        ("mei@例子.测试", "zh", "mei@xn--fsqu00a.xn--0zwm56d"),
        ("305 555 0142", "en", "+13055550142"),
        ("+86 138 0013 8000", "en", "+8613800138000"),
        ("0086 13800138000", "en", "+8613800138000"),
        ("13800138000", "zh", "+8613800138000"),
        ("13800138000", "en", ""),
        ("+44 7400 123456", "en", "+447400123456"),
        ("+44 20 7946 0958", "en", ""),
        ("+1 800 555 0199", "en", ""),
        ("138", "zh", ""),
        ("", "en", ""),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, language: str, address: str) -> None:
    """A mobile number of any country, or an e-mail address; anything else is none yet."""
    assert read_contact(typed, language).address == address


def test_digits_are_a_number_and_letters_an_address() -> None:
    """So the customer need not choose which."""
    assert [channel_of(typed) for typed in ("", "+", "305", "m", "3m", "3@")] == [
        None,
        Channel.SMS,
        Channel.SMS,
        Channel.EMAIL,
        Channel.EMAIL,
        Channel.EMAIL,
    ]


def test_an_address_is_shown_masked() -> None:
    """Also where somebody prints it by mistake."""
    assert masked_address("mei.wang@example.com") == "m***@example.com"
    assert masked_address("+8613800138000") == "+86 *** 8000"
    assert "13800" not in repr(Contact(Channel.SMS, "+8613800138000", "zh"))
