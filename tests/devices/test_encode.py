"""Bytes for the printer: read back by the twin, and by a second, smaller decoder that knows nothing of the twin."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.encode import escpos, sayable
from devices.paper import Paper
from devices.profiles import Profile
from kiosk.receipt import Document, Kind, Paragraph, Qr, Row, Rule, Title
from tests.receipts import ORDER, ORDER_ZH, SHOP, SHOP_ZH, printed

CHINESE = Profile(columns=32, chinese=True, native_qr=True, cutter=True)
WESTERN = Profile(columns=42, chinese=False, native_qr=False, cutter=False)


def document(*blocks: Title | Paragraph | Row | Rule | Qr) -> Document:
    return Document(Kind.TEST, "zh", blocks)


def on_paper(job: bytes) -> Paper:
    paper = Paper()
    paper.feed(job)
    return paper


def by_hand(job: bytes) -> str:
    """The text of a job by the shortest way: Chinese between FS & and FS ., code page 437 elsewhere."""
    job = re.sub(rb"\x1d\(k(..)1P0[^\x1d]*", b"", job, flags=re.DOTALL)
    job = re.sub(rb"\x1d\(k..1[^P][^\x1d\n]*", b"", job, flags=re.DOTALL)
    job = re.sub(rb"\x1b@|\x1b[aEdt].|\x1d!.|\x1dV..", b"", job, flags=re.DOTALL)
    text = ""
    for piece in re.split(rb"(\x1c&.*?\x1c\.)", job, flags=re.DOTALL):
        chinese = piece.startswith(b"\x1c&")
        text += piece[2:-2].decode("gb18030") if chinese else piece.decode("cp437")
    return text


def test_a_simple_job_is_exactly_these_bytes() -> None:
    """The commands of the manual, in their order: reset, centre, bold, double, Chinese, row, QR code, cut."""
    job = escpos(
        document(Title("小票"), Row("合计", "$1.00", bold=True), Rule(), Qr("K07")), replace(CHINESE, columns=16)
    )

    assert job == (
        b"\x1b@"
        b"\x1ba\x01\x1bE\x01\x1d!\x11\x1c&" + "小票".encode("gb2312") + b"\x1c.\n\x1d!\x00\x1bE\x00\x1ba\x00"
        b"\x1bE\x01\x1c&" + "合计".encode("gb2312") + b"       $1.00\x1c.\n\x1bE\x00"
        b"----------------\n"
        b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x06\x001P0K07\x1d(k\x03\x001Q0\n\x1ba\x00"
        b"\x1dVB\x00"
    )


def test_a_chinese_receipt_reads_the_same_through_two_decoders() -> None:
    """What the twin prints is what an independent reader of the bytes finds, and both find the sentences."""
    job = escpos(printed(ORDER_ZH, SHOP_ZH), CHINESE)

    paper = on_paper(job)
    again = by_hand(job)

    assert paper.receipts[0].split() == again.split()
    assert "充值会自动完成，请勿重复付款。" in again
    assert paper.qr == ["K077Q3F9XKD2MWB"]
    assert paper.unknown == []


def test_an_english_receipt_fits_a_western_printer() -> None:
    """No hanzi font, no QR code, no knife: every line is there, and the reference stands in letters."""
    paper = on_paper(escpos(printed(ORDER, SHOP), WESTERN))

    assert "Total                               $17.50" in paper.receipts[0].splitlines()
    assert paper.receipts[0].endswith("K077Q3F9XKD2MWB")
    assert "?" not in paper.receipts[0]
    assert paper.qr == []


@pytest.mark.parametrize("columns", [24, 32, 42, 48])
@pytest.mark.parametrize("chinese", [True, False])
def test_no_printed_line_is_wider_than_the_paper(columns: int, chinese: bool) -> None:
    """Counted in the printer's own cells: one byte is one cell, and double size is two."""
    profile = replace(CHINESE, columns=columns, chinese=chinese)
    odd = Row("“Ω… °C—", "±1 – 2 ×")

    paper = on_paper(escpos(document(*printed(ORDER_ZH, SHOP_ZH).blocks, odd, Title("“Ω… °C—" * 4)), profile))

    assert paper.widest <= columns


@pytest.mark.parametrize(
    ("text", "chinese", "western"),
    [
        ("¥39.00", "￥39.00", "¥39.00"),
        ("￥39.00", "￥39.00", "¥39.00"),
        ("€5", "?5", "€5"),
        ("10 GB – 30 days", "10 GB – 30 days", "10 GB - 30 days"),
        ("14:32\u202fPM", "14:32 PM", "14:32 PM"),
        ("（好）", "（好）", "(?)"),
        ("✓ 😀", "? ?", "? ?"),
        ("Ωé", "Ωé", "Ωé"),
        ("e\u0301", "e", "e"),
    ],
)
def test_what_a_printer_cannot_say_is_said_plainer(text: str, chinese: str, western: str) -> None:
    """The yen sign that is four bytes of GB18030, the fullwidth one that no code page has, and the rest."""
    assert sayable(text, CHINESE) == chinese
    assert sayable(text, WESTERN) == western


def test_a_code_page_is_chosen_for_the_sign_that_needs_it() -> None:
    """Greek stands in one code page and the euro in another: both print on one line."""
    paper = on_paper(escpos(document(Paragraph("Ω 5 € Ω")), WESTERN))

    assert paper.receipts == ["Ω 5 € Ω"]


@given(st.text(max_size=40), st.booleans())
def test_no_text_can_command_the_printer(text: str, chinese: bool) -> None:
    """Whatever a plan or a payer is called: no drawer, no reset, no unknown command, and no control byte."""
    profile = replace(CHINESE, chinese=chinese)
    blocks = (Title(text), Paragraph(text, bold=True), Row(text, text), Rule())

    job = escpos(document(*blocks), profile)
    paper = on_paper(job)

    assert paper.unknown == []
    assert paper.drawer_kicks == 0
    assert set(job) & set(range(0x20)) <= set(b"\x1b\x1c\x1d\n\x00\x01\x11\x13")
    assert b"\x10" not in job
    assert len(paper.receipts) == 1


@given(st.text(alphabet=st.characters(max_codepoint=0xFF), max_size=30))
def test_the_text_of_a_qr_code_cannot_command_either(text: str) -> None:
    """The code is data of a counted length, and without control characters."""
    paper = on_paper(escpos(document(Qr(text)), CHINESE))

    assert paper.unknown == []
    assert paper.drawer_kicks == 0
    assert len(paper.qr) == 1


def test_a_drawer_command_in_a_name_arrives_as_letters() -> None:
    """`ESC p` in a plan's name is two letters on paper, and the drawer stays shut."""
    paper = on_paper(escpos(document(Paragraph("Plan \x1bp\x00\x19\xfa!")), CHINESE))

    assert paper.receipts == ["Plan pú!"]
    assert paper.drawer_kicks == 0
