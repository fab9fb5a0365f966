"""What a scan is: judged in one place, before anything of it is shown. What is money leaves no trace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from kiosk.bank_cards import is_bank_card
from kiosk.identifiers import SimRule, grouped_reference, new_reference
from kiosk.scanned import Scan, ScanKind, is_money, read_scan

SIM = "8900000461442300635"
STRIPE = "%B4111111111111111^TRAVELLER/T^29121010000000000?"
RULES = (SimRule("89", (19, 20), True, "airalo"), SimRule("+1", (), False, "reloadly"))
CARDS = (
    "4111111111111111",  # the schemes' own published test numbers
    "4222222222222",
    "5555 5555 5555 4444",
    "2223003122003222",
    "378282246310005",
    "3782-822463-10005",
    "6011111111111117",
    "30569309025904",
    "3530111333300000",
    "6200000000000005",
    "6205500000000000004",
)


@pytest.mark.parametrize(
    "scanned",
    [
        SIM,
        f"]C1{SIM}",
        f"]C0{SIM}",
        f"\x02{SIM}\x03",
        " 8900 0004 6144 2300 635\r\n",
        f"ICCID: {SIM}",
        f"]Q1https://sim.example/activate?iccid={SIM}&pin=1",
        f"ICCID={SIM};PIN=0000;PUK=12345678",
        f"]d20108901234567890\x1d21{SIM}\x1d10LOT7",
        f"\x1d21{SIM}",
        f"]C121{SIM}",
    ],
)
def test_a_card_number_is_found_however_it_is_written(scanned: str) -> None:
    """Code 128 and 2D codes, the scanner's own signs before them, labels, addresses, GS1's fields."""
    assert read_scan(scanned) == Scan(ScanKind.SIM, SIM)


def test_eighteen_to_twenty_two_digits_and_letters_are_card_numbers_too() -> None:
    """As long as the owner's rules say; a filler F is no digit."""
    rules = (SimRule("898600", (18, 20, 22), False, "acme"),)

    for number in ("898600123456789012", "89860012345678901234", "8986001234567890123456", "8986001234567890ABCD"):
        assert read_scan(number, rules) == Scan(ScanKind.SIM, number)
    assert read_scan(f"{SIM}F") == Scan(ScanKind.SIM, SIM)


def test_a_phone_number_is_one_where_the_shop_takes_them() -> None:
    """A 2D code may hold tel:."""
    assert read_scan("tel:+1-305-555-0142", RULES).kind is ScanKind.SIM
    assert read_scan("tel:+1-305-555-0142").kind is ScanKind.UNKNOWN


def test_two_card_numbers_in_one_code_are_none() -> None:
    """Nobody tops up the wrong one of a pair."""
    assert read_scan(f"ICCID1:{SIM},ICCID2:8901260862291477122").kind is ScanKind.UNKNOWN


def test_a_number_with_a_doubt_is_still_shown_to_its_owner() -> None:
    """Too short, or a check digit that does not fit: the screen asks."""
    assert read_scan(SIM[:-2]) == Scan(ScanKind.SIM, SIM[:-2])
    assert read_scan(SIM[:-1] + "4") == Scan(ScanKind.SIM, SIM[:-1] + "4")


def test_our_receipt_is_known_by_its_reference() -> None:
    """As its QR code holds it, and as people copy it."""
    name = new_reference("K07", lambda alphabet: alphabet[7])

    assert read_scan(f"]Q1{name}") == Scan(ScanKind.RECEIPT, name)
    assert read_scan(grouped_reference(name)) == Scan(ScanKind.RECEIPT, name)
    assert read_scan(name[:-1] + ("0" if name[-1] != "0" else "1")).kind is ScanKind.UNKNOWN


@pytest.mark.parametrize(
    "scanned", ["LPA:1$rsp.example.com$AB-12-CD", "]Q1lpa:1$rsp.example.com$", "1$rsp.example.com$X"]
)
def test_the_code_of_an_esim_is_known_and_not_kept(scanned: str) -> None:
    """Whoever reads it may install the eSIM: nothing of it goes on."""
    assert read_scan(scanned) == Scan(ScanKind.ESIM)


@pytest.mark.parametrize(
    "code", ["134567890123456789", "281234567890123456", "2512345678901234", "]C1300000000000000000"]
)
def test_a_payment_code_is_hidden_before_any_wallet_is_loaded(code: str) -> None:
    """It is known by the way it looks; whoever prints the scan gets stars."""
    scan = read_scan(code)

    assert (scan.kind, scan.text) == (ScanKind.PAYMENT_CODE, "")
    assert scan.code
    assert scan.code.reveal() == code.removeprefix("]C1")
    assert code[3:] not in repr(scan)


@pytest.mark.parametrize("number", CARDS)
def test_a_bank_cards_number_leaves_nothing(number: str) -> None:
    """No text, no code: it is gone when it is read."""
    assert read_scan(number) == Scan(ScanKind.BANK_CARD)
    assert is_money(number)


@pytest.mark.parametrize(
    "stripe",
    [
        STRIPE,
        ";4111111111111111=29121010000000000?",
        f"{STRIPE};4111111111111111=29121010000000000?",
        STRIPE[1:],  # the first sign was lost
        "%B41111111",  # the swipe was torn
        "+4111111111111111=2912?",
    ],
)
def test_a_bank_cards_stripe_leaves_nothing(stripe: str) -> None:
    """Both tracks, and what is left of one."""
    assert read_scan(stripe) == Scan(ScanKind.BANK_CARD)


@given(st.from_regex(r"89[0-9]{15,19}", fullmatch=True))
def test_no_card_number_is_ever_taken_for_a_bank_card(body: str) -> None:
    """Whatever its check digit, and however long."""
    number = body + str(luhn.calc_check_digit(body))

    assert not is_bank_card(number)
    assert read_scan(number).kind is ScanKind.SIM


def test_digits_of_another_kind_are_no_bank_card() -> None:
    """A wrong check digit, a range that nobody issues, the number of goods."""
    for text in ("4111111111111112", "9999999999999995", "4006381333931", "0000000000000000", "305 555 0142"):
        assert not is_bank_card(text), text


@given(st.text() | st.text("0123456789%;^=?]LPA:$\x1d\x02 89", min_size=10))
def test_whatever_is_scanned_is_judged_and_only_ours_is_told(text: str) -> None:
    """It never raises, and nothing but a SIM's number or our own reference leaves it readable."""
    scan = read_scan(text, RULES)

    assert scan.kind in (ScanKind.SIM, ScanKind.RECEIPT) or not scan.text
    assert not scan.text or scan.text.isprintable()
