"""Receipts: what the paper says in every state, to the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from kiosk.facts import Card
from kiosk.identifiers import SimNumber
from kiosk.order import Order, State
from kiosk.plain import plain, row_lines
from kiosk.plans import Plan
from kiosk.receipt import Kind, Paragraph, Qr, Row, Title
from kiosk.texts import width
from tests.receipts import AT, ORDER, ORDER_ZH, SHOP, SHOP_ZH, printed

ENGLISH = """\
                 SIM & Go
         JFK Airport, Terminal 4
             Queens, NY 11430
------------------------------------------
              Top-up receipt
Reference               K07-7Q3F-9XKD-2MWB
Card number        8901 **** **** ***7 122
Kiosk                                  K07
Date                 1 Aug 2026, 14:32 EDT
------------------------------------------
10 GB for 30 days                   $18.00
Welcome discount                    -$2.00
Sales tax                            $1.50
Total                               $17.50
Paid with                             Cash
Tendered                            $20.00
Change given                         $2.50
------------------------------------------
Delivered on 1 Aug 2026, 14:32 EDT. The
plan is on your card.
Turn on mobile data for this card. If
there is no connection, restart the phone.
Help line                  +1 555 010 2030
------------------------------------------
A plan that was not delivered is refunded
in full.
Printed              1 Aug 2026, 14:33 EDT
Ledger           1234:0123456789abcdef0123
           [ K077Q3F9XKD2MWB ]
"""

CHINESE = """\
  TRAINING – NO VALUE 演示无效
          出境通上网卡
    JFK Airport, Terminal 4
        Queens, NY 11430
--------------------------------
         已付款，待充值
订单号        K07-7Q3F-9XKD-2MWB
卡号     8901 **** **** ***7 122
自助机编号                   K07
日期      2026年8月1日 14:32 EDT
--------------------------------
10GB 30天               US$16.00
销售税                   US$1.50
合计                    US$17.50
付款方式                微信支付
支付单号
    4200001234202608011234567890
--------------------------------
已付款，等待运营商确认充值。
充值会自动完成，请勿重复付款。
请保留此小票。
如到2026年8月2日 14:32 EDT仍未办
妥，请凭此小票到柜台咨询或拨打服
务热线。
服务热线         +1 555 010 2030
--------------------------------
未到账的充值全额退款。
打印时间  2026年8月1日 14:33 EDT
账本编号
       1234:0123456789abcdef0123
      [ K077Q3F9XKD2MWB ]
  TRAINING – NO VALUE 演示无效
