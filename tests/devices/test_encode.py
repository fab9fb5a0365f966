"""Bytes for the printer: read back by the twin, and by a second, smaller decoder that knows nothing of the twin."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from devices.alphabet import said
from devices.encode import can_say, escpos
from devices.paper import Line, Paper
from devices.profiles import MODELS, Profile
from kiosk.bilingual import bilingual
from kiosk.order import Order
from kiosk.receipt import Block, Document, Kind, Paragraph, Qr, Row, Rule, Title
from tests.receipts import ORDER, ORDER_ZH, SHOP, SHOP_ZH, printed

NO_FONT = "/dev/null"  # a machine without fonts
CHINESE = Profile(columns=32, chinese=True, native_qr=True, cutter=True, dots=384, font=NO_FONT)
WESTERN = Profile(columns=42, chinese=False, native_qr=True, cutter=False, dots=512, font=NO_FONT)


def document(*blocks: Block) -> Document:
    return Document(Kind.TEST, "zh", blocks)


def on_paper(job: bytes) -> Paper:
    paper = Paper()
    paper.feed(job)
    return paper


def by_hand(job: bytes) -> str:
    """The text of a job by the shortest way: Chinese between FS & and FS ., code page 437 elsewhere."""
    job = re.sub(rb"\x1d\(k(..)1P0[^\x1d]*", b"", job, flags=re.DOTALL)
    job = re.sub(rb"\x1d\(k..1[^P][^\x1d\n]*", b"", job, flags=re.DOTALL)
    job = re.sub(rb"\x1b@|\x1b[aEdtJM].|\x1d!.|\x1d[VLW]..", b"", job, flags=re.DOTALL)
    text = ""
    for piece in re.split(rb"(\x1c&.*?\x1c\.)", job.replace(b"\x1c.", b"", 1), flags=re.DOTALL):
        chinese = piece.startswith(b"\x1c&")
        text += piece[2:-2].decode("gb18030") if chinese else piece.decode("cp437")
    return text


def test_a_simple_job_is_exactly_these_bytes() -> None:
    """The commands of the manual, in their order: reset, centre, bold, double, Chinese, row, QR code, cut."""
    blocks = (Title("小票"), Row("合计", "$1.00", bold=True, small="Sum"), Rule(), Qr("K07"))
    job = escpos(document(*blocks), replace(CHINESE, columns=16, dots=200))

    assert job == (
        b"\x1b@\x1c.\x1dL\x04\x00\x1dW\xc0\x00"
        b"\x1ba\x01\x1bE\x01\x1d!\x11\x1c&" + "小票".encode("gb2312") + b"\x1c.\n\x1d!\x00\x1bE\x00\x1ba\x00"
        b"\x1bE\x01\x1c&" + "合计".encode("gb2312") + b"\x1c. \x1bM\x01Sum \x1bM\x00   $1.00\n\x1bE\x00"
        b"----------------\n"
        b"\x1ba\x01\x1bJ\x18"
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x06\x001P0K07\x1d(k\x03\x001Q0\n"
        b"\x1bJ\x18\x1ba\x00"
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
    """No hanzi font and no knife: every line is there."""
    paper = on_paper(escpos(printed(ORDER, SHOP), WESTERN))

    assert "Total                               $17.50" in paper.receipts[0].splitlines()
    assert "?" not in paper.receipts[0]
    assert paper.qr == ["K077Q3F9XKD2MWB"]


def test_a_receipt_for_two_readers_is_short() -> None:
    """The clerk's words stand in small beside the customer's; all of it is below two seconds at 9,600 baud."""
    both = bilingual(printed(ORDER_ZH, SHOP_ZH), in_language(ORDER_ZH, "en"))

    for model in ("generic-58mm", "generic-80mm", "xp-58"):
        job = escpos(both, MODELS[model])
        small = [piece.text for line in lines_of(on_paper(job)) for piece in line.pieces if piece.style.small]
        assert len(job) < 1920
        assert {"Total", "Paid, top-up to follow"} <= {text.strip() for text in small}


def in_language(order: Order, language: str) -> Document:
    return printed(structs.replace(order, language=language), SHOP_ZH)


def lines_of(paper: Paper) -> list[Line]:
    return [line for line in paper.sheets[0] if isinstance(line, Line)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("columns", [24, 32, 42, 48])
def test_no_printed_line_is_wider_than_the_paper(columns: int, model: str) -> None:
    """Counted in the printer's dots: a hanzi is two letters wide, a small letter three quarters of one."""
    profile = replace(MODELS[model], columns=columns, font=NO_FONT)
    odd = Row("“Ω… °C—", "±1 – 2 ×", small="… “中” ñ")
    blocks = bilingual(printed(ORDER_ZH, SHOP_ZH), in_language(ORDER_ZH, "en")).blocks

    paper = on_paper(escpos(document(*blocks, odd, Title("“Ω… °C—" * 4)), profile))

    assert paper.widest <= columns
    assert paper.unknown == []