"""


def sentences(order: Order) -> list[str]:
    return [block.text for block in printed(order, SHOP).blocks if isinstance(block, Paragraph) and not block.centred]


def rows(order: Order) -> dict[str, str]:
    return {block.key: block.value for block in printed(order, SHOP).blocks if isinstance(block, Row)}


def test_an_english_cash_receipt_reads_to_the_letter() -> None:
    """The golden paper of a delivered cash sale, 42 columns."""
    assert plain(printed(ORDER, SHOP), 42) == ENGLISH


def test_a_chinese_waiting_receipt_reads_to_the_letter() -> None:
    """The golden paper of a paid top-up that is not confirmed yet, in training, 32 columns."""
    assert plain(printed(ORDER_ZH, SHOP_ZH), 32) == CHINESE


@pytest.mark.parametrize(
    ("language", "network", "told"),
    [
        ("en", "T-Mobile USA", {"Phone number": "+1 *** *** 0142", "Mobile network": "T-Mobile USA"}),
        ("en", "", {"Phone number": "+1 *** *** 0142"}),
        ("zh", "T-Mobile USA", {"手机号": "+1 *** *** 0142", "运营商": "T-Mobile USA"}),
    ],
)
def test_a_phone_number_is_called_so_and_only_its_end_is_printed(
    language: str, network: str, told: dict[str, str]
) -> None:
    """With its network, where the provider told one."""
    order = structs.replace(ORDER, sim_number=SimNumber("+13055550142"), network=network, language=language)

    named = rows(order)

    assert told.items() <= named.items()
    assert not {"Card number", "卡号"} & named.keys()
    assert ("Mobile network" in named or "运营商" in named) is bool(network)
    assert "305" not in plain(printed(order, SHOP), 42)


def test_credit_on_a_number_needs_no_mobile_data() -> None:
    """Delivered is all there is to say."""
    credit = Plan("548-10.00", "10.00 USD", 0, 0, ORDER.plan.wholesale)

    assert sentences(structs.replace(ORDER, sim_number=SimNumber("+13055550142"), plan=credit))[:2] == [
        "Delivered on 1 Aug 2026, 14:32 EDT to your phone number.",
        SHOP.refund_policy,
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("columns", [24, 32, 42, 48])
def test_no_line_is_wider_than_the_paper(columns: int, state: State, language: str) -> None:
    """Every state, in every language, on every width of paper."""
    order = structs.replace(ORDER_ZH, state=state, language=language)

    lines = plain(printed(order, SHOP_ZH), columns).splitlines()

    assert max(map(width, lines)) <= columns


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (State.AUTHORIZING, Kind.WAITING),
        (State.CANCELLING, Kind.CLAIM),
        (State.SUBMITTING, Kind.WAITING),
        (State.CAPTURING, Kind.SALE),
        (State.REFUNDING, Kind.CLAIM),
        (State.REVIEW, Kind.REVIEW),
        (State.COMPLETED, Kind.SALE),
        (State.REFUNDED, Kind.CASH_BACK),
        (State.ABANDONED, Kind.REFUND),
    ],
)
def test_the_state_decides_what_the_paper_is_for(state: State, kind: Kind) -> None:
    """Nobody holds a sales receipt for what was not delivered."""
    assert printed(structs.replace(ORDER, state=state), SHOP).kind is kind


def test_a_review_tells_until_when_and_what_then() -> None:
    """A customer whose order a clerk looks into leaves with a deadline."""
    order = structs.replace(ORDER, state=State.REVIEW, deadline_at=AT + timedelta(hours=4))

    assert sentences(order)[:3] == [
        "A clerk is looking into this order.",
        "Keep this receipt.",
        "If it is not settled by 1 Aug 2026, 18:32 EDT, show this receipt at the counter or call the help line.",
    ]


def test_cash_comes_back_over_the_counter_and_a_wallet_by_itself() -> None:
    """A refund says where the money is to be had."""
    cash = structs.replace(ORDER, state=State.REFUNDING)
    wallet = structs.replace(cash, tender="alipay")

    assert sentences(cash)[:2] == [
        "To be refunded in full: $17.50.",
        "Show this receipt at the counter to get your money back.",
    ]
    assert sentences(wallet)[1].startswith("The money goes back the way you paid.")


def test_a_refund_that_is_done_shows_when_and_how_much() -> None:
    """The receipt of a refund stands by itself; cash that was handed back has no way left to go."""
    cash = structs.replace(ORDER, state=State.REFUNDED, delivered_at=None, refunded_at=AT + timedelta(minutes=3))
    wallet = structs.replace(cash, tender="alipay")
    from_a_till = structs.replace(wallet, shift="2026-08-01/1")

    assert rows(cash)["Refunded"] == rows(wallet)["Refunded"] == "-$17.50"
    assert sentences(cash)[:1] == sentences(from_a_till)[:1] == ["Handed back on 1 Aug 2026, 14:35 EDT: $17.50."]
    assert sentences(wallet)[0] == "Refunded in full on 1 Aug 2026, 14:35 EDT: $17.50."
    kinds = [printed(order, SHOP).kind for order in (cash, wallet, from_a_till)]
    assert kinds == [Kind.CASH_BACK, Kind.REFUND, Kind.CASH_BACK]


def test_an_order_that_nobody_paid_shows_no_payment() -> None:
    """ "Paid with" never stands on the paper of an unpaid order."""
    order = structs.replace(ORDER, state=State.AUTHORIZING, paid=None, paid_at=None, tendered=None, change=None)

    assert "Paid with" not in rows(order)
    assert sentences(order)[0] == "Not paid yet. This is not a receipt."


CARD = Card("unionpay", "0005", "contactless_emv", "UnionPay Credit", "A000000333010102", "123456")
CARD_LINES = """\
Paid with                        Bank card
UnionPay                         **** 0005
Card entry                     contactless
Application                UnionPay Credit
AID                       A000000333010102
Authorization                       123456
Payment number                        pi_1
"""


def test_a_bank_card_is_on_the_receipt_as_the_rail_tells_it() -> None:
    """Brand, last four, entry, application, AID, authorization; and the same in Chinese."""
    paid = structs.replace(ORDER, tender="card", tendered=None, change=None, card=CARD, payment_number="pi_1")
    english, chinese = (plain(printed(structs.replace(paid, language=language), SHOP), 42) for language in ("en", "zh"))

    assert CARD_LINES in english
    assert ("银联" in chinese, "非接触" in chinese, "授权码" in chinese) == (True, True, True)


def test_what_the_rail_does_not_tell_of_a_card_has_no_line() -> None:
    """A swiped card has no application."""
    card = Card("visa", "4242", "magnetic_stripe_track2", authorization="123456")
    paper = plain(printed(structs.replace(ORDER, tender="card", card=card), SHOP), 42)

    assert "magnetic stripe" in paper
    assert "AID" not in paper


def test_training_is_loud_at_both_ends() -> None:
    """Nobody takes a training receipt for money."""
    blocks = printed(ORDER, replace(SHOP, training=True)).blocks

    assert blocks[0] == blocks[-1] == Title("TRAINING – NO VALUE")


def test_the_paper_anchors_the_ledger_and_can_be_scanned() -> None:
    """The chain's head and the reference are in the customer's hands; the whole card number is not."""
    document = printed(ORDER, SHOP)

    assert Row("Ledger", "1234:0123456789abcdef0123") in document.blocks
    assert Qr("K077Q3F9XKD2MWB") in document.blocks
    assert ORDER.sim_number not in plain(document, 48).replace(" ", "")


def test_nothing_that_a_shop_or_a_rail_wrote_carries_a_control_character() -> None:
    """Escape sequences in a shop's name, a line or a payment number end at the receipt."""
    nasty = "x\x1bp\x00\x19\x19\u202ey"
    shop = replace(SHOP, name=nasty, address=(nasty,), help_line=nasty, refund_policy=nasty)
    lines = (replace(ORDER.lines[0], name=nasty, amount=ORDER.total),)

    text = plain(printed(structs.replace(ORDER, lines=lines, payment_number=nasty, tender=nasty), shop), 42)

    assert not {char for char in text if ord(char) < 32 and char != "\n"}
    assert "\u202e" not in text


def test_a_value_that_does_not_fit_beside_its_key_gets_its_own_line() -> None:
    """An amount is never torn in two."""
    assert row_lines(Row("Ten gigabytes for thirty days", "$1,839.50"), 24) == [
        "Ten gigabytes for thirty",
        "days           $1,839.50",
    ]
    assert row_lines(Row("Payment number", "4200001234"), 20) == ["Payment number", "          4200001234"]


@given(st.text(alphabet="ab 中，", max_size=50), st.text(alphabet="19中", min_size=1, max_size=12))
def test_a_value_stands_whole_at_the_right_edge(key: str, value: str) -> None:
    """Whatever the key: the value ends the last line, in one piece."""
    lines = row_lines(Row(key, value), 24)

    assert lines[-1].endswith(value)
    assert width(lines[-1]) == 24
    assert max(map(width, lines)) <= 24