@pytest.mark.parametrize(
    ("text", "chinese", "western"),
    [
        ("¥39.00", "¥39.00", "¥39.00"),
        ("￥39.00", "￥39.00", "¥39.00"),
        ("€5", "€5", "€5"),
        ("10 GB – 30 days", "10 GB – 30 days", "10 GB - 30 days"),
        ("14:32\u202fPM", "14:32\xa0PM", "14:32\xa0PM"),
        ("（好）", "（好）", "(?)"),
        ("✓ 😀", "? ?", "? ?"),
        ("Ωé", "Ωé", "Ωé"),
        ("e\u0301 ã", "é ã", "é ã"),
        ("ş", "s", "s"),
        ("カード", "カード", "???"),
        ("q\u0301", "q", "q"),
    ],
)
def test_what_a_printer_cannot_say_is_said_plainer(text: str, chinese: str, western: str) -> None:
    """Signs that no font has, accents that no code page has, and the rest."""
    assert said(text, CHINESE) == chinese
    assert said(text, WESTERN) == western


@pytest.mark.parametrize(
    "text",
    [
        "¿Cuánto? Año, niño, pingüino: 5 €",
        "Reçu n° 7 – déjà payé, où êtes-vous",
        "Não há ligação; põe à mão: AÇÃO",
        "Größe Ä Ö Ü ß, Ærø å",
        "Ω 5 € Ω",
    ],
)
@pytest.mark.parametrize("model", ["generic-58mm", "generic-80mm", "zj-5870", "rp326", "ct-s651", "tm-t88v"])
def test_the_letters_of_europe_are_taken_from_the_code_page_that_has_them(text: str, model: str) -> None:
    """Spanish, French, Portuguese, German: on printers with a Chinese font, too; several pages in a line."""
    profile = replace(MODELS[model], font=NO_FONT)
    paper = on_paper(escpos(document(Paragraph(text)), profile))

    assert " ".join(paper.receipts[0].split()).replace("–", "-") == text.replace("–", "-")
    assert paper.unknown == []


def test_a_number_is_never_broken() -> None:
    """A space that holds a number together is no place to break a line, and prints as a space."""
    said_in_french = document(Paragraph("Le montant rendu est de 1\u202f839,50\xa0€."))
    paper = on_paper(escpos(said_in_french, replace(WESTERN, columns=28)))

    assert paper.receipts[0].splitlines() == ["Le montant rendu est de", "1 839,50 €."]


@pytest.mark.parametrize("profile", [CHINESE, WESTERN])
def test_it_is_known_beforehand_whether_a_receipt_can_be_read(profile: Profile) -> None:
    """Without a font to draw with, hanzi are beyond a western printer; signs that are said plainer are not."""
    assert can_say(in_language(ORDER_ZH, "zh"), profile) is profile.chinese
    assert can_say(document(Row("Sum", "$1", small="微信支付")), profile) is profile.chinese
    assert can_say(printed(ORDER, SHOP), profile)
    assert can_say(document(Paragraph("✓ – 5 € ñ")), profile)


@given(st.text(max_size=40), st.booleans(), st.booleans())
def test_no_text_can_command_the_printer(text: str, chinese: bool, small: bool) -> None:
    """Whatever a plan or a payer is called: no drawer, no reset, no unknown command, and no control byte."""
    profile = replace(CHINESE, chinese=chinese)
    blocks = (Title(text), Paragraph(text, bold=True, small=small), Row(text, text, small=text), Rule())

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
